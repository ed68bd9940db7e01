using CampaignManager.Application.Audiences;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.FirstSteps;

public sealed class ExperimentAdvisorTests : IDisposable
{
    private static readonly CampaignRules Draft = new()
    {
        Currency = "CNY",
        Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
        Experiment = new ExperimentPlan { HoldoutPercent = 10, AttributionDays = 14 },
    };

    private readonly ANewShop shop = new();
    private readonly AudienceReach reach;
    private readonly OfferSampler offers;
    private readonly ExperimentAdvisor advisor;

    public ExperimentAdvisorTests()
    {
        var settings = new SettingsService(shop.Shop.Database);
        reach = new AudienceReach(shop.Shop.Lake);
        offers = new OfferSampler(shop.Shop.Lake, settings, new FakeTimeProvider(ANewShop.End));
        advisor = new ExperimentAdvisor(shop.Shop.Lake, reach, offers, settings, shop.Shop.Database);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        offers.Dispose();
        reach.Dispose();
        shop.Dispose();
    }

    [Fact]
    public async Task AdviseAsync_NothingImported_SaysNothing() => Assert.Null(await advisor.AdviseAsync(Draft, null, Stop));

    [Fact]
    public async Task AdviseAsync_NoMargin_IsTheFirstExperimentsReckoningOfOrders()
    {
        await shop.BringAsync(ANewShop.Orders(600));
        var advice = (await advisor.AdviseAsync(Draft, null, Stop))!;

        Assert.Equal((AdviceMetric.Conversion, null, null), (advice.Metric, advice.Target, advice.Margin));
        Assert.Equal([7, 14, 28], advice.Columns);
        Assert.Equal([0.05, 0.1, 0.2, 0.5], advice.Rows.Select(r => r.Share));
        var history = (await reach.HistoryAsync(new Audience(), 28 + 14, Stop))!;
        Assert.Equal(FirstExperiment.Advise(600, history.Rate!.Value, 0.01).Splits[0].Detectable!.Value, advice.Rows[^1].Detectable[^1]!.Value, 12);
        Assert.Equal(advice.Rows[1].Detectable[^1], advice.OwnDetectable);
    }

    [Fact]
    public async Task AdviseAsync_AMargin_BreaksEvenWhereWhatIsEarnedIsWhatIsGivenAway()
    {
        await shop.BringAsync(ANewShop.Orders(600));
        await shop.SetMarginAsync(40);
        var advice = (await advisor.AdviseAsync(Draft, null, Stop))!;

        Assert.Equal(AdviceMetric.NetProfit, advice.Metric);
        Assert.Equal(30, advice.Discount);
        // Orders of 200 and 300 earn it, of which 40 % are margin.
        Assert.InRange(advice.Margin!.Value, 80, 120);
        var sample = (await offers.ReadAsync(Draft, Stop))!;
        Assert.InRange(sample.Earning, 1, sample.Orders - 1);
        Assert.Equal(30 * advice.Buying * sample.Earning / sample.Orders, advice.Target!.Value, 9);
        // Every row sees more with more held out, and money has the spread of money.
        Assert.All(advice.Rows.Zip(advice.Rows.Skip(1)), pair => Assert.True(pair.First.Detectable[^1] > pair.Second.Detectable[^1]));
        var history = (await reach.HistoryAsync(new Audience(), 28 + 14, Stop))!;
        double mean = history.Spent.Sum / history.Customers, variance = history.Spent.Squares / history.Customers - mean * mean;
        Assert.Equal(Power.DetectableMean(0.4 * Math.Sqrt(variance) / 100, 300, 300)!.Value, advice.Rows[^1].Detectable[^1]!.Value, 9);
        Assert.Equal(0.4 * mean / 100, advice.Baseline, 9);
    }

    [Fact]
    public async Task AdviseAsync_TheOfferTakesAllThatIsEarned_CannotPay()
    {
        await shop.BringAsync(ANewShop.Orders(300));
        await shop.SetMarginAsync(10);
        var advice = (await advisor.AdviseAsync(Draft, null, Stop))!;

        Assert.Equal((FirstExperimentVerdict.CannotPay, null, null), (advice.Verdict, advice.Target, advice.SuggestedShare));
        Assert.True(advice.Margin < advice.Discount);
    }

    [Fact]
    public async Task AdviseAsync_ALiveCampaign_SaysTheDaysLeft()
    {
        await shop.BringAsync(ANewShop.Orders(900));
        var half = Draft with { Experiment = new ExperimentPlan { HoldoutPercent = 50, AttributionDays = 14 } };
        var none = Draft with { Experiment = new ExperimentPlan { HoldoutPercent = 0, AttributionDays = 14 } };

        Assert.NotNull((await advisor.AdviseAsync(half, 0, Stop))!.DaysLeft);
        Assert.Null((await advisor.AdviseAsync(half, null, Stop))!.DaysLeft);
        Assert.Null((await advisor.AdviseAsync(none, 0, Stop))!.DaysLeft);
    }

    [Fact]
    public async Task AdviseAsync_AnEndPlanned_HasItsOwnColumn()
    {
        await shop.BringAsync(ANewShop.Orders(300));
        var week = new Schedule { Start = new LocalMoment(new DateOnly(2026, 6, 10)), End = new LocalMoment(new DateOnly(2026, 6, 19)) };
        var advice = (await advisor.AdviseAsync(Draft with { Schedule = week }, null, Stop))!;

        Assert.Equal([7, 10, 14, 28], advice.Columns);
        Assert.Equal((10, true), (advice.Days, advice.HasEnd));
    }
}
