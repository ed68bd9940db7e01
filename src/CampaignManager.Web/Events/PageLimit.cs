using System.Threading.RateLimiting;
using CampaignManager.Application.Accounts;

namespace CampaignManager.Web.Events;

/// <summary>So many calls a minute for all pages of one publishable key, and a tenth of them for one address: one visitor must not silence the others.</summary>
public sealed class PageLimit : IDisposable
{
    private const int ShareOfOne = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(KnownApiKey Key, string Address)> limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(KnownApiKey Key, string Address), (Guid, string, int)>(call =>
            Of((call.Key.Id, call.Address, call.Key.Ingest!.CallsPerMinute), Math.Max(1, call.Key.Ingest.CallsPerMinute / ShareOfOne))),
        PartitionedRateLimiter.Create<(KnownApiKey Key, string Address), (Guid, string, int)>(call =>
            Of((call.Key.Id, "", call.Key.Ingest!.CallsPerMinute), call.Key.Ingest.CallsPerMinute)));

    /// <returns>Null: go on. Else after how long it is worth coming again.</returns>
    public TimeSpan? Wait(KnownApiKey key, string address)
    {
        using var lease = limiter.AttemptAcquire((key, address));
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
    }

    public void Dispose() => limiter.Dispose();

    private static RateLimitPartition<(Guid, string, int)> Of((Guid, string, int) partition, int calls) => RateLimitPartition.GetFixedWindowLimiter(
        partition, _ => new FixedWindowRateLimiterOptions { PermitLimit = calls, Window = Window, QueueLimit = 0 });
}
