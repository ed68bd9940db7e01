using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// What becomes of each key of an import: <c>new</c>, <c>same</c> (there with this content: nothing is written, but that it was said is kept as a claim), <c>corrected</c>.
/// Makes <c>v_x</c> with one row a key and <c>was_x</c> with all earlier rows of these keys.
/// </summary>
internal static class Verdict
{
    /// <param name="stage">Where.</param>
    /// <param name="table">The table.</param>
    /// <param name="fresh">Relation with one row a key: <c>n, content_hash</c>, the key's columns, <c>who</c>.</param>
    /// <param name="of">Which earlier rows count as said.</param>
    public static void Make(WriteStage stage, LakeTable table, string fresh, string of)
    {
        var keys = table.Key.Where(k => k != "source").ToList();
        var (key, who) = (string.Join(", ", keys), table.Columns.Any(c => c.Name == "customer_id") ? "customer_id" : "NULL::VARCHAR");
        var folders = string.Concat(table.PartitionColumns.Select(c => ", " + c));
        var time = table.Time is null ? "" : $", \"{table.Time}\"";
        var others = keys.Contains("customer_id") || table == LakeTable.Products ? "" : $", {who} AS customer_id";
        stage.Run($"CREATE OR REPLACE TEMP TABLE f_{table.Name} AS {fresh}");
        stage.Run($"""
            CREATE OR REPLACE TEMP TABLE was_{table.Name} AS
            SELECT {key}{others}{time}{folders}, version, deleted, content_hash, {who} AS who FROM {stage.AllVersions(table)}
            WHERE {(table.Key.Contains("source") ? $"source = {stage.Source}" : "true")} AND ({of}) AND ({key}) IN (SELECT ({key}) FROM f_{table.Name})
            """);
        stage.Run($"""
            CREATE OR REPLACE TEMP TABLE v_{table.Name} AS
            SELECT f.*, CASE WHEN w.last IS NULL OR w.last.gone THEN 'new'
                             WHEN w.last.hash = f.content_hash AND w.last.who IS NOT DISTINCT FROM f.who THEN 'same' ELSE 'corrected' END AS what
            FROM f_{table.Name} f LEFT JOIN (
                SELECT {key}, arg_max(struct_pack(hash := content_hash, who := who, gone := deleted), version * 2 + (NOT deleted)::INT) AS last
                FROM was_{table.Name} GROUP BY {key}) w USING ({key})
            """);
        stage.Run($"""
            INSERT INTO claims SELECT '{table.Name}', {stage.Source}, {table.ClaimSql()}, content_hash, who FROM v_{table.Name} WHERE what = 'same'
            """);
        stage.Count("duplicates", stage.Scalar($"SELECT count(*) FROM v_{table.Name} WHERE what = 'same'"));
        stage.Count("corrected", stage.Scalar($"SELECT count(*) FROM v_{table.Name} WHERE what = 'corrected'"));
    }

    /// <summary>Where rows of changed keys lie so far: each such folder learns that there is a newer version, which may lie elsewhere.</summary>
    public static string Tombs(WriteStage stage, LakeTable table, IReadOnlyList<string> folders)
    {
        var keys = table.Key.Where(k => k != "source").ToList();
        var time = table.Time is null ? "" : $", w.\"{table.Time}\"";
        var who = keys.Contains("customer_id") || table == LakeTable.Products ? "" : ", w.customer_id";
        // One for each whose older rows these are: should one of them be erased, the others' stay taken away.
        var on = string.Join(", ", keys.Concat(folders).Select(c => "w." + c)) + who;
        return $"""
            SELECT DISTINCT ON ({on}) {string.Join(", ", keys.Select(k => "w." + k))}{who}{time}{table.InFolderSql("w")}, {stage.Tomb}
            FROM was_{table.Name} w JOIN v_{table.Name} v USING ({string.Join(", ", keys)}) WHERE v.what <> 'same'
            """;
    }
}
