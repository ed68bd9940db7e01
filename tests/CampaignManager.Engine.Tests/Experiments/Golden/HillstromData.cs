using System.Globalization;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>Rows of a comparison: a column's whole minor units by arm and, if wanted, by a value of a segment.</summary>
internal sealed class HillstromData(string file)
{
    private readonly string[] header = [.. System.IO.File.ReadLines(file).First().Split(',')];
    private readonly string[][] rows = [.. System.IO.File.ReadLines(file).Skip(1).Select(Cells)];

    public IEnumerable<string> Values(string column) => rows.Select(r => r[At(column)]).Distinct().Order(StringComparer.Ordinal);

    public long Count(string arm) => rows.LongCount(r => r[At("segment")] == arm);

    public long[] Column(string arm, string column, long units, (string Column, string Value)? segment = null) =>
    [
        .. rows.Where(r => r[At("segment")] == arm && (segment is not { } s || r[At(s.Column)] == s.Value))
            .Select(r => (long)Math.Round(double.Parse(r[At(column)], CultureInfo.InvariantCulture) * units)),
    ];

    public double[] Everybody(string column) => [.. rows.Select(r => double.Parse(r[At(column)], CultureInfo.InvariantCulture))];

    // One column names amounts in quotes: "7) $1,000 +".
    private static string[] Cells(string line)
    {
        var parts = line.Split('"');
        return parts.Length == 3 ? [.. parts[0].TrimEnd(',').Split(','), parts[1], .. parts[2].TrimStart(',').Split(',')] : line.Split(',');
    }

    private int At(string column) => Array.IndexOf(header, column);
}
