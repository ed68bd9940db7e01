using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Behaviour;

/// <summary>The first segments: where customers stand (lifecycle) and what they like best (favourite category). Every customer has one of each kind, the second once they looked at something.</summary>
public sealed class SegmentService(Lake lake, IDbContextFactory<AppDbContext> contexts)
{
    public const string CurrentFile = "segments/current.parquet";

    private static readonly Dictionary<string, (string En, string Zh)> Lifecycles = new()
    {
        ["new"] = ("New customers", "新客"),
        ["active"] = ("Active customers", "活跃客户"),
        ["loyal"] = ("Loyal customers", "忠诚客户"),
        ["lapsing"] = ("Lapsing customers", "即将流失"),
        ["lapsed"] = ("Lapsed customers", "已流失"),
    };

    // Names of the category keys that we ship; a shop's own keys speak for themselves.
    private static readonly Dictionary<string, (string En, string Zh)> Categories =
        Demo.DemoWords.Categories.ToDictionary(c => c.Key, c => (c.En, c.Zh));

    /// <summary>Makes the segments from the current features, then writes the sizes down.</summary>
    internal async Task WriteAsync(DateTime asOf, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var features = lake.SourceOf(FeatureService.CurrentFile);
        lake.WriteFile(connection, $"""
            SELECT customer_id, c_lifecycle AS segment FROM {features}
            UNION ALL SELECT customer_id, '{SegmentKeys.FavouritePrefix}' || c_favourite FROM {features} WHERE c_favourite IS NOT NULL
            ORDER BY segment, customer_id
            """, CurrentFile, cancel);
        var sizes = connection.Query($"SELECT segment, count(*) FROM {lake.SourceOf(CurrentFile)} GROUP BY 1", r => (r.GetString(0), r.GetInt64(1)))
            .ToDictionary(r => r.Item1, r => r.Item2);

        await using var context = await contexts.CreateDbContextAsync(cancel);
        var known = await context.Segments.ToDictionaryAsync(s => s.Key, cancel);
        foreach (var key in Lifecycles.Keys.Concat(sizes.Keys).Concat(known.Keys).Distinct().ToList())
        {
            if (!known.TryGetValue(key, out var segment))
            {
                var (en, zh) = Names(key);
                context.Segments.Add(segment = new Segment { Key = key, Kind = Lifecycles.ContainsKey(key) ? SegmentKind.Lifecycle : SegmentKind.Favourite, NameEn = en, NameZh = zh });
            }

            // A segment that has emptied keeps its row: campaigns may name it.
            segment.Size = sizes.GetValueOrDefault(key);
            segment.ComputedAt = asOf;
        }

        await context.SaveChangesAsync(cancel);
    }

    private static (string En, string Zh) Names(string key)
    {
        if (Lifecycles.TryGetValue(key, out var names))
            return names;
        var category = key[SegmentKeys.FavouritePrefix.Length..];
        var (en, zh) = Categories.GetValueOrDefault(category, (category, category));
        return ($"Favourite: {en}", $"偏好：{zh}");
    }
}
