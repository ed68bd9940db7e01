using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>Writes and reads <see cref="FeatureSummary"/>.</summary>
public sealed class FeatureSummaries(DataLake lake)
{
    public const int Bins = 12;

    private const int MostWords = 12;

    /// <summary>Bounds of bins need no more customers than these; the counts are of all.</summary>
    private const int Sampled = 50_000;

    /// <returns>Null before features were first worked out, or where they are of an earlier release.</returns>
    public FeatureSummary? Read()
    {
        var path = lake.PathTo(FeatureSummary.File);
        return File.Exists(path) ? FigureJson.Read<FeatureSummary>(File.ReadAllText(path)) : null;
    }

    internal async Task WriteAsync(DuckDBConnection connection, DateTime asOf, CancellationToken cancel)
    {
        var source = lake.SourceOf(CustomerFeatures.CurrentFile);
        var customers = connection.Scalar<long>($"SELECT count(*) FROM {source}");
        var columns = connection.Query($"SELECT column_name FROM (DESCRIBE SELECT * FROM {source})", r => r.GetString(0))
            .Where(c => KnownFeatures.Find(c) is not null).ToList();
        var uncovered = Uncovered(connection, asOf);
        var every = Math.Max(1, customers / Sampled);
        var sample = string.Create(CultureInfo.InvariantCulture, $"(SELECT * FROM {source} WHERE hash(customer_id) % {every} = 0)");
        var spreads = columns.Select(column =>
        {
            cancel.ThrowIfCancellationRequested();
            var known = KnownFeatures.Find(column)!;
            return known.Unit == FeatureUnit.Word ? Words(connection, source, column, uncovered(column, known)) :
                Numbers(connection, source, sample, column, known.Unit, uncovered(column, known));
        }).ToList();
        await lake.WriteTextAsync(FigureJson.Write(new FeatureSummary(asOf, customers, spreads)), FeatureSummary.File, cancel);
    }

    private static FeatureSpread Words(DuckDBConnection connection, string source, string column, FeatureBasis uncovered)
    {
        var counts = connection.Query($"SELECT \"{column}\", count(*) FROM {source} GROUP BY 1", r => (Word: r.IsDBNull(0) ? null : r.GetString(0), Count: r.GetInt64(1)));
        var known = counts.Where(c => c.Word is not null).OrderByDescending(c => c.Count).ThenBy(c => c.Word, StringComparer.Ordinal).ToList();
        var others = known.Skip(MostWords).Sum(c => c.Count);
        IReadOnlyList<long> shown = [.. known.Take(MostWords).Select(c => c.Count), .. others > 0 ? [others] : Array.Empty<long>()];
        return new FeatureSpread(
            column, counts.Where(c => c.Word is null).Sum(c => c.Count), uncovered, null, null, null, [], shown, [.. known.Take(MostWords).Select(c => c.Word!)]);
    }

    private static FeatureSpread Numbers(
        DuckDBConnection connection, string source, string sample, string column, FeatureUnit unit, FeatureBasis uncovered)
    {
        string Bounds(string rows) => $"SELECT quantile_disc(\"{column}\", 0.01), median(\"{column}\"), quantile_disc(\"{column}\", 0.99) FROM {rows}";
        static (double Low, double Middle, double High)? Three(DuckDBDataReader r) => r.IsDBNull(0) ? null : (r.GetDouble(0), r.GetDouble(1), r.GetDouble(2));
        // So few may have one that the sample has none.
        if ((connection.Query(Bounds(sample), Three)[0] ?? connection.Query(Bounds(source), Three)[0]) is not var (low, middle, high))
            return new FeatureSpread(column, connection.Scalar<long>($"SELECT count(*) FROM {source}"), uncovered, null, null, null, [], [], []);
        var (first, width, bins) = Cut(low, high, unit);
        var counts = new long[bins];
        var missing = 0L;
        // NULL is nobody's least and nobody's greatest, and would stand in the first bin.
        var bin = string.Create(
            CultureInfo.InvariantCulture,
            $"CASE WHEN \"{column}\" IS NOT NULL THEN least(greatest(floor((\"{column}\" - {first:R}) / {width:R}), 0), {bins - 1})::INTEGER END");
        foreach (var (at, count) in connection.Query($"SELECT {bin}, count(*) FROM {source} GROUP BY 1", r => (r.IsDBNull(0) ? -1 : r.GetInt32(0), r.GetInt64(1))))
        {
            if (at < 0)
                missing = count;
            else
                counts[at] = count;
        }

        return new FeatureSpread(
            column, missing, uncovered, low, middle, high, [.. Enumerable.Range(0, bins + 1).Select(i => first + (i * width))], counts, []);
    }

    /// <summary>Few whole numbers have a bin each.</summary>
    private static (double First, double Width, int Bins) Cut(double low, double high, FeatureUnit unit)
    {
        if (unit == FeatureUnit.Count)
            (low, high) = (Math.Floor(low), Math.Floor(high) + 1);
        return unit == FeatureUnit.Count && high - low <= Bins ? (low, 1, (int)(high - low))
            : high > low ? (low, (high - low) / Bins, Bins) : (low, 1, 1);
    }

    private Func<string, KnownFeature, FeatureBasis> Uncovered(DuckDBConnection connection, DateTime asOf)
    {
        if (LakeCoverage.Of(lake) is not { } coverage)
            return (_, _) => 0;
        var moment = DataLake.Moment(asOf);
        var counted = FeatureSql.Basis.Where(b => !coverage.Counts(b.What)).Aggregate(default(FeatureBasis), (all, b) => all | b.Basis);
        var open = FeatureSql.Covered.Where(f => !connection.Scalar<bool>($"SELECT {coverage.Spans(f.What, moment, f.Days)}")).Select(f => f.Name).ToHashSet();
        return (column, known) => open.Contains(column) ? known.Basis : known.Basis & counted;
    }
}
