using System.Globalization;
using System.Numerics;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Money;
using DuckDB.NET.Data;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Counts an imported experiment's table: the same sums as of a campaign, under the outcomes' own names.</summary>
/// <param name="table">SQL source of the rows.</param>
/// <param name="covariate">Column known before, which CUPED takes; null for none.</param>
/// <param name="dimensions">Features that cut the customers into segments.</param>
internal sealed class DataSetSums(DuckDBConnection connection, string table, DataSetManifest manifest, DataSetFeature? covariate, IReadOnlyList<DataSetFeature> dimensions)
{
    private const double Fine = 1e6, Coarse = 100, Large = 1000;

    private readonly List<Column> outcomes = [.. manifest.Outcomes.Select(o => Outcome(o))];

    public ExperimentSums Read(DateTime asOf, IReadOnlyList<PlannedArm> arms, bool planned, CancellationToken cancel)
    {
        var named = outcomes.ConvertAll(o => o.Currency is null ? new NamedOutcome(o.Name, null, null, false) : Capped(o));
        cancel.ThrowIfCancellationRequested();
        var cells = Cells(named);
        var before = covariate is null ? null : Feature(covariate);
        List<Column> crossed = before is null ? outcomes : [.. outcomes, before, new Column("missing", $"({Quoted(covariate!)} IS NULL)::INTEGER", 1, null)];
        var cross = Products(crossed);
        List<Column> balanced = [.. Numeric().SelectMany(f => f.Missing == 0 ? [Feature(f)] : new[] { Feature(f), new Column(f.Label + " ?", $"({Quoted(f)} IS NULL)::INTEGER", 1, null) })];
        var balance = balanced.Count == 0 ? [] : Products(balanced);
        cancel.ThrowIfCancellationRequested();

        ArmCell Cell(int arm, NamedSums[] sums, bool whole) =>
            new(manifest.Arms[arm], new Dictionary<OutcomeMetric, OutcomeSums>(), whole ? cross.GetValueOrDefault(arm) : null) { Named = sums };
        var everybody = cells.Where(c => c.Dimension is null).OrderBy(c => c.Arm).ToList();
        SegmentCell[] segments = [.. cells.Where(c => c.Dimension is not null).GroupBy(c => (c.Dimension, c.Segment))
            .Select(g => new SegmentCell(g.Key.Dimension!, g.Key.Segment, [.. g.OrderBy(c => c.Arm).Select(c => Cell(c.Arm, c.Sums, whole: false))]))];
        var reading = new ReadingSums(OutcomeReading.Final, 0, [.. everybody.Select(c => Cell(c.Arm, c.Sums, whole: true))], segments);
        var assigned = planned ? everybody.Select(c => new AssignedCount(DateOnly.FromDateTime(asOf), "", "", manifest.Arms[c.Arm], c.Sums[0].Sums.Count)).ToArray() : [];
        var epoch = new EpochSums(1, null, arms, default, null, [reading], assigned, 0, balance.ToDictionary(b => manifest.Arms[b.Key], b => b.Value), [.. balanced.Select(b => b.Name)])
        {
            BalanceUnits = [.. balanced.Select(b => b.Units)],
        };
        return new ExperimentSums(
            manifest.ExperimentId, asOf, null, asOf, false, null, false, named.Find(n => n.Currency is not null)?.Currency, new Dictionary<string, long>(), [epoch])
        {
            Named = named,
            Covariate = covariate?.Label,
            CovariateUnits = before?.Units ?? 1,
        };
    }

    /// <summary>Numbers that were fixed before; too many would make the test of all of them weak.</summary>
    private IEnumerable<DataSetFeature> Numeric() => manifest.Features.Where(f => f.Kind == "numeric" && f.Distinct > 1).Take(20);

    // Nobody registered a cap: the rule is that of a campaign, over the amounts of all arms together, which do not say who won.
    private NamedOutcome Capped(Column outcome)
    {
        var positive = connection.Query($"SELECT {outcome.Sql} FROM {table} WHERE {outcome.Sql} > 0", r => r.GetInt64(0));
        var fewest = manifest.ArmCounts.Min(a => (double)a.Rows) / manifest.ArmCounts.Sum(a => a.Rows);
        var cap = MoneyCap.Choose(positive, null, positive.Count * fewest);
        return new NamedOutcome(outcome.Name, outcome.Currency, cap.Cap, cap.Percentile > 0.95);
    }

    private List<Cell> Cells(List<NamedOutcome> named)
    {
        var sums = outcomes.SelectMany((o, i) => new[] { o.Sql, Clamped(o.Sql, named[i].Cap) }.SelectMany(v => (string[])[$"sum({v}::HUGEINT)", $"sum({v}::HUGEINT * {v})", $"sum({v}::HUGEINT * {v} * {v})"])
            .Append($"count(*) FILTER ({o.Sql} > 0)"));
        var names = dimensions.Select(Text).ToList();
        var sets = string.Join(", ", names.Select((_, i) => $"(arm, d{i})").Prepend("(arm)"));
        var of = string.Concat(names.Select((n, i) => $", {n} AS d{i}"));
        var shown = string.Concat(names.Select((_, i) => $", CASE WHEN grouping(d{i}) = 0 THEN d{i} END"));
        var sql = $"SELECT arm, count(*), {string.Join(", ", sums)}{shown} FROM (SELECT *{of} FROM {table}) GROUP BY GROUPING SETS ({sets}) ORDER BY ALL";
        return connection.Query(sql, r =>
        {
            var n = r.GetInt64(1);
            var found = new NamedSums[outcomes.Count];
            for (var i = 0; i < found.Length; i++)
            {
                var at = 2 + 7 * i;
                var raw = new OutcomeSums(n, Whole(r, at), Whole(r, at + 1), Whole(r, at + 2));
                found[i] = new NamedSums(raw, named[i].Cap is null ? null : new OutcomeSums(n, Whole(r, at + 3), Whole(r, at + 4), Whole(r, at + 5)), r.GetInt64(at + 6));
            }

            var cut = Enumerable.Range(0, names.Count).FirstOrDefault(i => !r.IsDBNull(2 + 7 * found.Length + i), -1);
            return new Cell(r.GetInt32(0), cut < 0 ? null : dimensions[cut].Label, cut < 0 ? "" : r.GetString(2 + 7 * found.Length + cut), found);
        });
    }

    private Dictionary<int, CrossSums> Products(List<Column> columns)
    {
        var sums = columns.Select(c => $"sum({c.Sql}::HUGEINT)");
        var products = columns.SelectMany((a, i) => columns.Take(i + 1).Select(b => $"sum(({a.Sql})::HUGEINT * ({b.Sql}))"));
        return connection.Query($"SELECT arm, count(*), {string.Join(", ", sums.Concat(products))} FROM {table} GROUP BY arm", r => (Arm: r.GetInt32(0), Sums: CrossSums.Stored(
            r.GetInt64(1), [.. columns.Select((_, i) => Whole(r, 2 + i))],
            [.. Enumerable.Range(2 + columns.Count, columns.Count * (columns.Count + 1) / 2).Select(i => Whole(r, i))]))).ToDictionary(c => c.Arm, c => c.Sums);
    }

    private Column Feature(DataSetFeature feature)
    {
        var name = Quoted(feature);
        var most = connection.Scalar<double>($"SELECT coalesce(max(abs({name})), 0) FROM {table}");
        var units = most < Large ? Fine : Coarse;
        return new Column(feature.Label, string.Create(CultureInfo.InvariantCulture, $"coalesce(round({name} * {units}), 0)::BIGINT"), units, null);
    }

    private static Column Outcome(UpliftOutcome outcome)
    {
        var units = outcome.IsBinary ? 1 : Currency.TryGet(outcome.Currency, out var known) ? known.MinorPerMajor : 100;
        var name = "\"y_" + outcome.Name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        return new Column(
            outcome.Label ?? outcome.Name, string.Create(CultureInfo.InvariantCulture, $"round({name} * {units})::BIGINT"), units, outcome.IsBinary ? null : outcome.Currency ?? "USD");
    }

    private static string Clamped(string sql, long? cap) =>
        cap is { } c ? string.Create(CultureInfo.InvariantCulture, $"greatest(least({sql}, {c}), {-c})") : sql;

    // A number as people write it: 1, not 1.0; what is not known is a segment of its own.
    private static string Text(DataSetFeature feature) => feature.Kind == "numeric"
        ? $"CASE WHEN {Quoted(feature)} IS NULL THEN '' WHEN {Quoted(feature)} = floor({Quoted(feature)}) THEN ({Quoted(feature)}::BIGINT)::VARCHAR ELSE {Quoted(feature)}::VARCHAR END"
        : $"coalesce({Quoted(feature)}, '')";

    private static string Quoted(DataSetFeature feature) => "\"" + feature.Column.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static Int128 Whole(DuckDBDataReader reader, int at) => reader.IsDBNull(at) ? 0 : (Int128)reader.GetFieldValue<BigInteger>(at);

    private sealed record Column(string Name, string Sql, double Units, string? Currency);

    private sealed record Cell(int Arm, string? Dimension, string Segment, NamedSums[] Sums);
}
