using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>
/// The segments: where customers stand (lifecycle), what they like best (favourite category) and how a campaign is predicted to move them (uplift). Every customer has one
/// of the first kind, one of the second once they looked at something, and any number of the third once they were scored.
/// </summary>
public sealed class SegmentService(DataLake lake, CustomerRanking ranking, IDbContextFactory<AppDbContext> contexts) : IDisposable
{
    public const string CurrentFile = "segments/current.parquet";

    // Features, scores and another version in use may all want the segments made again at once: the last to begin sees all of it.
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Makes the segments from the current features and the scores that stand, then writes the sizes down.</summary>
    internal Task WriteAsync(DateTime asOf, CancellationToken cancel) => InTurnAsync(asOf, cancel);

    /// <summary>The same after the scores alone have changed: where customers stand stays as of the moment that it says.</summary>
    /// <returns>Whose scores the segments by uplift are now; null when nobody was ever scored.</returns>
    public Task<UpliftSource?> RankAsync(CancellationToken cancel) =>
        File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)) ? InTurnAsync(null, cancel) : Task.FromResult<UpliftSource?>(null);

    public void Dispose() => gate.Dispose();

    private async Task<UpliftSource?> InTurnAsync(DateTime? asOf, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            using var connection = lake.Open();
            var features = lake.SourceOf(CustomerFeatures.CurrentFile);
            var source = await ranking.RankAsync(connection, features, cancel);
            lake.WriteFile(connection, $"""
                SELECT customer_id, c_lifecycle AS segment FROM {features}
                UNION ALL SELECT customer_id, '{SegmentKeys.FavouritePrefix}' || c_favourite FROM {features} WHERE c_favourite IS NOT NULL
                UNION ALL SELECT customer_id, segment FROM {CustomerRanking.Members}
                ORDER BY segment, customer_id
                """, CurrentFile, cancel);
            if (source is not null)
                await ranking.KeepSourceAsync(source, cancel);
            var sizes = connection.Query($"SELECT segment, count(*) FROM {lake.SourceOf(CurrentFile)} GROUP BY 1", r => (r.GetString(0), r.GetInt64(1)))
                .ToDictionary(r => r.Item1, r => r.Item2);
            await WriteDownAsync(sizes, source, asOf, cancel);
            return source;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task WriteDownAsync(Dictionary<string, long> sizes, UpliftSource? source, DateTime? asOf, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var known = await context.Segments.ToDictionaryAsync(s => s.Key, cancel);
        var always = KnownSegments.All.Where(s => s.Kind == SegmentKind.Lifecycle || source is not null).Select(s => s.Key);
        foreach (var key in always.Concat(sizes.Keys).Concat(known.Keys).Distinct().ToList())
        {
            var listed = KnownSegments.Find(key);
            if (!known.TryGetValue(key, out var segment))
            {
                var computed = File.GetLastWriteTimeUtc(lake.PathTo(CustomerFeatures.CurrentFile));
                context.Segments.Add(segment = new Segment { Key = key, Kind = listed.Kind, NameEn = "", NameZh = "", ComputedAt = computed });
            }

            (segment.NameEn, segment.NameZh) = listed.Name;

            // A segment that has emptied keeps its row: campaigns may name it.
            segment.Size = sizes.GetValueOrDefault(key);
            segment.ComputedAt = (segment.Kind == SegmentKind.Uplift ? source?.At : asOf) ?? segment.ComputedAt;
        }

        await context.SaveChangesAsync(cancel);
    }
}
