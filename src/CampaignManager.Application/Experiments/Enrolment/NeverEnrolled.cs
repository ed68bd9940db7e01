using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// Who is in no experiment: people who opted out of marketing or of personalisation, and robots. Held in memory as eight bytes each, read anew when the lake has changed; carts do not
/// wait for that, but for the first time.
/// </summary>
internal sealed class NeverEnrolled(DataLake lake, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Held? held;

    public async ValueTask<bool> HasAsync(string customer, CancellationToken cancel)
    {
        var known = held;
        if (known is null || time.GetElapsedTime(known.Looked) >= LookEvery)
            known = await LookAsync(known, cancel);
        return Array.BinarySearch(known.Hashes, HashOf(customer)) >= 0;
    }

    /// <summary>All of them as a relation <c>customer_id</c>.</summary>
    public string Sql => $"""
        (SELECT customer_id FROM {lake.Source(LakeTable.Customers)} WHERE opt_out_marketing OR opt_out_personalisation
         UNION SELECT customer_id FROM {lake.Source(LakeTable.Events)} WHERE customer_id IN (
             SELECT DISTINCT customer_id FROM {lake.Source(LakeTable.Events)} WHERE robot AND customer_id IS NOT NULL)
         GROUP BY customer_id HAVING avg(robot::INTEGER) > 0.5)
        """;

    public void Dispose() => gate.Dispose();

    private async Task<Held> LookAsync(Held? known, CancellationToken cancel)
    {
        // One looks, the others need not wait for it.
        if (known is not null && !await gate.WaitAsync(TimeSpan.Zero, cancel))
            return known;
        if (known is null)
            await gate.WaitAsync(cancel);
        try
        {
            if (held is { } other && time.GetElapsedTime(other.Looked) < LookEvery)
                return other;
            var (looked, stamp) = (time.GetTimestamp(), lake.StampOf(LakeTable.Customers));
            return held = held is { } last && last.Stamp == stamp ? last with { Looked = looked } : await Task.Run(() => Read(stamp, looked), cancel);
        }
        finally
        {
            gate.Release();
        }
    }

    private Held Read(string stamp, long looked)
    {
        using var connection = lake.Open(threads: 1);
        var hashes = connection.Query($"SELECT customer_id FROM {Sql}", r => HashOf(r.GetString(0))).ToArray();
        Array.Sort(hashes);
        return new Held(hashes, stamp, looked);
    }

    internal static ulong HashOf(string customer)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(customer), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private sealed record Held(ulong[] Hashes, string Stamp, long Looked);
}
