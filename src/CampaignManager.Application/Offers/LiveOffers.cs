using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>A campaign held ready for pricing.</summary>
public sealed record HeldCampaign(Guid Id, string Name, CampaignStatus Status, Guid VersionId, CampaignRules Rules, TimeZoneInfo Zone, string? HoldoutSalt, double HoldoutShare)
{
    /// <summary>Its id as the engine names it.</summary>
    public string Key { get; } = Id.ToString();

    /// <summary>The generic code as it is compared.</summary>
    public string? Code { get; } = Rules.Trigger.Code is { } code ? CouponCode.Normalise(code) : null;

    /// <summary>The discount budget in minor units; null without one.</summary>
    public long? BudgetMinor { get; } = Rules.Limits.Budget is { } budget ? Currency.Get(Rules.Currency).ToMinor(budget) : null;

    /// <summary>The local day that a moment falls on, as counters name it.</summary>
    public string DayOf(DateTime at) => TimeZoneInfo.ConvertTimeFromUtc(at, Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>All that may be priced with, as it stood at one moment.</summary>
public sealed record HeldOffers(CompiledCampaigns Compiled, IReadOnlyDictionary<string, HeldCampaign> ById, ConflictResolution ConflictResolution)
{
    /// <summary>Some campaign has codes that were issued one by one: only then is it worth looking up those that a cart carries.</summary>
    public bool HasIssuedCodes { get; init; }

    /// <summary>Campaigns of which something must be looked up before a quote.</summary>
    public IReadOnlyList<HeldCampaign> Limited { get; } =
        [.. ById.Values.Where(c => c.Status == CampaignStatus.Live && c.Rules.Limits is var l && (l.Budget ?? l.Uses ?? l.UsesPerCustomer ?? l.UsesPerDay ?? l.UsesPerCode) is not null)];
}

/// <summary>
/// The live campaigns, compiled, in memory. A stamp that costs one small query is looked at a few times a second, and at once after anything was committed on this node,
/// so that a change on any node is seen within a second.
/// </summary>
public sealed class LiveOffers : IDisposable
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan MayBeOld = TimeSpan.FromMilliseconds(750);

    // Why a code or a campaign no longer works should be told for a while after its end.
    private static readonly TimeSpan RememberEnded = TimeSpan.FromDays(7);

    private readonly IDbContextFactory<AppDbContext> contexts;
    private readonly SettingsService settings;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly IDisposable[] listening;
    private volatile Held? held;
    private long told;

    public LiveOffers(IDbContextFactory<AppDbContext> contexts, SettingsService settings, TimeProvider time, INews? news = null)
    {
        (this.contexts, this.settings, this.time) = (contexts, settings, time);
        void Told(string? id) => Interlocked.Increment(ref told);
        listening = news is null ? [] : [news.Listen(Campaign.Topic, Told), news.Listen(ShopSettings.Topic, Told)];
    }

    public async ValueTask<HeldOffers> CurrentAsync(CancellationToken cancellationToken, bool lookAgain = false)
    {
        if (!lookAgain && held is { } known && known.Commits == Changes && time.GetElapsedTime(known.Looked) is var age && age < MayBeOld)
        {
            // One looks, the others need not wait for it.
            if (age < LookEvery || !await gate.WaitAsync(TimeSpan.Zero, cancellationToken))
                return known.Offers;
        }
        else
        {
            await gate.WaitAsync(cancellationToken);
        }

        try
        {
            if (!lookAgain && held is { } other && IsFresh(other))
                return other.Offers;
            var (commits, looked) = (Changes, time.GetTimestamp());
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var stamp = await StampAsync(context, cancellationToken);
            var offers = held is { } last && last.Stamp == stamp ? last.Offers : await LoadAsync(context, cancellationToken);
            held = new Held(offers, stamp, commits, looked);
            return offers;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var one in listening)
            one.Dispose();
        gate.Dispose();
    }

    /// <summary>Moves with every change that was committed here or told by another node.</summary>
    private long Changes => LocalCommits.Count + Interlocked.Read(ref told);

    private bool IsFresh(Held known) => known.Commits == Changes && time.GetElapsedTime(known.Looked) < LookEvery;

    private static IQueryable<Campaign> Known(AppDbContext context, DateTime since) => context.Campaigns.AsNoTracking().Where(c =>
        c.Status == CampaignStatus.Live || c.Status == CampaignStatus.Paused || c.Status == CampaignStatus.Approved || (c.Status == CampaignStatus.Ended && c.UpdatedAt >= since));

    private DateTime Since => time.GetUtcNow().UtcDateTime.Date - RememberEnded;

    private async Task<string> StampAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var parts = await Known(context, Since).GroupBy(c => c.Status).OrderBy(g => g.Key)
            .Select(g => new { g.Key, Count = g.Count(), Versions = g.Sum(c => c.Version), Changed = g.Max(c => c.UpdatedAt) }).ToListAsync(cancellationToken);
        var batches = await context.CodeBatches.CountAsync(cancellationToken);
        var shop = await context.ShopSettings.Select(s => s.Version).SingleOrDefaultAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{batches}|{shop}|") + string.Join('|', parts.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key},{p.Count},{p.Versions},{p.Changed:O}")));
    }

    private async Task<HeldOffers> LoadAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var campaigns = await Known(context, Since).ToListAsync(cancellationToken);
        var ids = Known(context, Since).Select(c => c.Id);
        var versions = (await context.CampaignVersions.AsNoTracking().Where(v => ids.Contains(v.CampaignId)).Select(v => new { v.Id, v.CampaignId, v.Number }).ToListAsync(cancellationToken))
            .ToLookup(v => v.CampaignId);
        var issued = (await context.CodeBatches.Select(b => b.CampaignId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        var shop = await settings.GetAsync(cancellationToken);
        List<LiveCampaign> live = [];
        Dictionary<string, HeldCampaign> byId = [];
        foreach (var campaign in campaigns)
        {
            var rules = RulesJson.Read(campaign.RulesJson);
            // What an old version of the app saved may not pass today's checks; it must not keep the others from being priced.
            if (RulesValidation.Check(rules).Count > 0)
                continue;
            var version = versions[campaign.Id].Where(v => v.Number <= campaign.Version).MaxBy(v => v.Number)?.Id ?? Guid.Empty;
            var one = new HeldCampaign(
                campaign.Id, campaign.Name, campaign.Status, version, rules, TimeZoneInfo.FindSystemTimeZoneById(rules.Schedule.TimeZone), campaign.HoldoutSalt, campaign.LaunchedHoldoutShare ?? 0);
            var key = campaign.Id.ToString();
            byId.Add(key, one);
            live.Add(new LiveCampaign(key, rules)
            {
                State = campaign.Status switch
                {
                    CampaignStatus.Paused => CampaignState.Paused,
                    CampaignStatus.Ended => CampaignState.Ended,
                    _ => CampaignState.Live,
                },
                // Approved is not launched: it has no arms yet, whatever its start says.
                Interval = campaign.Status == CampaignStatus.Approved ? new ScheduleInterval(DateTime.MaxValue, null) : new ScheduleInterval(campaign.StartsAt, campaign.EndsAt),
                HoldoutSalt = campaign.HoldoutSalt,
                HoldoutShare = one.HoldoutShare,
                HasIssuedCodes = issued.Contains(campaign.Id),
            });
        }

        return new HeldOffers(CompiledCampaigns.Of(live), byId, Resolution(shop.ConflictResolution)) { HasIssuedCodes = issued.Count > 0 };
    }

    internal static ConflictResolution Resolution(string name) => name == "priority" ? ConflictResolution.Priority : ConflictResolution.BestForCustomer;

    private sealed record Held(HeldOffers Offers, string Stamp, long Commits, long Looked);
}
