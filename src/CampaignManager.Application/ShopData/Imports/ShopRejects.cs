using System.Globalization;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>
/// Rows that could not be taken: counted by reason, some kept as examples, and written as CSV of the mapped columns, which a person mends and imports again. The columns of
/// why come last; by them the file is known as one whose ids are pseudonyms already.
/// </summary>
internal sealed class ShopRejects(int limit, string? spool = null) : IRejects, IDisposable
{
    /// <summary>Marks a file of rejects: ids in it are not to be made pseudonyms once more.</summary>
    public const string Mark = "reject_reason";

    private const int Shown = 5;
    private const int MostText = 4000;

    private readonly SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ImportExample>> examples = [];
    private readonly List<string> columns = [];
    private readonly HashSet<string> known = [];
    private readonly StreamWriter? rows = spool is null ? null : new StreamWriter(spool, append: false, new UTF8Encoding(false));

    public long Count { get; private set; }

    /// <summary>Rows in the file: no more than the limit.</summary>
    public long Written { get; private set; }

    public IReadOnlyDictionary<string, long> Reasons => reasons;

    public IReadOnlyDictionary<string, IReadOnlyList<ImportExample>> Examples => examples.ToDictionary(e => e.Key, e => (IReadOnlyList<ImportExample>)e.Value);

    public void Add(RejectedRow row)
    {
        Count++;
        reasons[row.Reason] = reasons.GetValueOrDefault(row.Reason) + 1;
        if (!examples.TryGetValue(row.Reason, out var some))
            examples[row.Reason] = some = [];
        if (some.Count < Shown)
            some.Add(new ImportExample(row.Row, row.Detail is { Length: > 200 } longer ? longer[..200] + "…" : row.Detail));
        if (rows is null || Written >= limit)
            return;
        Written++;
        foreach (var (column, _) in row.Cells)
        {
            if (known.Add(column))
                columns.Add(column);
        }

        rows.WriteLine(JsonSerializer.Serialize(new Spooled(row.Row, row.Reason, row.Detail, row.Cells.DistinctBy(c => c.Key).ToDictionary()), JsonSerializerOptions.Web));
    }

    /// <summary>Writes all as CSV; the columns are those of any row.</summary>
    public void WriteCsv(string path)
    {
        rows!.Flush();
        rows.Dispose();
        using var csv = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" };
        Line(csv, [.. columns, Mark, "reject_detail", "reject_row"]);
        foreach (var line in File.ReadLines(spool!))
        {
            var row = JsonSerializer.Deserialize<Spooled>(line, JsonSerializerOptions.Web)!;
            Line(csv, [.. columns.Select(c => row.Cells.GetValueOrDefault(c, "")), row.Reason, row.Detail ?? "", row.Row.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    public void Dispose() => rows?.Dispose();

    private static void Line(StreamWriter csv, IEnumerable<string> cells) =>
        csv.WriteLine(string.Join(',', cells.Select(c => CsvCell.Of(c.Length > MostText ? c[..MostText] + "…" : c))));

    private sealed record Spooled(long Row, string Reason, string? Detail, Dictionary<string, string> Cells);
}
