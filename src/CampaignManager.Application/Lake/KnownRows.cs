using System.Globalization;

namespace CampaignManager.Application.Lake;

/// <summary>
/// A table with every version of its rows and when each was what the shop had said: what was known at a moment can then be read for many moments at once.
/// <list type="bullet">
/// <item>A row is seen from when it was said (<c>known_from</c>) until it was corrected or taken back (<c>known_to</c>).</item>
/// <item>What happened before its source's first import (<c>told_from</c>) was said long after: it is <c>backfilled</c> and read by when it happened. A correction of it is not.</item>
/// <item>Of moments before the first import nobody knew anything: they see what is known today.</item>
/// <item><c>changed</c>: whether there is another version.</item>
/// </list>
/// </summary>
internal static class KnownRows
{
    /// <summary>After a list of other columns.</summary>
    public const string Columns = ", known_from, known_to, told_from, backfilled, changed";

    private const string Always = "TIMESTAMP '0001-01-01'";
    private const string Never = "TIMESTAMP '9999-12-31'";
    private const string Today = "TIMESTAMP '9999-12-30'";

    /// <summary>Of a row that is in one version: it is seen at all moments after this one.</summary>
    public const string SeenAfter = "greatest(\"at\", known_from - INTERVAL 1 MICROSECOND)";

    /// <summary>Whether a row that happened before a moment was known then.</summary>
    public static string Seen(string row, string moment)
    {
        var by = $"CASE WHEN {moment} < {row}.told_from THEN {Today} ELSE {moment} END";
        return $"{row}.known_from <= {by} AND {row}.known_to > {by}";
    }

    /// <summary>The table as a relation, with what ids that turned out to be somebody's did as that person's.</summary>
    /// <param name="lake">Where it is.</param>
    /// <param name="table">With a time and a key.</param>
    public static string Of(DataLake lake, LakeTable table)
    {
        var catalogue = lake.Catalogue();
        return new LakeAliases(lake, catalogue, null).Applied(table, Own(new LakeRelation(lake, table, catalogue, null), table, catalogue));
    }

    private static string Own(LakeRelation relation, LakeTable table, LakeCatalogue catalogue)
    {
        var first = catalogue.Imports.GroupBy(i => i.Source, StringComparer.Ordinal).Select(g =>
            string.Create(CultureInfo.InvariantCulture, $"WHEN '{DataLake.Quote(g.Key)}' THEN {DataLake.Moment(g.Min(i => i.KnownAt))}")).ToList();
        var told = first.Count == 0 ? "NULL::TIMESTAMP" : $"CASE source {string.Join(" ", first)} END";
        var rows = $"(SELECT *, {told} AS told_from FROM {relation.Everything} WHERE NOT deleted)";
        var backfilled = $"coalesce(\"{table.Time}\" < told_from, false)";
        string Of(string from, string condition, string known, string changed) => $"""
            SELECT r.*, {condition} AS backfilled, CASE WHEN {condition} THEN {Always} ELSE r.known_at END AS known_from, {known} AS known_to, {changed} AS changed FROM {from}
            """;
        if (!catalogue.FilesOf(table).Any(f => f.Replaces))
            return $"({Of(rows + " r", backfilled, Never, "false")})";
        var key = string.Join(", ", table.Key);
        var gone = $"(SELECT {key}, version, min(known_at) AS known_at FROM {relation.Everything} WHERE deleted GROUP BY ALL)";
        string On(string other) => string.Join(" AND ", table.Key.Select(k => $"{other}.{k} = r.{k}"));
        return $"""
            ({Of($"{rows} r ANTI JOIN {gone} g ON {On("g")}", backfilled, Never, "false")}
             UNION ALL
             {Of($"(SELECT r.* FROM {rows} r SEMI JOIN {gone} g ON {On("g")}) r ASOF LEFT JOIN {gone} later ON {On("later")} AND r.version < later.version "
                 + $"ASOF LEFT JOIN {gone} earlier ON {On("earlier")} AND r.version >= earlier.version",
                 $"{backfilled} AND earlier.version IS NULL", $"coalesce(later.known_at, {Never})", "true")})
            """;
    }
}
