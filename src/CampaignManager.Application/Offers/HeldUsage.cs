using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>
/// What is used up of the live campaigns and is the same for all carts, in memory: read again at once after this node has redeemed anything, and every quarter of a second for
/// what others have. Quotes may be that old, because redeeming reads for itself.
/// </summary>
public sealed class HeldUsage(IDbContextFactory<AppDbContext> contexts, TimeProvider time) : IDisposable
{
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

    public void Dispose() => gate.Dispose();

    private bool IsFresh(Held known, HeldOffers offers) => ReferenceEquals(known.Offers, offers) && known.Commits == LocalCommits.Count && known.Usage == LocalCommits.Usage
        && time.GetElapsedTime(known.Looked) < LiveOffers.LookEvery;

    private sealed record Held(UsageRows Rows, HeldOffers Offers, long Commits, long Usage, long Looked);
}
