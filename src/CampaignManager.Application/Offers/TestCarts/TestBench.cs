using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>One campaign as if it were live, among all that are or will be: compiled once, for as many carts as are tried.</summary>
internal sealed class TestBench
{
    private readonly HeldOffers offers;
    private readonly Dictionary<string, PricedCampaign> campaigns;

    private TestBench(HeldOffers offers, Dictionary<string, PricedCampaign> campaigns) => (this.offers, this.campaigns) = (offers, campaigns);

    /// <summary>Sets it up; null when the campaign's own rules are not valid.</summary>
    /// <param name="context">The store.</param>
    /// <param name="tested">The campaign that is tried.</param>
    /// <param name="rules">Valid rules to try it with; null for its own.</param>
    /// <param name="shop">Says who wins among exclusive campaigns.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<TestBench?> SetUpAsync(AppDbContext context, Campaign tested, CampaignRules? rules, ShopSettings shop, CancellationToken cancellationToken)
    {
        if (await CampaignBook.ReadAsync(context, tested, rules, cancellationToken) is not { } own)
            return null;
        var others = await CampaignBook.ReadAsync(
            context, context.Campaigns.Where(c => c.Id != tested.Id && CampaignBook.InForce.Contains(c.Status)), cancellationToken);
        // Its limits count as those of a live campaign do.
        HeldCampaign[] held = [own with { Status = CampaignStatus.Live }, .. others];
        var offers = HeldOffers.Of(held, others.Select(o => o.OnSchedule()).Prepend(own.Tried()), shop.ConflictResolution);
        return new TestBench(offers, others.Prepend(own).ToDictionary(c => c.Key, c => new PricedCampaign(c.Id, c.Name, c.Status, c.Id == tested.Id)));
    }

    public async Task<PricedCart> PriceAsync(IDbContextFactory<AppDbContext> contexts, Cart cart, DateTime at, bool countLimits, CancellationToken cancellationToken)
    {
        var usage = Usage.None;
        if ((countLimits && offers.Limited.Count > 0) || (offers.HasIssuedCodes && cart.Codes.Count > 0))
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            usage = new Usage(await OfferUsage.ReadAsync(context, offers, cart, at, null, cancellationToken));
        }

        var settings = new QuoteSettings { ConflictResolution = offers.ConflictResolution, Explain = Explain.Full, IgnoreLimits = !countLimits };
        return new PricedCart(PromotionEngine.Quote(cart, offers.Compiled, usage, settings, at), campaigns, at);
    }
}
