using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>All that may be priced with, as it stood at one moment.</summary>
public sealed record HeldOffers(CompiledCampaigns Compiled, IReadOnlyDictionary<string, HeldCampaign> ById, ConflictResolution ConflictResolution)
{
    private IReadOnlyList<HeldCampaign>? perCustomer;
    private IReadOnlySet<string>? countedCodes;

    /// <param name="campaigns">All of them.</param>
    /// <param name="live">The same as they are priced here.</param>
    /// <param name="resolution">Who wins when one applies alone.</param>
    public static HeldOffers Of(IReadOnlyList<HeldCampaign> campaigns, IEnumerable<LiveCampaign> live, ConflictResolution resolution) =>
        new(CompiledCampaigns.Of(live), campaigns.ToDictionary(c => c.Key), resolution) { HasIssuedCodes = campaigns.Any(c => c.HasIssuedCodes) };

    /// <summary>Some campaign has codes that were issued one by one: only then is it worth looking up those that a cart carries.</summary>
    public bool HasIssuedCodes { get; init; }

    /// <summary>Live campaigns with arms that get another offer.</summary>
    public IReadOnlyList<HeldCampaign> WithVariants { get; } = [.. ById.Values.Where(c => c is { Status: CampaignStatus.Live, Epoch.Cuts.Variants.Count: > 0 })];

    private readonly VariantSets variants = new();

    /// <summary>What this customer's carts are priced with: a variant's offer takes the place of the current one in its own arm.</summary>
    public CompiledCampaigns CompiledFor(string? customer) => WithVariants.Count == 0 || customer is null ? Compiled : variants.Of(this, customer);

    /// <summary>The quarter in which some customers get nothing; null: none runs.</summary>
    public GlobalHoldout? Global { get; init; }

    /// <summary>Whether every campaign holds the customer out now.</summary>
    public bool HoldsOutOfAll(string? customer, DateTime at) =>
        customer is not null && Global is { } quarter && at >= quarter.BeganAt && at < quarter.EndsAt && Assignment.IsControl(quarter.Salt, customer, quarter.Share);

    /// <summary>How a campaign is called; its id when it is not among these.</summary>
    public string NameOf(string id) => ById.TryGetValue(id, out var campaign) ? campaign.Name : id;

    /// <summary>Campaigns of which something must be looked up before a quote.</summary>
    public IReadOnlyList<HeldCampaign> Limited { get; } =
        [.. ById.Values.Where(c => c.Status == CampaignStatus.Live && c.Rules.Limits is var l && (l.Budget ?? l.Uses ?? l.UsesPerCustomer ?? l.UsesPerDay ?? l.UsesPerCode) is not null)];

    /// <summary>Live campaigns whose customers are enrolled.</summary>
    public IReadOnlyList<HeldCampaign> Measured { get; } = [.. ById.Values.Where(c => c is { Status: CampaignStatus.Live, Epoch.Measured: true })];

    /// <summary>Those of them that count by customer.</summary>
    public IReadOnlyList<HeldCampaign> PerCustomer => perCustomer ??= [.. Limited.Where(c => c.Rules.Limits.UsesPerCustomer is not null)];

    /// <summary>Codes that anyone may type and whose uses are counted, normalised.</summary>
    public IReadOnlySet<string> CountedCodes => countedCodes ??= Limited.Where(c => c.Rules.Limits.UsesPerCode is not null)
        .Select(c => c.Code).OfType<string>().ToHashSet(StringComparer.Ordinal);
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
        c.Status == CampaignStatus.Live || c.Status == CampaignStatus.Paused || c.Status == CampaignStatus.Approved || ((c.Status == CampaignStatus.Ended || c.Status == CampaignStatus.Archived)
        // What ran before the shop came here is no campaign a cart could have met.
        && c.UpdatedAt >= since && c.Origin == CampaignOrigin.App));

    private DateTime Since => time.GetUtcNow().UtcDateTime.Date - RememberEnded;

    private async Task<string> StampAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var parts = await Known(context, Since).GroupBy(c => c.Status).OrderBy(g => g.Key)
            .Select(g => new { g.Key, Count = g.Count(), Versions = g.Sum(c => c.Version), Changed = g.Max(c => c.UpdatedAt) }).ToListAsync(cancellationToken);
        var batches = await context.CodeBatches.CountAsync(cancellationToken);
        // A new epoch has a higher id; one that ended is gone with its campaign's status, or followed by the next.
        var epoch = await context.ExperimentEpochs.MaxAsync(e => (long?)e.Id, cancellationToken);
        var quarter = await context.GlobalHoldouts.OrderByDescending(h => h.Id).Select(h => new { h.Id, h.EndsAt }).FirstOrDefaultAsync(cancellationToken);
        var shop = await context.ShopSettings.Select(s => s.Version).SingleOrDefaultAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{batches}|{shop}|{epoch}|{quarter?.Id}|{quarter?.EndsAt:O}|") + string.Join('|', parts.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key},{p.Count},{p.Versions},{p.Changed:O}")));
    }

    private async Task<HeldOffers> LoadAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var campaigns = await CampaignBook.ReadAsync(context, Known(context, Since), cancellationToken);
        var shop = await settings.GetAsync(cancellationToken);
        var quarter = await context.GlobalHoldouts.AsNoTracking().OrderByDescending(h => h.Id).FirstOrDefaultAsync(cancellationToken);
        return HeldOffers.Of(campaigns, campaigns.Select(c => c.AtCheckout()), shop.ConflictResolution) with { Global = quarter };
    }

    private sealed record Held(HeldOffers Offers, string Stamp, long Commits, long Looked);
}
