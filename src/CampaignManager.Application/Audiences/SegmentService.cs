using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>
/// The segments: where customers stand (lifecycle), what they like best (favourite category) and how a campaign is predicted to move them (uplift). Every customer has one
/// of the first kind, one of the second once they looked at something, and any number of the third once they were scored. Beside them stand the audiences that people made, so that
/// campaigns use them like any other.
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

    /// <summary>The same after an audience has been saved or deleted; before the first features there is nobody to be in one.</summary>
    internal Task AudiencesChangedAsync(CancellationToken cancel) => InTurnAsync(null, cancel);

    public void Dispose() => gate.Dispose();

    private async Task<UpliftSource?> InTurnAsync(DateTime? asOf, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            // The last to come sees what all others have saved, on whatever node.
            using var one = await LakeLock.TakeAsync(lake, cancel);
            await using var context = await contexts.CreateDbContextAsync(cancel);
            var audiences = await context.Audiences.AsNoTracking().OrderBy(a => a.Key).ToListAsync(cancel);
            if (!File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
            {
                await WriteDownAsync(context, audiences, [], null, null, time: false, cancel);
                return null;
            }

            using var connection = lake.Open();
            var features = lake.SourceOf(CustomerFeatures.CurrentFile);
            var source = await ranking.RankAsync(connection, features, cancel);
            AudienceFacts.Write(lake, connection, await ranking.ScoresAsync(source, cancel), cancel);
            var moment = asOf ?? await AudienceMembers.AsOfAsync(lake, context, cancel);
            AudienceMembers.Lay(lake, connection, [.. audiences.Select(a => (a.Key, a.PredicateJson))], moment, cancel);
            lake.WriteFile(connection, $"""
                SELECT customer_id, c_lifecycle AS segment FROM {features}
                UNION ALL SELECT customer_id, '{SegmentKeys.FavouritePrefix}' || c_favourite FROM {features} WHERE c_favourite IS NOT NULL
                UNION ALL SELECT customer_id, segment FROM {CustomerRanking.Members}
                UNION ALL SELECT customer_id, segment FROM {AudienceMembers.Members}
                ORDER BY segment, customer_id
                """, CurrentFile, cancel);
            if (source is not null)
                await ranking.KeepSourceAsync(source, cancel);
            var sizes = connection.Query($"SELECT segment, count(*) FROM {lake.SourceOf(CurrentFile)} GROUP BY 1", r => (r.GetString(0), r.GetInt64(1)))
                .ToDictionary(r => r.Item1, r => r.Item2);
            await WriteDownAsync(context, audiences, sizes, source, moment, time: asOf is not null, cancel);
            return source;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <param name="context">Which saves it.</param>
    /// <param name="audiences">Those that people made.</param>
    /// <param name="sizes">By key.</param>
    /// <param name="source">Whose scores the segments by uplift are from.</param>
    /// <param name="asOf">As of when customers are described; null before the first time.</param>
    /// <param name="time">Whether they were just described anew.</param>
    /// <param name="cancel">Stops.</param>
    private async Task WriteDownAsync(
        AppDbContext context, List<SavedAudience> audiences, Dictionary<string, long> sizes, UpliftSource? source, DateTime? asOf, bool time, CancellationToken cancel)
    {
        var known = await context.Segments.ToDictionaryAsync(s => s.Key, cancel);
        var own = audiences.ToDictionary(a => a.Key, StringComparer.Ordinal);
        foreach (var gone in known.Values.Where(s => s.Kind == SegmentKind.Audience && !own.ContainsKey(s.Key)))
            context.Segments.Remove(gone);
        var always = KnownSegments.All.Where(s => asOf is not null && (s.Kind == SegmentKind.Lifecycle || source is not null)).Select(s => s.Key);
        foreach (var key in always.Concat(sizes.Keys).Concat(known.Keys).Concat(own.Keys).Distinct().Where(k => !SegmentKeys.IsOwn(k) || own.ContainsKey(k)).ToList())
        {
            var listed = KnownSegments.Find(key);
            if (!known.TryGetValue(key, out var segment))
            {
                var computed = asOf is null ? own[key].UpdatedAt : File.GetLastWriteTimeUtc(lake.PathTo(CustomerFeatures.CurrentFile));
                context.Segments.Add(segment = new Segment { Key = key, Kind = listed.Kind, NameEn = "", NameZh = "", ComputedAt = computed });
            }

            (segment.NameEn, segment.NameZh) = own.TryGetValue(key, out var saved) ? new BothLanguages(saved.Name, saved.Name) : listed.Name;

            // A segment that has emptied keeps its row: campaigns may name it.
            segment.Size = sizes.GetValueOrDefault(key);
            segment.ComputedAt = segment.Kind switch
            {
                SegmentKind.Uplift => source?.At ?? (time ? asOf!.Value : segment.ComputedAt),
                SegmentKind.Audience => asOf ?? segment.ComputedAt,
                _ => time ? asOf!.Value : segment.ComputedAt,
            };
        }

        if (asOf is { } moment)
            await KeepHistoryAsync(context, sizes, own.Keys, moment, cancel);
        await context.SaveChangesAsync(cancel);
    }

    private static async Task KeepHistoryAsync(
        AppDbContext context, Dictionary<string, long> sizes, IEnumerable<string> audiences, DateTime asOf, CancellationToken cancel)
    {
        var day = DateOnly.FromDateTime(asOf);
        var today = await context.SegmentSizes.Where(s => s.Day == day).ToDictionaryAsync(s => s.Key, cancel);
        foreach (var key in sizes.Keys.Concat(audiences).Distinct())
        {
            if (!today.TryGetValue(key, out var row))
                context.SegmentSizes.Add(row = new SegmentSize { Key = key, Day = day });
            (row.Size, row.AsOf) = (sizes.GetValueOrDefault(key), asOf);
        }
    }
}
