using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>A stored campaign made ready for pricing.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="VersionId">The version whose rules are in force; empty where none was kept.</param>
/// <param name="Rules">Those rules.</param>
/// <param name="Zone">Its own time zone.</param>
/// <param name="HoldoutSalt">Assigns its arms where it has no epoch.</param>
/// <param name="LaunchedShare">Share in the control arm as it was frozen at launch; null before.</param>
public sealed record HeldCampaign(
    Guid Id, string Name, CampaignStatus Status, Guid VersionId, CampaignRules Rules, TimeZoneInfo Zone, string? HoldoutSalt, double? LaunchedShare)
{
    /// <summary>Its id as the engine names it.</summary>
    public string Key { get; } = Id.ToString();

    /// <summary>The generic code as it is compared.</summary>
    public string? Code { get; } = Rules.Trigger.Code is { } code ? CouponCode.Normalise(code) : null;

    /// <summary>The discount budget in minor units; null without one.</summary>
    public long? BudgetMinor { get; } = Rules.Limits.Budget is { } budget ? Currency.Get(Rules.Currency).ToMinor(budget) : null;

    /// <summary>The epoch that runs; null before the launch and after the end.</summary>
    public HeldEpoch? Epoch { get; init; }

    /// <summary>Assigns its arms.</summary>
    public string? Salt => Epoch?.Salt ?? HoldoutSalt;

    /// <summary>Share in the control arm; 0 before the launch.</summary>
    public double HoldoutShare => Epoch?.Cuts.Control ?? LaunchedShare ?? 0;

    /// <summary>When it runs, as it is stored: UTC, half-open.</summary>
    public ScheduleInterval Interval { get; init; } = new(null, null);

    /// <summary>Codes were issued for it one by one.</summary>
    public bool HasIssuedCodes { get; init; }

    /// <summary>Nothing is granted without a code.</summary>
    public bool TakesCode => Tried().TakesCode;

    /// <summary>The local day that a moment falls on, as counters name it.</summary>
    public string DayOf(DateTime at) => TimeZoneInfo.ConvertTimeFromUtc(at, Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>As orders are priced with it now. Approved is not launched: it has no arms yet, whatever its start says.</summary>
    public LiveCampaign AtCheckout() => Live(
        Status switch
        {
            CampaignStatus.Paused => CampaignState.Paused,
            CampaignStatus.Ended or CampaignStatus.Archived => CampaignState.Ended,
            _ => CampaignState.Live,
        },
        Status == CampaignStatus.Approved ? new ScheduleInterval(DateTime.MaxValue, null) : Interval,
        HoldoutShare);

    /// <summary>As it will be priced if nobody touches it: an approved campaign goes live at its start; without one nobody knows when.</summary>
    public LiveCampaign OnSchedule() => Live(
        Status == CampaignStatus.Paused ? CampaignState.Paused : CampaignState.Live,
        Status == CampaignStatus.Approved ? Interval with { StartUtc = Interval.StartUtc ?? DateTime.MaxValue } : Interval,
        DrawnShare);

    /// <summary>As if it were live, whatever its status: the question is what it does when it runs.</summary>
    public LiveCampaign Tried() => Live(CampaignState.Live, Interval, DrawnShare);

    private double DrawnShare => Epoch?.Cuts.Control ?? LaunchedShare ?? (double)Rules.Experiment.HoldoutPercent / 100;

    private LiveCampaign Live(CampaignState state, ScheduleInterval interval, double holdoutShare) => new(Key, Rules)
    {
        State = state,
        Interval = interval,
        HoldoutSalt = Salt,
        HoldoutShare = holdoutShare,
        HasIssuedCodes = HasIssuedCodes,
    };
}

/// <summary>The one place where stored campaigns become what the engine prices: for orders, test carts, replays and overlaps alike.</summary>
public static class CampaignBook
{
    /// <summary>Campaigns that are priced with now, or will be once they start or go on.</summary>
    public static readonly IReadOnlyList<CampaignStatus> InForce = [CampaignStatus.Live, CampaignStatus.Paused, CampaignStatus.Approved];

    /// <summary>Reads campaigns, in the order of their ids. What cannot be priced must not keep the others from it.</summary>
    /// <param name="context">Where to read.</param>
    /// <param name="which">Which of its campaigns.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<HeldCampaign>> ReadAsync(AppDbContext context, IQueryable<Campaign> which, CancellationToken cancellationToken)
    {
        var campaigns = await which.AsNoTracking().OrderBy(c => c.Id).ToListAsync(cancellationToken);
        var ids = which.Select(c => c.Id);
        var versions = (await context.CampaignVersions.AsNoTracking().Where(v => ids.Contains(v.CampaignId))
            .Select(v => new { v.Id, v.CampaignId, v.Number }).ToListAsync(cancellationToken)).ToLookup(v => v.CampaignId);
        var issued = (await context.CodeBatches.Select(b => b.CampaignId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        var epochs = await context.ExperimentEpochs.AsNoTracking().Where(e => e.EndedAt == null && ids.Contains(e.ExperimentId))
            .ToDictionaryAsync(e => e.ExperimentId, cancellationToken);
        List<HeldCampaign> held = [];
        foreach (var campaign in campaigns)
        {
            if (Rules(campaign) is not { } rules)
                continue;
            var version = versions[campaign.Id].Where(v => v.Number <= campaign.Version).MaxBy(v => v.Number)?.Id ?? Guid.Empty;
            held.Add(Hold(campaign, rules, version, issued.Contains(campaign.Id), epochs.GetValueOrDefault(campaign.Id)));
        }

        return held;
    }

    /// <summary>Reads one campaign to try it; null when its rules cannot be priced.</summary>
    /// <param name="context">Where to read.</param>
    /// <param name="campaign">The campaign.</param>
    /// <param name="rules">Valid rules to try it with, not saved yet; null for its own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<HeldCampaign?> ReadAsync(AppDbContext context, Campaign campaign, CampaignRules? rules, CancellationToken cancellationToken)
    {
        if ((rules ?? Rules(campaign)) is not { } its)
            return null;
        var epoch = await context.ExperimentEpochs.AsNoTracking().SingleOrDefaultAsync(e => e.ExperimentId == campaign.Id && e.EndedAt == null, cancellationToken);
        var held = Hold(campaign, its, Guid.Empty, await context.CodeBatches.AnyAsync(b => b.CampaignId == campaign.Id, cancellationToken), epoch);
        return rules is null ? held : held with { Interval = ScheduleInterval.ToUtc(rules.Schedule) };
    }

    private static HeldCampaign Hold(Campaign campaign, CampaignRules rules, Guid version, bool hasIssuedCodes, ExperimentEpoch? epoch) => new(
        campaign.Id, campaign.Name, campaign.Status, version, rules, TimeZoneInfo.FindSystemTimeZoneById(rules.Schedule.TimeZone), campaign.HoldoutSalt,
        campaign.LaunchedHoldoutShare)
    {
        Interval = new ScheduleInterval(campaign.StartsAt, campaign.EndsAt),
        HasIssuedCodes = hasIssuedCodes,
        Epoch = epoch is null ? null : HeldEpoch.Of(epoch),
    };

    /// <summary>A campaign's rules, null where they cannot be priced, and all that saving them today would refuse.</summary>
    internal static (CampaignRules? Rules, IReadOnlyList<RuleError> Refused) Judge(Campaign campaign)
    {
        try
        {
            var rules = RulesJson.Read(campaign.RulesJson);
            using var stored = JsonDocument.Parse(campaign.RulesJson);
            return (
                RulesValidation.CheckPriceable(rules).Count == 0 ? rules : null,
                [.. UnknownFields.Find(stored.RootElement, typeof(CampaignRules), RulesJson.Options), .. RulesValidation.Check(rules)]);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            return (null, [new RuleError("$", "rules-unreadable", "The rules cannot be read.", [])]);
        }
    }

    private static CampaignRules? Rules(Campaign campaign) => Judge(campaign).Rules;
}
