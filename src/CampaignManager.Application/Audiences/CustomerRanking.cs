using System.Globalization;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Audiences;

/// <summary>Whose scores the segments by uplift are from; <c>uplift.json</c> beside the segments.</summary>
/// <param name="Number">The version's number within the shop's.</param>
/// <param name="At">When its customers were scored, UTC.</param>
/// <param name="Alike">The scores hardly differ: the version found no difference between customers, and their order says nothing.</param>
public sealed record UpliftSource(Guid ModelId, int Number, DateTime At, bool Alike);

/// <summary>
/// Ranks customers by the last whole run of the version in use. Where it has none, because it never scored them or is at it just now, the segments keep the members
/// they have: nobody falls out of a running campaign because another version came into use.
/// </summary>
public sealed class CustomerRanking(DataLake lake, CustomerScores scores, ShopModelInUse modelInUse)
{
    /// <summary>The relation that <see cref="RankAsync"/> leaves on the connection: <c>customer_id, segment</c>.</summary>
    internal const string Members = "uplift_members";

    private const string SourceFile = "segments/uplift.json";

    // Of the average: what a version that claims no differences leaves of them is a hundredth of this.
    private const double HardlyDifferent = 1e-4;

    /// <summary>Null before the first ranking.</summary>
    public Task<UpliftSource?> SourceAsync(CancellationToken cancellationToken) => scores.ReadAsync<UpliftSource>(SourceFile, cancellationToken);

    /// <summary>Lays the members out as a temporary table, of the customers in the features alone: who is gone is ranked no more, and who has no score is in no segment.</summary>
    /// <returns>Whose scores they are; null when nobody was ever ranked.</returns>
    internal async Task<UpliftSource?> RankAsync(DuckDBConnection connection, string features, CancellationToken cancellationToken)
    {
        if (await modelInUse(cancellationToken) is { } champion && await scores.WholeRunAsync(champion.Id, cancellationToken) is { } run)
        {
            Rank(connection, features, run, cancellationToken);
            // A run that began meanwhile was taking the files away below.
            if (await scores.RunAsync(champion.Id, cancellationToken) is { } still && (still.Basis, still.At) == (run.Basis, run.At))
                return new UpliftSource(champion.Id, champion.Number, run.At, AreAlike(connection));
        }

        var kept = File.Exists(lake.PathTo(SegmentService.CurrentFile))
            ? $"SELECT customer_id, segment FROM {lake.SourceOf(SegmentService.CurrentFile)} SEMI JOIN {features} f USING (customer_id) WHERE starts_with(segment, '{UpliftSegments.Prefix}')"
            : "SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS segment WHERE false";
        connection.Run($"CREATE OR REPLACE TEMP TABLE {Members} AS {kept}", cancellationToken);
        return await SourceAsync(cancellationToken);
    }

    /// <summary>A relation <c>customer_id, control, uplift</c> with the scores that the segments are from; without a row where they are gone.</summary>
    internal async Task<string> ScoresAsync(UpliftSource? source, CancellationToken cancellationToken) =>
        source is not null && await scores.WholeRunAsync(source.ModelId, cancellationToken) is { } run
            ? $"(SELECT customer_id, control, {BestOf(run)} AS uplift FROM {scores.SourceOf(run)})"
            : "(SELECT NULL::VARCHAR AS customer_id, NULL::DOUBLE AS control, NULL::DOUBLE AS uplift WHERE false)";

    internal Task KeepSourceAsync(UpliftSource source, CancellationToken cancellationToken) => lake.WriteTextAsync(FigureJson.Write(source), SourceFile, cancellationToken);

    /// <summary>For a run's log.</summary>
    internal static JobSentence Sentence(UpliftSource? source) => source is null
        ? JobSentence.Of("no-scores-yet", $"There are no scores to rank the customers by yet.")
        : JobSentence.Of("customers-ranked", $"The segments by uplift are those of version {source.Number}, as scored on {source.At:yyyy-MM-dd HH:mm} UTC.");

    private void Rank(DuckDBConnection connection, string features, ScoredRun run, CancellationToken cancellationToken)
    {
        // The best arm speaks for a customer. Ties are broken by a hash that stays the same, so that every share has the size it says.
        var uplift = BestOf(run);
        connection.Run($"""
            CREATE OR REPLACE TEMP TABLE uplift_ranks AS
            SELECT customer_id, uplift, row_number() OVER (ORDER BY uplift DESC, sha256(customer_id)) AS place, count(*) OVER () AS ranked
            FROM (SELECT customer_id, {uplift} AS uplift FROM {scores.SourceOf(run)} SEMI JOIN {features} f USING (customer_id)) WHERE isfinite(uplift)
            """, cancellationToken);
        var shares = UpliftSegments.Shares.Select(share => string.Create(
            CultureInfo.InvariantCulture, $"SELECT customer_id, '{UpliftSegments.Top(share)}' AS segment FROM uplift_ranks WHERE place * 100 <= ranked * {share}"));
        connection.Run($"""
            CREATE OR REPLACE TEMP TABLE {Members} AS
            {string.Join(" UNION ALL ", shares)} UNION ALL SELECT customer_id, '{UpliftSegments.Negative}' FROM uplift_ranks WHERE uplift < 0
            """, cancellationToken);
    }

    private static string BestOf(ScoredRun run) =>
        $"greatest({string.Join(", ", Enumerable.Range(1, run.Arms.Count).Select(arm => string.Create(CultureInfo.InvariantCulture, $"uplift_{arm}")))})";

    private static bool AreAlike(DuckDBConnection connection) => connection.Query(
        "SELECT coalesce(max(uplift) - min(uplift), 0), coalesce(abs(avg(uplift)), 0) FROM uplift_ranks",
        r => r.GetDouble(0) <= HardlyDifferent * Math.Max(r.GetDouble(1), 1e-3))[0];
}
