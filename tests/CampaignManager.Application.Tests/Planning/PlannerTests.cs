using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>One trained standard shop for the tests that only read it or work on campaigns of their own.</summary>
public sealed class StandardShop : IAsyncLifetime
{
    public const string Shared = "standard shop";

    internal PlannedShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await PlannedShop.OpenAsync(6_000, seed: 20260701, learner: "s");

    public async ValueTask DisposeAsync() => await Shop.DisposeAsync();
}

[CollectionDefinition(StandardShop.Shared)]
public sealed class StandardShopCollection : ICollectionFixture<StandardShop>;

[Collection(StandardShop.Shared)]
public class PlannerTests(StandardShop standard, ITestOutputHelper output)
{
    private static readonly CampaignRules StoreWide = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };

    [Fact]
    public async Task Predict_StoreWideOffer_RanksSegmentsAsTheTruthDoesAndIntervalsHold()
    {
        // An oracle must be able to tell the segments apart: where customers answer three times as strongly, 8,000 are as good as 60,000 elsewhere.
        await using var shop = await PlannedShop.OpenAsync(8_000, seed: 20260701, ResponseShape.Strong, "s");
        var checks = await shop.CheckAsync(StoreWide);
        foreach (var c in checks)
            output.WriteLine($"{c.Segment,-24} predicted {c.Predicted:P2} [{c.Low:P2} .. {c.High:P2}] truth {c.Truth:P2} half {c.Half:P2} oracle {c.OracleHalf:P2}");
        var correlation = SegmentCheck.RankCorrelation(checks);
        var covered = checks.Count(c => c.Covers);
        var width = checks.Average(c => c.Half) / checks.Average(c => c.OracleHalf);
        output.WriteLine($"rank correlation {correlation:F3}, covered {covered} of {checks.Count}, width {width:F2} of the oracle's");

        Assert.Equal(17, checks.Count);
        Assert.True(correlation >= 0.8, $"rank correlation {correlation:F3}");
        // One shop's segments err together, so the band of 80 to 97 % is for many shops; here only a broken interval fails.
        Assert.True(covered >= 12, $"{covered} of {checks.Count} covered");
        Assert.True(width <= 3, $"width {width:F2}");
    }

    [Fact]
    public async Task Predict_AnyCampaign_SegmentsOfAKindAddUpToTheTotal()
    {
        var prediction = await standard.Shop.PredictAsync(StoreWide);
        var lifecycle = prediction.Segments.Where(s => s.Kind == "lifecycle").ToList();
        Assert.Equal(prediction.Total.Size, lifecycle.Sum(s => s.Size));
        Assert.Equal(prediction.Total.IncrementalMargin, lifecycle.Sum(s => s.IncrementalMargin), 3);
        Assert.Equal(prediction.Total.NetProfit, prediction.Total.IncrementalMargin - prediction.Total.DiscountCost, 6);
        Assert.All(prediction.Segments, s => Assert.InRange(s.ToSureBuyersUpTo, 0, s.DiscountCost));
        Assert.False(prediction.Extrapolated);
        Assert.Equal(10, prediction.Campaigns);
    }

    [Fact]
    public async Task Predict_NarrowScope_CostsAtLeastTheDiscountsOfThoseItBrings()
    {
        // Newcomers do not care for shoes: that brings hardly an order, and kitchen goods do.
        var kitchen = new Scope { Include = new ScopeSelector { Categories = ["kitchen"] } };
        var total = (await standard.Shop.PredictAsync(PlannedShop.NewCustomersShoes with { Scope = kitchen })).Total;
        output.WriteLine($"{total.IncrementalOrders:F1} orders, cost {total.DiscountCost:F0}, up to {total.ToSureBuyersUpTo:F0} to sure buyers");
        Assert.True(total.IncrementalOrders > 0);
        Assert.True(total.DiscountCost >= (30 * total.IncrementalOrders) - 1e-6);
        Assert.InRange(total.ToSureBuyersUpTo, 1, total.DiscountCost);
    }

    [Fact]
    public async Task Predict_NewCustomersOnShoes_IsInsideWhatWasTried()
    {
        var prediction = await standard.Shop.PredictAsync(PlannedShop.NewCustomersShoes);

        Assert.False(prediction.Extrapolated);
        Assert.Empty(prediction.Outside);
        Assert.Equal(0, prediction.Distance);
    }

    [Fact]
    public async Task Predict_OfferFarOutsideTheRange_SaysSoAndWidens()
    {
        var near = await standard.Shop.PredictAsync(StoreWide);
        var far = await standard.Shop.PredictAsync(StoreWide with { Offer = new FullReduction { Tiers = [new SpendTier(200, 120)] } });
        Assert.True(far.Extrapolated);
        Assert.True(far.Total.UpliftHigh - far.Total.UpliftLow > near.Total.UpliftHigh - near.Total.UpliftLow);
    }

    [Fact]
    public async Task Train_Shop_KeepsNuisancesOfEveryRow()
    {
        var champion = (await standard.Shop.Get<PlannerSource>().GetAsync(CancellationToken.None)).Value.Model.ModelId;
        var path = await standard.Shop.Get<ModelStore>().VerifiedPathAsync(champion, ModelManifest.NuisancesFile, CancellationToken.None);
        using var connection = standard.Shop.Get<DataLake>().Open();
        var row = connection.Query(
            $"""
            SELECT count(*), count(t.row), min(n.mu0_converted), max(n.mu1_converted), avg(n.mu1_converted) - avg(n.mu0_converted), avg(n.propensity)
            FROM read_parquet('{path}') n LEFT JOIN read_parquet('{standard.Shop.TableFile}') t ON t.row = n.row AND t.campaign_id = n.campaign_id AND t.customer_id = n.customer_id
            """,
            r => (Rows: r.GetInt64(0), Joined: r.GetInt64(1), Low: r.GetDouble(2), High: r.GetDouble(3), Effect: r.GetDouble(4), Propensity: r.GetDouble(5))).Single();
        Assert.Equal(connection.Scalar<long>($"SELECT count(*) FROM read_parquet('{standard.Shop.TableFile}')"), row.Rows);
        Assert.Equal(row.Rows, row.Joined);
        Assert.True(row.Low >= 0 && row.High <= 1);
        // Ten past campaigns moved about two in a hundred.
        Assert.InRange(row.Effect, 0.005, 0.04);
        Assert.Equal(0.8, row.Propensity, 1e-9);
    }

    [Fact]
    public async Task Predict_FileTorn_SaysSoAndGivesNoNumber()
    {
        await using var shop = await PlannedShop.OpenAsync(1_000, seed: 3, learner: "s");
        var planner = (await shop.Get<PlannerSource>().GetAsync(CancellationToken.None)).Value;
        Assert.True(Planner.Knows(planner.Model));
        Assert.False(Planner.Knows(planner.Model with { Effects = planner.Model.Effects with { Coefficients = [new double[9]] } }));

        var path = await shop.Get<ModelStore>().VerifiedPathAsync(planner.Model.ModelId, PlannerFile.Name, CancellationToken.None);
        await File.WriteAllTextAsync(path, "{", CancellationToken.None);
        // As after a restart: nothing is held in memory.
        using var fresh = ActivatorUtilities.CreateInstance<PlannerSource>(shop.Services);
        var failure = (await fresh.GetAsync(CancellationToken.None)).Failure;
        Assert.Equal("model-damaged", failure?.Code);
        Assert.Contains(PlannerFile.Name, failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggest_NewCustomersOnShoes_WidensToWhatTheyRespondToAndTheTruthAgrees()
    {
        var (id, list) = await standard.Shop.DraftAsync();
        var widen = list.Open.FirstOrDefault(s => s.Move is { Kind: MoveKind.WidenScope, Segment: "new" });
        Assert.True(widen is not null, $"No widening among: {string.Join("; ", list.Open.Select(s => $"{s.Move.Kind} {s.Delta:F0}"))}");
        output.WriteLine($"widen to {string.Join(", ", widen.Move.Categories)}: {widen.Delta:F0} [{widen.Low:F0} .. {widen.High:F0}]");
        // The written truth: newcomers answer best in kitchen and home.
        Assert.True(widen.Move.Categories.Contains("kitchen") || widen.Move.Categories.Contains("home"));
        Assert.True(widen.Low > 0 && widen.ProbabilityPositive >= 0.9);
        Assert.True(standard.Shop.TrueNet(widen.Move.After) > standard.Shop.TrueNet(PlannedShop.NewCustomersShoes), "the widening earns more in truth");

        var suggestions = standard.Shop.Get<SuggestionService>();
        var campaigns = standard.Shop.Get<CampaignService>();
        var applied = await suggestions.ApplyAsync(id, widen.Id, PlannedShop.Marketer, CancellationToken.None);
        Assert.True(applied.Succeeded, applied.Failure?.Message);
        Assert.Equal(RulesJson.Write(widen.Move.After), RulesJson.Write((await campaigns.GetAsync(id, CancellationToken.None))!.Rules));
        var again = await suggestions.ApplyAsync(id, widen.Id, PlannedShop.Marketer, CancellationToken.None);
        Assert.Equal("suggestion-decided", again.Failure?.Code);

        var undone = await suggestions.UndoAsync(id, widen.Id, PlannedShop.Marketer, CancellationToken.None);
        Assert.True(undone.Succeeded, undone.Failure?.Message);
        var back = (await campaigns.GetAsync(id, CancellationToken.None))!;
        Assert.Equal(["shoes"], back.Rules.Scope.Include!.Categories);
        Assert.Equal(3, back.Version);
    }

    [Fact]
    public async Task Suggest_AppliedTwiceAtOnce_OneVersionIsMade()
    {
        var (id, list) = await standard.Shop.DraftAsync();
        var suggestions = standard.Shop.Get<SuggestionService>();
        var first = list.Open[0].Id;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => suggestions.ApplyAsync(id, first, PlannedShop.Marketer, CancellationToken.None)));
        Assert.Single(outcomes, o => o.Succeeded);
        Assert.Equal(2, (await standard.Shop.Get<CampaignService>().GetAsync(id, CancellationToken.None))!.Version);
    }

    [Fact]
    public async Task Dismiss_WithReason_StaysDismissedWhenSearchedAgain()
    {
        var (id, list) = await standard.Shop.DraftAsync();
        var suggestions = standard.Shop.Get<SuggestionService>();
        Assert.False((await suggestions.DismissAsync(id, list.Open[0].Id, " ", PlannedShop.Marketer, CancellationToken.None)).Succeeded);
        var other = Actor.Of("o", "Otto", Roles.Marketer);
        Assert.Equal(FailureKind.Forbidden, (await suggestions.DismissAsync(id, list.Open[0].Id, "Not mine", other, CancellationToken.None)).Failure?.Kind);
        Assert.True((await suggestions.DismissAsync(id, list.Open[0].Id, "Not this season", PlannedShop.Marketer, CancellationToken.None)).Succeeded);
        var again = (await suggestions.SearchAsync(id, null, CancellationToken.None)).Value;
        Assert.Equal(list.Open.Count - 1, again.Open.Count);
        Assert.Single(again.Decided, d => d is { State: SuggestionState.Dismissed, DismissReason: "Not this season" });
    }

    [Fact]
    public async Task List_NothingLeftToSuggest_IsRememberedUntilTheCampaignChanges()
    {
        var (id, list) = await standard.Shop.DraftAsync();
        var suggestions = standard.Shop.Get<SuggestionService>();
        foreach (var open in list.Open)
            Assert.True((await suggestions.DismissAsync(id, open.Id, "Not now", PlannedShop.Marketer, CancellationToken.None)).Succeeded);
        var searched = new CountedSearch();
        var first = (await suggestions.ListAsync(id, searched, CancellationToken.None)).Value;
        Assert.Equal((0, true), (first.Open.Count, searched.HasRun));

        var looked = new CountedSearch();
        var second = (await suggestions.ListAsync(id, looked, CancellationToken.None)).Value;
        Assert.False(looked.HasRun, "a reader searched again");
        Assert.Equal((first.Candidates, first.Decided.Count), (second.Candidates, second.Decided.Count));

        var wide = PlannedShop.NewCustomersShoes with { Offer = new FullReduction { Tiers = [new SpendTier(150, 40)] } };
        var revised = await standard.Shop.Get<CampaignService>().ReviseAsync(id, 1, wide, "revised", "", "", PlannedShop.Marketer, CancellationToken.None);
        Assert.True(revised.Succeeded, revised.Failure?.Message);
        var anew = new CountedSearch();
        await suggestions.ListAsync(id, anew, CancellationToken.None);
        Assert.True(anew.HasRun, "the new version was not searched");
    }

    [Fact]
    public async Task Suggest_ShopWhereWideningLosesMoney_DoesNotWiden()
    {
        await using var shop = await PlannedShop.OpenAsync(6_000, seed: 4, ResponseShape.WideningLoses, "s");
        var wide = PlannedShop.NewCustomersShoes with { Scope = new Scope() };
        Assert.True(shop.TrueNet(wide) < shop.TrueNet(PlannedShop.NewCustomersShoes), "the shop is one in which widening loses");
        var (_, list) = await shop.DraftAsync();
        Assert.DoesNotContain(list.Open, s => s.Move.Kind == MoveKind.WidenScope);
    }

    private sealed class CountedSearch : IProgress<double>
    {
        public bool HasRun { get; private set; }

        public void Report(double value) => HasRun = true;
    }
}
