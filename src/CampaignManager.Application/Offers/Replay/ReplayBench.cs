using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>Another campaign that would run beside the replayed one.</summary>
internal sealed record ReplayOther(Guid Id, string Name, CampaignStatus Status, CampaignRules Rules);

/// <summary>
/// The campaigns compiled three ways: the replayed one alone, the others without it, all together. Dates are taken off, since the orders are older than the campaign;
/// so are budgets and numbers of uses, which belong to a time, and holdouts. Weekly hours stay, and so does the limit per customer, which the orders can tell.
/// </summary>
internal sealed class ReplayBench
{
    private static readonly ScheduleInterval Always = new(null, null);

    private ReplayBench(Guid id, CampaignRules rules, IReadOnlyList<ReplayOther> others, int needCode, int otherDates, ConflictResolution resolution)
    {
        (Rules, Others, NeedCode, OtherDates) = (rules, others, needCode, otherDates);
        Id = id.ToString();
        Settings = new QuoteSettings { ConflictResolution = resolution, Explain = Explain.Full, IgnoreHoldouts = true };
        var own = Live(id, rules, rules.Limits.UsesPerCustomer);
        var beside = others.Select(o => Live(o.Id, o.Rules, null)).ToList();
        Alone = CompiledCampaigns.Of([own]);
        Without = CompiledCampaigns.Of(beside);
        Together = CompiledCampaigns.Of([.. beside, own]);
        (WithoutPlaces, _) = Places(Without);
        (TogetherPlaces, OwnPlace) = Places(Together);
        UsesPerCustomer = rules.Limits.UsesPerCustomer;
    }

    public string Id { get; }

    public CampaignRules Rules { get; }

    public IReadOnlyList<ReplayOther> Others { get; }

    public int NeedCode { get; }

    public int OtherDates { get; }

    public int? UsesPerCustomer { get; }

    public QuoteSettings Settings { get; }

    public CompiledCampaigns Alone { get; }

    public CompiledCampaigns Without { get; }

    public CompiledCampaigns Together { get; }

    /// <summary>Where in a quote of <see cref="Without"/> each of <see cref="Others"/> stands.</summary>
    public int[] WithoutPlaces { get; }

    /// <summary>The same for <see cref="Together"/>.</summary>
    public int[] TogetherPlaces { get; }

    /// <summary>Where the replayed campaign stands in a quote of <see cref="Together"/>.</summary>
    public int OwnPlace { get; }

    /// <summary>A campaign alone, for whoever it may be.</summary>
    public static ReplayBench Single(CampaignRules rules) => new(Guid.Empty, rules, [], 0, 0, default);

    public static async Task<ReplayBench> SetUpAsync(AppDbContext context, Campaign campaign, CampaignRules rules, ShopSettings shop, CancellationToken cancellationToken)
    {
        var found = await CampaignBook.ReadAsync(
            context, context.Campaigns.Where(c => c.Id != campaign.Id && CampaignBook.InForce.Contains(c.Status)), cancellationToken);
        var own = ScheduleInterval.ToUtc(rules.Schedule);
        List<ReplayOther> others = [];
        var (needCode, otherDates) = (0, 0);
        foreach (var other in found)
        {
            if (other.Interval.EndUtc <= own.StartUtc || own.EndUtc <= other.Interval.StartUtc)
                otherDates++;
            else if (other.TakesCode)
                needCode++;
            else
                others.Add(new ReplayOther(other.Id, other.Name, other.Status, other.Rules));
        }

        return new ReplayBench(campaign.Id, rules, others, needCode, otherDates, shop.ConflictResolution);
    }

    private static LiveCampaign Live(Guid id, CampaignRules rules, int? usesPerCustomer) => new(
        id.ToString(),
        rules with { Trigger = new Trigger(), Limits = new Limits { UsesPerCustomer = usesPerCustomer }, Schedule = rules.Schedule with { Start = null, End = null } })
    { Interval = Always };

    // A full quote names all campaigns in the same order every time.
    private (int[] Others, int Own) Places(CompiledCampaigns campaigns)
    {
        var empty = new Cart { Currency = Rules.Currency, Lines = [] };
        var ids = PromotionEngine.Quote(empty, campaigns, Usage.None, Settings, DateTime.UnixEpoch).Campaigns.Select(c => c.Id).ToList();
        return ([.. Others.Select(o => ids.IndexOf(o.Id.ToString()))], ids.IndexOf(Id));
    }
}
