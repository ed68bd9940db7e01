using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>A budget over the campaigns of a shop of its own, so that drafts of other tests do not take part.</summary>
public sealed class BudgetSplitServiceTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task Split_BudgetTooSmallForAll_StaysWithinItAndSaysHowSureThatIs()
    {
        await using var shop = await PlannedShop.OpenAsync(1_500, seed: 8, learner: "s");
        var drafts = shop.Get<CampaignService>();
        CampaignRules wide = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };
        foreach (var (name, rules) in new[] { ("Wide", wide),
            ("Kitchen", wide with { Scope = new Scope { Include = new ScopeSelector { Categories = ["kitchen"] } } }) })
            Assert.True((await drafts.CreateDraftAsync(name, rules, PlannedShop.Marketer, Cancel)).Succeeded);
        await drafts.CreateDraftAsync("Gift", new CampaignRules
        {
            Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
            Currency = "USD"
        }, PlannedShop.Marketer, Cancel);
        var splits = shop.Get<BudgetSplitService>();

        var all = (await splits.SplitAsync(10_000_000, null, Cancel)).Value;
        Assert.Equal(1, all.LeftOut);
        Assert.Equal(0, all.Price);
        Assert.True(all.Total.Low < all.Total.NetProfit && all.Total.NetProfit < all.Total.High);
        Assert.Equal(all.Shares.Sum(s => s.NetProfit), all.Total.NetProfit, 4);

        var half = (await splits.SplitAsync((decimal)all.Total.Cost / 2, null, Cancel)).Value;
        Assert.True(half.Total.Cost <= half.Budget + 1e-6, $"{half.Total.Cost} of {half.Budget}");
        Assert.True(half.Total.NetProfit <= all.Total.NetProfit + 1e-6);
        Assert.True(half.Price > 0 && half.Gap >= 0);
        Assert.Equal("budget-not-positive", (await splits.SplitAsync(0, null, Cancel)).Failure?.Code);
    }
}
