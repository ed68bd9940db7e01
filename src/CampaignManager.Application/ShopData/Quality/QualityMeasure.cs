using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Uplift;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Quality;

/// <param name="Rows">Of the last days, or all of a table without a time.</param>
internal sealed record Measured(string Source, string Table, long Rows, long RowsBefore, IReadOnlyList<QualityFinding> Findings);

/// <summary>Measures one table of the lake, source by source: the last four weeks up to its newest row, beside the four weeks before.</summary>
internal sealed class QualityMeasure(DataLake lake, DuckDBConnection connection, IReadOnlyDictionary<string, QualityThreshold> thresholds, DateTime now)
{
    public const int Days = 28;

    private const int GapDays = 90;

    /// <summary>With fewer rows a day an empty one is no sign of anything: of five a day, one in 150 days is empty by chance.</summary>
    private const int RowsOfADay = 5;

    /// <summary>With fewer rows shares and quantiles say nothing.</summary>
    private const int Fewest = 100;

    private const int Levels = 20;

    private List<QualityFinding> findings = [];

    public IReadOnlyList<Measured> Table(WatchedTable watched)
    {
        if (!lake.HasRows(watched.Table))
            return [];
        var time = watched.Time is null ? "NULL::TIMESTAMP" : $"\"{watched.Time}\"";
        var sources = connection.Query(
            $"SELECT coalesce(source, ''), CASE WHEN max({time}) IS NOT NULL THEN least(max({time}), {DataLake.Moment(now)}) END FROM {lake.Source(watched.Table)} GROUP BY 1 ORDER BY 1",
            r => (Source: r.GetString(0), Newest: r.IsDBNull(1) ? (DateTime?)null : r.GetDateTime(1)));
        return [.. sources.Select(s => Source(watched, s.Source, s.Newest))];
    }

    private Measured Source(WatchedTable watched, string source, DateTime? newest)
    {
        findings = [];
        var own = $"(SELECT * FROM {lake.Source(watched.Table)} WHERE coalesce(source, '') = '{DataLake.Quote(source)}')";
        var period = newest is not { } end ? "'now'" : string.Create(CultureInfo.InvariantCulture, $"""
            CASE WHEN "{watched.Time}" > {DataLake.Moment(end)} - INTERVAL {Days} DAY AND "{watched.Time}" <= {DataLake.Moment(end)} THEN 'now'
                 WHEN "{watched.Time}" > {DataLake.Moment(end)} - INTERVAL {2 * Days} DAY AND "{watched.Time}" <= {DataLake.Moment(end)} THEN 'before' END
            """);
        // A list of customers is whole: what is missing in it is missing, whenever they joined.
        var whole = watched.Is(LakeTable.Customers);
        connection.Run($"CREATE OR REPLACE TEMP TABLE judged AS SELECT *, {period} AS period FROM {own} {(newest is null || whole ? "" : $"WHERE ({period}) IS NOT NULL")}");
        var rows = Count(whole ? "true" : "period = 'now'");
        var before = newest is null ? 0 : Count("period = 'before'");
        var judged = whole ? "true" : "period = 'now'";
        foreach (var column in watched.Needed)
            Missing(column, judged, rows);
        if (watched.Same is { } same)
            Add(QualityChecks.Duplicates, "", rows - Count($"{judged}", $"SELECT DISTINCT {same} FROM judged WHERE {judged}"), rows);
        foreach (var column in watched.Numbers)
            Outliers(column, rows);
        foreach (var column in watched.Numbers)
            Drift(column, NumberBins(column));
        foreach (var column in watched.Words)
            Drift(column, WordBins(column));
        if (watched.HasDays && newest is { } last)
            Gaps(own, watched.Time!, last);
        if (watched.Is(LakeTable.Orders))
            Add(QualityChecks.Reconciliation, "", Count("period = 'now' AND adds_up = false"), Count("period = 'now' AND adds_up IS NOT NULL"));
        if (watched.Is(LakeTable.Events))
            Add(QualityChecks.Bots, "", Count("period = 'now' AND robot"), rows);
        if (watched.HasDays)
            Late(source, watched.Time!);
        return new Measured(source, watched.Table.Name, rows, before, findings);
    }

    private void Missing(string column, string judged, long rows)
    {
        var missing = Count($"{judged} AND ({WatchedTable.Sql(column)}) IS NULL");
        // What never comes is not delivered at all, and no worse than yesterday.
        if (rows > 0 && missing == rows && Count($"({WatchedTable.Sql(column)}) IS NOT NULL") == 0)
            findings.Add(new QualityFinding(QualityChecks.Missing, column, 1, missing, QualityGrade.Ok));
        else
            Add(QualityChecks.Missing, column, missing, rows);
    }

    private void Outliers(string column, long rows)
    {
        if (rows < Fewest)
            return;
        var far = connection.Query(
            $"""
            WITH logs AS (SELECT period, ln("{column}"::DOUBLE) AS x FROM judged WHERE period IS NOT NULL AND "{column}" > 0),
                 fences AS (SELECT quantile_cont(x, 0.25) AS low, quantile_cont(x, 0.75) AS high FROM logs)
            SELECT count(*), count(*) FILTER (x > high + greatest(3 * (high - low), ln(8)) OR x < low - greatest(3 * (high - low), ln(8)))
            FROM logs, fences WHERE period = 'now'
            """,
            r => (All: r.GetInt64(0), Far: r.GetInt64(1)))[0];
        if (far.All >= Fewest)
            Add(QualityChecks.Outliers, column, far.Far, far.All);
    }

    private string? NumberBins(string column)
    {
        var cuts = connection.Query(
            $"""
            SELECT unnest(quantile_cont("{column}"::DOUBLE, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])) FROM judged WHERE period = 'before'
            """,
            r => r.IsDBNull(0) ? (double?)null : r.GetDouble(0)).OfType<double>().Distinct().ToList();
        return cuts.Count == 0 ? null : string.Join(" + ", cuts.Select(c => string.Create(CultureInfo.InvariantCulture, $"(\"{column}\" > {c:R})::INTEGER")));
    }

    private string? WordBins(string column)
    {
        var common = connection.Query(
            $"SELECT \"{column}\"::VARCHAR FROM judged WHERE period IS NOT NULL AND \"{column}\" IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {Levels}", r => r.GetString(0));
        return common.Count == 0 ? null
            : $"coalesce(list_position([{string.Join(", ", common.Select(c => $"'{DataLake.Quote(c)}'"))}], \"{column}\"::VARCHAR), CASE WHEN \"{column}\" IS NOT NULL THEN 0 END)";
    }

    /// <param name="bins">A row's bin as SQL, NULL where the value is missing; null: nothing to tell apart.</param>
    private void Drift(string column, string? bins)
    {
        if (bins is null)
            return;
        var counts = connection.Query(
            $"SELECT count(*) FILTER (period = 'before'), count(*) FILTER (period = 'now') FROM judged WHERE period IS NOT NULL GROUP BY {bins}",
            r => (Before: r.GetInt64(0), Now: r.GetInt64(1)));
        double before = counts.Sum(c => c.Before), now = counts.Sum(c => c.Now);
        if (before < Fewest || now < Fewest)
            return;
        var index = PopulationStability.Index([.. counts.Select(c => c.Before)], [.. counts.Select(c => c.Now)]);
        // Under no change the index times nm/(n + m) is chi-square with one degree less than bins: its mean and two standard deviations are chance.
        double free = counts.Count - 1, chance = (free + (2 * Math.Sqrt(2 * free))) * ((1 / before) + (1 / now));
        var value = Math.Round(Math.Max(0, index - chance), 4);
        findings.Add(new QualityFinding(QualityChecks.Drift, column, value, (long)now, thresholds[QualityChecks.Drift].Of(value)));
    }

    private void Gaps(string own, string time, DateTime newest)
    {
        var (rows, days, span) = connection.Query(
            $"""
            SELECT count(*), count(DISTINCT "{time}"::DATE), coalesce(date_diff('day', min("{time}")::DATE, max("{time}")::DATE) + 1, 0)
            FROM {own} WHERE "{time}" > {DataLake.Moment(newest)} - INTERVAL {GapDays} DAY AND "{time}" <= {DataLake.Moment(newest)}
            """,
            r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)))[0];
        var gaps = span - days;
        var grade = rows < RowsOfADay * days ? QualityGrade.Ok : thresholds[QualityChecks.Gaps].Of(gaps);
        findings.Add(new QualityFinding(QualityChecks.Gaps, "", gaps, gaps, grade));
    }

    private void Late(string source, string time)
    {
        // What is older than the source's first import could not have been said in time.
        if (lake.Catalogue().Imports.Where(i => i.Source == source).Select(i => (DateTime?)i.KnownAt).Min() is not { } first)
            return;
        var since = $"period = 'now' AND \"{time}\" >= {DataLake.Moment(first)}";
        Add(QualityChecks.Late, "", Count($"{since} AND known_at > \"{time}\" + INTERVAL 48 HOUR"), Count(since));
    }

    private void Add(string check, string column, long count, long of)
    {
        if (of == 0)
            return;
        var share = Math.Round(count / (double)of, 6);
        findings.Add(new QualityFinding(check, column, share, count, count == 0 ? QualityGrade.Ok : thresholds[check].Of(share)));
    }

    private long Count(string where, string? rows = null) => connection.Scalar<long>($"SELECT count(*) FROM {(rows is null ? "judged" : $"({rows})")} WHERE {(rows is null ? where : "true")}");
}
