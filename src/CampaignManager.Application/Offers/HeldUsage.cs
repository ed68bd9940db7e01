using System.Collections.Concurrent;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>
/// What is used up of the live campaigns and is the same for all carts, in memory: read again at once after this node has redeemed anything, and every quarter of a second for
/// what others have. What single customers have used is kept a second, and read again at once after this node has redeemed anything of
/// theirs. Quotes may be that old, because redeeming reads for itself.
/// </summary>
public sealed class HeldUsage(IDbContextFactory<AppDbContext> contexts, TimeProvider time) : IDisposable
{
    /// <summary>How old a customer's counters may be.</summary>
    public static readonly TimeSpan MayBeOld = TimeSpan.FromSeconds(1);

    private const int MostCustomers = 20_000;

    private readonly ConcurrentDictionary<string, OfCustomer> customers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Held? held;

    internal async ValueTask<UsageRows> CurrentAsync(HeldOffers offers, CancellationToken cancellationToken)
    {
        if (held is { } known && IsFresh(known, offers))
            return known.Rows;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (held is { } other && IsFresh(other, offers))
                return other.Rows;
            // Before reading: what is committed in between is looked at by the next.
            var (commits, usage, looked) = (LocalCommits.Count, LocalCommits.Usage, time.GetTimestamp());
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var rows = await UsageRows.ReadAsync(context, offers.Limited, new HashSet<string>(), time.GetUtcNow().UtcDateTime, cancellationToken);
            held = new Held(rows, offers, commits, usage, looked);
            return rows;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// What is left of all limited campaigns for a cart whose codes nobody counts; put together once for as long as what it is made of is
    /// held.
    /// </summary>
    internal async ValueTask<Usage> LeftAsync(HeldOffers offers, string? customer, DateTime at, CancellationToken cancellationToken)
    {
        var shared = await CurrentAsync(offers, cancellationToken);
        var own = customer is null || offers.PerCustomer.Count == 0
            ? shared
            : await OfCustomerAsync(customer, offers.PerCustomer, cancellationToken);
        if (own.Left is { } known && ReferenceEquals(known.Shared, shared))
            return known.Usage;
        var usage = new Usage(OfferUsage.LeftOf(offers.Limited, customer, at, shared, own));
        own.Left = new UsageRows.Summed(shared, usage);
        return usage;
    }

    /// <summary>What the customer has used of these campaigns, and maybe of others.</summary>
    internal async ValueTask<UsageRows> OfCustomerAsync(
        string customer, IReadOnlyList<HeldCampaign> campaigns, CancellationToken cancellationToken)
    {
        var known = customers.GetValueOrDefault(customer);
        var fresh = known is not null && known.Commits == LocalCommits.Count && known.Used == LocalCommits.UsageOf(customer)
            && time.GetElapsedTime(known.Looked) < MayBeOld;
        if (fresh && (ReferenceEquals(known!.Asked, campaigns) || campaigns.All(c => known.Campaigns.ContainsKey(c.Id))))
            return known.Rows;
        // Another cart of the customer may be about other goods: what has been asked for lately stays together.
        Dictionary<Guid, HeldCampaign> asked = fresh ? new(known!.Campaigns) : [];
        foreach (var campaign in campaigns)
            asked[campaign.Id] = campaign;
        // Before reading: what is committed in between is looked at by the next.
        var (commits, used, looked) = (LocalCommits.Count, LocalCommits.UsageOf(customer), time.GetTimestamp());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await UsageRows.ReadAsync(context, [.. asked.Values], new HashSet<string> { customer }, null, cancellationToken);
        if (customers.Count >= MostCustomers)
            Forget();
        customers[customer] = new OfCustomer(rows, asked, campaigns, commits, used, looked);
        return rows;
    }

    public void Dispose() => gate.Dispose();

    private void Forget()
    {
        foreach (var (customer, _) in customers.Where(c => time.GetElapsedTime(c.Value.Looked) >= MayBeOld))
            customers.TryRemove(customer, out _);
        // So many within a second: then keeping them is worth little.
        if (customers.Count >= MostCustomers)
            customers.Clear();
    }

    private bool IsFresh(Held known, HeldOffers offers) => ReferenceEquals(known.Offers, offers) && known.Commits == LocalCommits.Count && known.Usage == LocalCommits.Usage
        && time.GetElapsedTime(known.Looked) < LiveOffers.LookEvery;

    private sealed record OfCustomer(
        UsageRows Rows, IReadOnlyDictionary<Guid, HeldCampaign> Campaigns, IReadOnlyList<HeldCampaign> Asked,
        long Commits, long Used, long Looked);

    private sealed record Held(UsageRows Rows, HeldOffers Offers, long Commits, long Usage, long Looked);
}
