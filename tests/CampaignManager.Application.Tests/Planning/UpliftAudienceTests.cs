using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>Predictions for audiences by uplift, of a shop that has really been scored.</summary>
[Collection(StandardShop.Shared)]
public sealed class UpliftAudienceTests(StandardShop standard, ITestOutputHelper output)
{
    private static readonly CampaignRules StoreWide = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_AudiencesByUplift_AreExactlyTheirMembersAndAddUp()
    {
        var shop = standard.Shop;
        // Kept before: the ranks alone must make it anew.
        Assert.Equal(0, (await shop.PredictAsync(Only("uplift:top30"))).Total.Size);
        var model = (await shop.Get<ModelService>().ChampionAsync(ModelVersion.ShopScope, Cancel))!.Id;
        var started = await shop.Get<CustomerScoringService>().StartAsync(model, Actor.Of("a", "Ada", Roles.Admin), Cancel);
        await shop.Get<JobRunner>().ExecuteAsync(started.Value, Cancel);
        Assert.Null((await shop.Get<JobService>().FindAsync(started.Value, Cancel))!.Error);

        var sizes = (await shop.Get<SegmentList>().ListAsync(Cancel)).ToDictionary(s => s.Key, s => s.Size);
        var everyone = (await shop.PredictAsync(StoreWide)).Total;
        Assert.Equal(everyone.Size * 3 / 10, sizes["uplift:top30"]);
        foreach (var key in UpliftSegments.Keys)
        {
            var (inside, outside) = ((await shop.PredictAsync(Only(key))).Total, (await shop.PredictAsync(Without(key))).Total);
            output.WriteLine($"{key}: {inside.Size}, uplift {inside.Uplift:P2}, without {outside.Uplift:P2}");
            Assert.Equal((sizes[key], everyone.Size - sizes[key]), (inside.Size, outside.Size));
            Assert.Equal(everyone.IncrementalMargin, inside.IncrementalMargin + outside.IncrementalMargin, 3);
        }

        var mixed = StoreWide with { Audience = new Audience { AnyOf = ["uplift:top50"], NoneOf = ["uplift:top10", "loyal"] } };
        Assert.Equal((await shop.Get<AudienceReach>().CustomersAsync(Cancel)).Size(mixed.Audience), (await shop.PredictAsync(mixed)).Total.Size);
        var planner = (await shop.Get<PlannerSource>().GetAsync(Cancel)).Value;
        Derived(planner, StoreWide, mixed);
        Derived(planner, Only("uplift:top30"), Only("uplift:top50"));
        // Whoever the change leaves alone is not touched by it.
        var before = PlannedCampaign.Project(planner, Only("uplift:top30"));
        Assert.Equal(sizes["uplift:top50"] - sizes["uplift:top30"], planner.Compare(before, PlannedCampaign.Project(planner, Only("uplift:top50"), before)).Customers, 6);

        // The ranks are of use: by the written truth the top gains more than the rest.
        var truth = shop.Truth.For(StoreWide, baskets: 0).ToDictionary(r => r.CustomerId, r => r.Uplift);
        using var connection = shop.Get<DataLake>().Open(threads: 1);
        var top = connection.Query($"SELECT customer_id FROM {shop.Get<DataLake>().SourceOf(SegmentService.CurrentFile)} WHERE segment = 'uplift:top30'", r => r.GetString(0)).ToHashSet();
        var (upper, lower) = (truth.Where(t => top.Contains(t.Key)).Average(t => t.Value), truth.Where(t => !top.Contains(t.Key)).Average(t => t.Value));
        output.WriteLine($"truth: top {upper:P2}, rest {lower:P2}");
        Assert.True(upper > lower, $"top {upper:P2}, rest {lower:P2}");
    }

    private static CampaignRules Only(string key) => StoreWide with { Audience = new Audience { AnyOf = [key] } };

    private static CampaignRules Without(string key) => StoreWide with { Audience = new Audience { NoneOf = [key] } };

    /// <summary>What was taken over from another campaign is what laying it afresh gives.</summary>
    private static void Derived(Planner planner, CampaignRules from, CampaignRules to)
    {
        var (fresh, derived) = (PlannedCampaign.Project(planner, to), PlannedCampaign.Project(planner, to, PlannedCampaign.Project(planner, from)));
        Assert.Equal(fresh.Size(), derived.Size(), 6);
        Assert.Equal(planner.DiscountCost(fresh), planner.DiscountCost(derived), 6);
    }
}
