using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Audiences;

/// <summary>What a checkout needs to know of a customer.</summary>
/// <param name="Segments">Keys; saved audiences among them.</param>
/// <param name="IsNew">Without an earlier order; null where nobody counted orders.</param>
public sealed record KnownCustomer(IReadOnlyList<string> Segments, bool? IsNew);

/// <summary>
/// All customers' segments in memory, so that a cart needs to name none: twelve bytes a customer and each combination of segments once, since few are different. Read anew when the file of
/// segments changes, which is looked at once a second, and at once after anything was committed on this node: whoever looks waits for it, others are answered by what stood.
/// </summary>
public sealed class CustomerLookup(DataLake lake, TimeProvider time, ILogger<CustomerLookup> logger) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Held? held;
    private string? unreadable;

    /// <summary>Null for a customer whom the last computation did not know.</summary>
    public async ValueTask<KnownCustomer?> FindAsync(string customerId, CancellationToken cancellationToken)
    {
        var known = held;
        if (known is null || known.Commits != LocalCommits.Count || time.GetElapsedTime(known.Looked) >= LookEvery)
            known = await LookAsync(known, cancellationToken);
        var place = Array.BinarySearch(known.Hashes, HashOf(customerId));
        return place < 0 ? null : known.Kinds[known.KindOf[place]];
    }

    public void Dispose() => gate.Dispose();

    private async Task<Held> LookAsync(Held? known, CancellationToken cancellationToken)
    {
        // One looks, the others need not wait for it.
        if (known is not null && !await gate.WaitAsync(TimeSpan.Zero, cancellationToken))
            return known;
        if (known is null)
            await gate.WaitAsync(cancellationToken);
        try
        {
            var (commits, stamp, looked) = (LocalCommits.Count, Stamp(), time.GetTimestamp());
            var read = held is { } other && other.Stamp == stamp ? other : await Task.Run(() => ReadOrKeep(stamp), cancellationToken);
            return held = read with { Looked = looked, Commits = commits };
        }
        finally
        {
            gate.Release();
        }
    }

    private string Stamp() => new FileInfo(lake.PathTo(SegmentService.CurrentFile)) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}|{file.LastWriteTimeUtc.Ticks}") : "";

    /// <summary>A checkout must not stop because a file cannot be read, or is just being replaced: what stood counts until the next look.</summary>
    private Held ReadOrKeep(string stamp)
    {
        try
        {
            var read = Read(stamp);
            unreadable = null;
            return read;
        }
        catch (Exception fault) when (fault is DbException or IOException or UnauthorizedAccessException)
        {
            if (unreadable != stamp)
                logger.LogError(fault, "The customers' segments cannot be read; carts are priced by those known before");
            unreadable = stamp;
            return held ?? new Held("", 0, 0, [], [], []);
        }
    }

    private Held Read(string stamp)
    {
        if (stamp == "" || !File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
            return new Held(stamp, 0, 0, [], [], []);
        using var connection = lake.Open();
        List<ulong> hashes = [];
        List<int> kindOf = [];
        List<KnownCustomer> kinds = [];
        var places = new Dictionary<(string, bool?), int>();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT s.customer_id, s.segments, f.x_orders = 0 FROM (
                SELECT customer_id, string_agg(segment, chr(31) ORDER BY segment) AS segments FROM {lake.SourceOf(SegmentService.CurrentFile)} GROUP BY 1) s
            LEFT JOIN {lake.SourceOf(CustomerFeatures.CurrentFile)} f USING (customer_id)
            """;
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var kind = (reader.GetString(1), reader.IsDBNull(2) ? (bool?)null : reader.GetBoolean(2));
            if (!places.TryGetValue(kind, out var place))
            {
                places[kind] = place = kinds.Count;
                kinds.Add(new KnownCustomer(kind.Item1.Split('\u001f'), kind.Item2));
            }

            hashes.Add(HashOf(reader.GetString(0)));
            kindOf.Add(place);
        }

        var (sorted, of) = (hashes.ToArray(), kindOf.ToArray());
        Array.Sort(sorted, of);
        return new Held(stamp, 0, 0, sorted, of, [.. kinds]);
    }

    // Of a million customers two share a hash of 64 bits once in many millions of shops.
    private static ulong HashOf(string customerId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(customerId), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private sealed record Held(string Stamp, long Looked, long Commits, ulong[] Hashes, int[] KindOf, KnownCustomer[] Kinds);
}
