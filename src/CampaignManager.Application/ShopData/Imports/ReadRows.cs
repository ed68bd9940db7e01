using System.Text.Json;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>What passes on the way from the files to the lake: the time it covers, by table.</summary>
internal sealed class ReadRows
{
    private readonly SortedDictionary<string, Span> spans = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    /// <summary>Somebody has begun to read.</summary>
    public bool IsBegun { get; private set; }

    public IReadOnlyList<ImportCoverage> Coverage => [.. spans.Select(s => s.Value.As(s.Key))];

    public IEnumerable<ReadRow> Watch(IEnumerable<ReadRow> rows)
    {
        IsBegun = true;
        foreach (var row in rows)
        {
            Count++;
            if (Of(row) is var (table, at) && at is { } time)
            {
                if (!spans.TryGetValue(table, out var span))
                    spans[table] = span = new Span();
                span.See(time);
            }

            yield return row;
        }
    }

    public static IReadOnlyDictionary<string, JsonElement> Json(Figures figures) =>
        figures.Values.ToDictionary(f => f.Key, f => JsonSerializer.SerializeToElement(f.Value, JsonSerializerOptions.Web));

    private static (string Table, DateTime? At) Of(ReadRow row) => row switch
    {
        OrderRow order => ("orders", order.At),
        EventRow happened => ("events", happened.At),
        CustomerRow customer => ("customers", customer.JoinedAt),
        ExposureRow exposure => ("exposures", exposure.AssignedAt),
        CampaignRow campaign => ("campaigns", campaign.StartsAt),
        _ => ("products", null),
    };

    private sealed class Span
    {
        private readonly HashSet<DateOnly> days = [];
        private DateTime from = DateTime.MaxValue;
        private DateTime to = DateTime.MinValue;

        public void See(DateTime at)
        {
            (from, to) = (at < from ? at : from, at > to ? at : to);
            days.Add(DateOnly.FromDateTime(at));
        }

        public ImportCoverage As(string table) =>
            new(table, from, to, DateOnly.FromDateTime(to).DayNumber - DateOnly.FromDateTime(from).DayNumber + 1 - days.Count);
    }
}
