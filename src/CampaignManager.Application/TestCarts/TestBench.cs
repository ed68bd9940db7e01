using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.TestCarts;

/// <summary>One campaign as if it were live, among all that are or will be: compiled once, for as many carts as are tried.</summary>
internal sealed class TestBench
{
    private readonly CompiledCampaigns compiled;
    private readonly Dictionary<string, PricedCampaign> campaigns;
    private readonly Usage usage;
    private readonly ConflictResolution resolution;

    private TestBench(CompiledCampaigns compiled, Dictionary<string, PricedCampaign> campaigns, Usage usage, ConflictResolution resolution) =>
        (this.compiled, this.campaigns, this.usage, this.resolution) = (compiled, campaigns, usage, resolution);

    /// <summary>Sets it up.</summary>
    /// <param name="context">The store.</param>
    /// <param name="tested">The campaign that is tried.</param>
    /// <param name="rules">Valid rules to try it with; null for its own.</param>
    /// <param name="shop">Says who wins among exclusive campaigns.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<TestBench> SetUpAsync(AppDbContext context, Campaign tested, CampaignRules? rules, ShopSettings shop, CancellationToken cancellationToken)
    {
        var others = await context.Campaigns.AsNoTracking()
            .Where(c => c.Id != tested.Id && (c.Status == CampaignStatus.Live || c.Status == CampaignStatus.Paused || c.Status == CampaignStatus.Approved))
            .ToListAsync(cancellationToken);
        List<LiveCampaign> live = [];
        Dictionary<string, PricedCampaign> priced = [];
        Dictionary<string, CampaignUsage> left = [];
        Add(tested, rules ?? RulesJson.Read(tested.RulesJson), Tried(tested, rules));
        foreach (var other in others)
        {
            var own = RulesJson.Read(other.RulesJson);
            // What an old version of the app saved may not pass today's checks; the checkout skips it as well.
            if (RulesValidation.Check(own).Count == 0)
                Add(other, own, AsItStands(other));
        }

        return new TestBench(CompiledCampaigns.Of(live), priced, new Usage(left), shop.ConflictResolution);

        void Add(Campaign campaign, CampaignRules its, (CampaignState State, ScheduleInterval Interval) when)
        {
            var key = campaign.Id.ToString();
            live.Add(new LiveCampaign(key, its)
            {
                State = when.State,
                Interval = when.Interval,
                HoldoutSalt = campaign.HoldoutSalt,
                HoldoutShare = campaign.LaunchedHoldoutShare ?? (double)its.Experiment.HoldoutPercent / 100,
            });
            priced.Add(key, new PricedCampaign(campaign.Id, campaign.Name, campaign.Status, campaign.Id == tested.Id));
            if (its.Limits.Budget is { } budget)
                left.Add(key, new CampaignUsage { BudgetLeft = Math.Max(0, Currency.Get(its.Currency).ToMinor(budget) - campaign.DiscountSpentMinor) });
        }
    }

    public PricedCart Price(Cart cart, DateTime at, bool countLimits)
    {
        var settings = new QuoteSettings { ConflictResolution = resolution, Explain = Explain.Full, IgnoreLimits = !countLimits };
        return new PricedCart(PromotionEngine.Quote(cart, compiled, countLimits ? usage : Usage.None, settings, at), campaigns, at);
    }

    // Whatever its status: the question is what it does when it runs.
    private static (CampaignState State, ScheduleInterval Interval) Tried(Campaign campaign, CampaignRules? rules) =>
        (CampaignState.Live, rules is null ? new ScheduleInterval(campaign.StartsAt, campaign.EndsAt) : ScheduleInterval.ToUtc(rules.Schedule));

    // An approved campaign goes live at its start; without one nobody knows when.
    private static (CampaignState State, ScheduleInterval Interval) AsItStands(Campaign campaign) =>
        (campaign.Status == CampaignStatus.Paused ? CampaignState.Paused : CampaignState.Live,
            new ScheduleInterval(campaign.Status == CampaignStatus.Approved ? campaign.StartsAt ?? DateTime.MaxValue : campaign.StartsAt, campaign.EndsAt));
}
