using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Settings;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>A small shop in yuan for the tests that compare with it.</summary>
public sealed class YuanShop : IAsyncLifetime
{
    internal PlannedShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await OpenAsync("s", null);

    public async ValueTask DisposeAsync() => await Shop.DisposeAsync();

    internal static Task<PlannedShop> OpenAsync(string? learner, Tender? tender) =>
        PlannedShop.OpenAsync(2_000, seed: 11, learner: learner, tender: tender);
}

/// <summary>The same shop in yuan, in dinars of three digits and in yen without any.</summary>
public class AmountsTests(YuanShop fixture) : IClassFixture<YuanShop>
{

    private static readonly string[] Amounts =
        ["x_monetary", "x_basket_mean", "x_basket_sd", "x_usual_basket", "o_threshold", "o_off", "y_revenue", "y_margin", "y_discount"];

    private static readonly CampaignRules Planned = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Features_DinarsWorthAYuan_AreThoseOfYuan()
    {
        var yuan = fixture.Shop;
        await using var dinars = await YuanShop.OpenAsync(null, Tender.Dinar);
        AssertSame(Table(yuan, Features(yuan)), Table(dinars, Features(dinars)), 1);
        AssertSame(Table(yuan, yuan.TableFile), Table(dinars, dinars.TableFile), 1);
        Assert.Equal(new AmountUnit(1000), dinars.Get<DataLake>().UnitOf(CustomerFeatures.CurrentFile));
    }

    [Fact]
    public async Task Plan_YenAtAHundredAYuan_HasTheSegmentsOfYuanAndAmountsAHundredfold()
    {
        var yuan = fixture.Shop;
        await using var yen = await YuanShop.OpenAsync("s", Tender.Yen);
        AssertSame(Table(yuan, Features(yuan)), Table(yen, Features(yen)), 100);
        AssertSame(Table(yuan, yuan.TableFile), Table(yen, yen.TableFile), 100);
        AssertSame(Table(yuan, Segments(yuan)), Table(yen, Segments(yen)), 1);

        var (here, there) = ((await yuan.PredictAsync(Planned)).Total, (await yen.PredictAsync(Tender.Yen.Of(Planned))).Total);
        Assert.Equal(here.Size, there.Size);
        AssertNear(here.Uplift, there.Uplift);
        AssertNear(here.IncrementalMargin, there.IncrementalMargin / 100);
        AssertNear(here.DiscountCost, there.DiscountCost / 100);
        AssertNear(here.NetProfit, there.NetProfit / 100);
        AssertNear(here.NetProfitHigh - here.NetProfitLow, (there.NetProfitHigh - there.NetProfitLow) / 100);
    }

    [Fact]
    public async Task Model_OfAnotherUnit_IsNotAskedUntilTrainedAgainAndThenTheNewOneIsInUse()
    {
        await using var shop = await PlannedShop.OpenAsync(1_000, seed: 3, learner: "s");
        var first = (await shop.Get<ModelService>().ChampionAsync(ModelVersion.ShopScope, Cancel))!.Id;
        await ForgetUnitAsync(shop, first);
        await CurrencyAsync(shop, "EUR");
        Assert.True((await shop.Get<PlannerSource>().GetAsync(Cancel)).Succeeded);
        Assert.True((await shop.Get<ScoreService>().ScoreAsync(ACustomer(first), Cancel)).Succeeded);

        await CurrencyAsync(shop, "JPY");
        Assert.Equal("model-other-amounts", (await shop.Get<PlannerSource>().GetAsync(Cancel)).Failure?.Code);
        var refused = (await shop.Get<ScoreService>().ScoreAsync(ACustomer(first), Cancel)).Failure!;
        Assert.Equal((FailureKind.Conflict, "model-other-amounts"), (refused.Kind, refused.Code));
        Assert.Equal("model-other-amounts", (await shop.Get<CustomerScoringService>().StartAsync(first, PlannedShop.Admin, Cancel)).Failure?.Code);
        Assert.Equal("model-other-amounts", (await shop.Get<ModelService>().PromoteAsync(first, PlannedShop.Admin, Cancel)).Failure?.Code);
        var due = await shop.Get<JobService>().StartAsync(ScoreCustomersJob.Kind, new ScoreCustomers(), PlannedShop.Admin, Cancel);
        var scheduled = await shop.RunAsync(due);
        Assert.Equal(JobState.Failed, scheduled.State);
        Assert.Equal("model-other-amounts", JobSentence.Read(scheduled.ErrorSentence, "")?.Code);

        var second = await shop.TrainAsync("s");
        Assert.Equal(second, (await shop.Get<ModelService>().ChampionAsync(ModelVersion.ShopScope, Cancel))!.Id);
        Assert.Equal(new AmountUnit(1), shop.Get<DataLake>().UnitOf(CustomerFeatures.CurrentFile));
        Assert.True((await shop.Get<PlannerSource>().GetAsync(Cancel)).Succeeded);
        var scoring = await shop.Get<CustomerScoringService>().StartAsync(second, PlannedShop.Admin, Cancel);
        Assert.Equal(JobState.Succeeded, (await shop.RunAsync(scoring.Value)).State);

        // A third beside one that can be used waits to be put into use, as ever.
        await shop.TrainAsync("s");
        Assert.Equal(second, (await shop.Get<ModelService>().ChampionAsync(ModelVersion.ShopScope, Cancel))!.Id);
    }

    [Fact]
    public async Task Plan_FeaturesOfAnotherUnit_AreMadeAgainFirst()
    {
        var shop = fixture.Shop;
        var lake = shop.Get<DataLake>();
        using (var connection = lake.Open())
        {
            var rows = $"FROM {lake.SourceOf(CustomerFeatures.CurrentFile)}";
            lake.WriteFile(connection, rows, CustomerFeatures.CurrentFile, new AmountUnit(1), Cancel);
        }

        Assert.Equal("features-other-amounts", (await shop.Get<PlannerSource>().GetAsync(Cancel)).Failure?.Code);
        await shop.Get<FeatureService>().EnsureAsync(shop.World.Calendar.Midnight(shop.World.Calendar.Days), null, null, Cancel);
        Assert.True((await shop.Get<PlannerSource>().GetAsync(Cancel)).Succeeded);
    }

    private static string Features(PlannedShop shop) => shop.Get<DataLake>().PathTo(CustomerFeatures.CurrentFile);

    private static string Segments(PlannedShop shop) => shop.Get<DataLake>().PathTo(SegmentService.CurrentFile);

    private static ScoreRequest ACustomer(Guid model) => new(model, [new CustomerToScore("1", [])]);

    /// <summary>As a version of before had it.</summary>
    private static async Task ForgetUnitAsync(PlannedShop shop, Guid model)
    {
        var store = shop.Get<ModelStore>();
        var manifest = await store.ManifestAsync(model, Cancel);
        Assert.Equal(100, manifest.MinorPerUnit);
        var older = FigureJson.Write(manifest with { MinorPerUnit = null });
        await File.WriteAllTextAsync(store.PathTo(model, ModelManifest.FileName), older, Cancel);
    }

    private static async Task CurrencyAsync(PlannedShop shop, string code)
    {
        var settings = shop.Get<SettingsService>();
        var now = await settings.GetAsync(Cancel);
        var change = new SettingsChange(code, now.TimeZone, now.StoreMarginPercent, 10, now.ConflictResolution);
        var saved = await settings.SaveAsync(change, null, PlannedShop.Admin, Cancel);
        Assert.True(saved.Succeeded, saved.Failure?.Message);
    }

    private static List<Dictionary<string, object?>> Table(PlannedShop shop, string file)
    {
        using var connection = shop.Get<DataLake>().Open();
        return connection.Query(
            $"SELECT * FROM read_parquet('{file}')",
            r => Enumerable.Range(0, r.FieldCount).ToDictionary(r.GetName, i => r.IsDBNull(i) ? null : r.GetValue(i)));
    }

    private static void AssertSame(List<Dictionary<string, object?>> expected, List<Dictionary<string, object?>> actual, double rate)
    {
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (here, there) in expected.Zip(actual))
        {
            Assert.Equal(here.Keys, there.Keys);
            foreach (var (column, value) in here)
            {
                var times = Amounts.Contains(column) ? rate : 1;
                if (value is double number && there[column] is double other)
                    Assert.True(Math.Abs((number * times) - other) <= 1e-9 * Math.Max(1e-3, Math.Abs(other)), Said(column, number, other));
                else
                    Assert.Equal(value, there[column]);
            }
        }
    }

    private static void AssertNear(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 0.01 * Math.Abs(expected), Said("figure", expected, actual));

    private static string Said(string what, double expected, double actual) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}: {expected} against {actual}");
}
