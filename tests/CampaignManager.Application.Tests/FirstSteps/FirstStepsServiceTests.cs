using CampaignManager.Application.Audiences;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Tests.FirstSteps;

public sealed class FirstStepsServiceTests : IDisposable
{
    private readonly ANewShop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task ReadAsync_NoOrders_StandsBeforeTheFirstStep()
    {
        var report = await shop.ReadAsync();

        Assert.Equal((FirstStep.Nothing, null, 0), (report.Step, report.Orders, report.Segments.Count));
    }

    [Fact]
    public async Task ReadAsync_AYearOfOrders_SaysWhoBuysAndWhatAnOfferHasToBring()
    {
        await shop.BringAsync(ANewShop.Orders(600));
        await shop.SetMarginAsync(40);
        var report = await shop.ReadAsync(new OfferQuestion(200, 30, null));

        Assert.Equal((FirstStep.Orders, "CNY", 600L), (report.Step, report.Orders!.Currency, report.Rfm!.Customers));
        // Money of an order that earns the offer: 200 or 300, of which 40 % are earned and 30 given away.
        Assert.Equal(MarginSource.Settings, report.Offer!.MarginFrom);
        Assert.Equal(30, report.Offer.Discount);
        Assert.InRange(report.Offer.Margin!.Value, 80, 120);
        var all = report.Segments[0];
        Assert.Equal(all.BreakEven!.Value, 30 * all.Baseline!.Value / (report.Offer.Margin.Value - 30), 12);
        Assert.Equal(3000 * all.Baseline.Value, all.ToSureBuyers!.Value, 9);
        Assert.Equal(600, all.Customers);
        Assert.Equal(all.Customers, report.Segments.Skip(1).Sum(s => s.Customers));
        Assert.Equal(LifecycleRules.All.Select(l => l.Key()), report.Segments.Skip(1).Select(s => s.Segment!));
        // The advice is the power table's.
        Assert.Equal(Power.DetectableDifference(all.Ordering!.Value, 300, 300)!.Value, report.Experiment!.Splits[0].Detectable!.Value, 12);
    }

    [Fact]
    public async Task ReadAsync_AppEndsMeanwhile_IsReadToTheEnd()
    {
        await shop.BringAsync(ANewShop.Orders(50));

        var reading = shop.Steps.ReadAsync(FirstStepsService.Usual, TestContext.Current.CancellationToken);
        ((object)shop.Steps as IDisposable)?.Dispose();

        Assert.True((await reading).Succeeded);
    }

    [Fact]
    public async Task ReadAsync_AskedByManyAtOnce_OneWhoLeavesDisturbsNobody()
    {
        await shop.BringAsync(ANewShop.Orders(50));
        using var leaves = new CancellationTokenSource();

        var left = shop.Steps.ReadAsync(FirstStepsService.Usual, leaves.Token);
        var stays = shop.Steps.ReadAsync(FirstStepsService.Usual, TestContext.Current.CancellationToken);
        await leaves.CancelAsync();

        Assert.NotNull((await stays).Value.Orders);
        await Task.WhenAny(left);
    }

    [Fact]
    public async Task ReadAsync_RegularsAndOthers_TheResponseModelTellsThemApartOnAWindowItHasNotSeen()
    {
        await shop.BringAsync(ANewShop.Orders(600));
        var response = (await shop.ReadAsync()).Response!;

        Assert.True(response.RocAuc > 0.7, $"{response.RocAuc}");
        Assert.True(response.LogLoss < response.ConstantLogLoss);
        Assert.Equal(response.TestCustomers, response.Calibration.Groups.Sum(g => g.Customers));
        Assert.True(response.Calibration.ExpectedError < 0.1, $"{response.Calibration.ExpectedError}");
        Assert.All(response.Segments, s => Assert.InRange(s.Expected, 0, 1));
    }

    [Fact]
    public async Task ReadAsync_WhatCameAfterTheNewestWindowBegan_IsNotInItsCheck()
    {
        var orders = ANewShop.Orders(600).ToList();
        await shop.BringAsync(orders, describe: false);
        var before = (await shop.ReadAsync()).Response!;
        // Who orders in the newest window orders ten times there: nothing of it may be known beforehand.
        var last = orders.Max(o => o.At);
        await shop.BringAsync(
            orders.Where(o => o.At > last.AddDays(-30)).SelectMany(o => Enumerable.Range(0, 10).Select(n => o with { Id = $"{o.Id}+{n}", At = o.At.AddSeconds(-n) })), describe: false);
        var after = (await shop.ReadAsync()).Response!;

        Assert.Equal((before.TestCustomers, before.TestShare, before.RocAuc), (after.TestCustomers, after.TestShare, after.RocAuc));
    }

    [Fact]
    public async Task ReadAsync_NoMarginKnown_AsksInsteadOfMakingOneUp()
    {
        await shop.BringAsync(ANewShop.Orders(200));
        var asked = await shop.ReadAsync(new OfferQuestion(200, 30, null));

        Assert.Equal((MarginSource.Unknown, null, null), (asked.Offer!.MarginFrom, asked.Offer.Margin, asked.Experiment));
        Assert.All(asked.Segments, s => Assert.Null(s.BreakEven));
        Assert.Contains("type one margin", FirstStepsWords.OrdersOnly(asked).En, StringComparison.Ordinal);

        var typed = await shop.ReadAsync(new OfferQuestion(200, 30, null, MarginPercent: 50));
        Assert.Equal(MarginSource.Typed, typed.Offer!.MarginFrom);
        Assert.NotNull(typed.Segments[0].BreakEven);
        Assert.NotNull(typed.Experiment);
    }

    [Fact]
    public async Task ReadAsync_CostsOfWhatIsSold_GiveTheMargin()
    {
        await shop.BringAsync([.. ANewShop.Orders(200), new ProductRow("S1", 0) { PriceMinor = 10_000, UnitCostMinor = 6_500, Currency = "CNY" }]);
        var report = await shop.ReadAsync();

        Assert.Equal((MarginSource.Costs, 0.35), (report.Offer!.MarginFrom, Math.Round(report.Offer.MarginShare!.Value, 12)));
    }

    [Theory]
    [InlineData("JPY", 3_000, 3_000)]
    [InlineData("KWD", 30_000, 30)]
    public async Task ReadAsync_OrdersInAnotherCurrencyThanTheShops_CountsInTheirs(string currency, long minor, double major)
    {
        await shop.BringAsync(ANewShop.Orders(200, currency, minor));
        var report = await shop.ReadAsync(new OfferQuestion(null, null, 10, MarginPercent: 50));

        Assert.Equal(currency, report.Orders!.Currency);
        Assert.InRange(report.Offer!.Margin!.Value, major / 2, major);
    }

    [Fact]
    public async Task ReadAsync_AHandfulOfOrders_SaysWhatCannotBeToldYet()
    {
        await shop.BringAsync(ANewShop.Orders(8));
        var report = await shop.ReadAsync(new OfferQuestion(null, null, 10, MarginPercent: 50));

        Assert.Null(report.Response);
        Assert.True(report.Experiment is null or { Verdict: not FirstExperimentVerdict.Sees });
    }

    [Fact]
    public async Task ReadAsync_AThresholdNobodyReached_SaysSo()
    {
        await shop.BringAsync(ANewShop.Orders(200));
        var report = await shop.ReadAsync(new OfferQuestion(100_000, 30, null, MarginPercent: 50));

        Assert.Equal(0, report.Offer!.Earning);
        Assert.Contains("would have earned 100000−30", FirstStepsWords.OrdersOnly(report).En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_OnlyGuests_HasNobodyToTell()
    {
        await shop.BringAsync(ANewShop.Orders(50).Select(o => o with { CustomerId = null }));
        var report = await shop.ReadAsync();

        Assert.Equal((0L, report.Orders!.Orders, null), (report.Orders.Customers, report.Orders.GuestOrders, report.Rfm));
        Assert.Null(report.Response);
    }

    [Fact]
    public async Task ReadAsync_AModelInUse_StandsOnTheLastStep()
    {
        await shop.BringAsync(ANewShop.Orders(50));
        shop.Model = new RankingModel(Guid.NewGuid(), 1);

        Assert.Equal(FirstStep.Model, (await shop.ReadAsync()).Step);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("days")]
    [InlineData("segment")]
    public async Task ReadAsync_ABadQuestion_IsRefusedWithItsField(string field)
    {
        var question = field switch { "off" => new OfferQuestion(30, 30, null), "days" => new OfferQuestion(null, null, 10, Days: 0), _ => new OfferQuestion(null, null, 10, Segment: "vip") };

        Assert.Equal([field], (await shop.Steps.ReadAsync(question, TestContext.Current.CancellationToken)).Failure!.Errors!.Keys);
    }
}
