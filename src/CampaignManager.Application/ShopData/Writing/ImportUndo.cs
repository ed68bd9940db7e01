using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// Takes an import back as a whole. Its rows go, and with them what they had replaced is the newest again. What another import had said too, and so had not
/// written, is written in that one's name. Runs under the lake's lock.
/// </summary>
internal sealed class ImportUndo
{
    private static readonly LakeTable[] OfOrders = [LakeTable.OrderLines, LakeTable.Refunds];

    private readonly DataLake lake;
    private readonly ListedImport import;
    private readonly DateTime now;
    private readonly ListedBatch batch;
    private readonly CancellationToken cancel;
    private readonly Dictionary<long, string?> claimFiles = [];
    private readonly HashSet<string> drop = new(StringComparer.Ordinal);

    public ImportUndo(DataLake lake, ListedBatch batch, ListedImport import, DateTime now, CancellationToken cancel)
    {
        (this.lake, this.batch, this.import, this.now, this.cancel) = (lake, batch, import, now, cancel);
    }

    private DuckDBConnection Connection => batch.Connection;

    /// <param name="progress">Told the share that is done; merged files are what takes long.</param>
    public void Run(Action<double> progress)
    {
        var files = batch.Was.Files.Where(f => f.Versions.Contains(import.Version)).ToList();
        foreach (var (i, file) in files.Index())
        {
            cancel.ThrowIfCancellationRequested();
            progress(0.8 * i / files.Count);
            drop.Add(file.Path);
            if (file.Versions.Count > 1)
                Keep(file);
        }

        progress(0.8);
        if (import.Claims is not null)
            drop.Add(import.Claims);
        HandOver();
        cancel.ThrowIfCancellationRequested();
        batch.Commit(drop, c => c with { Imports = [.. c.Imports.Where(i => i.ImportId != import.ImportId).Select(Claiming)] }, now);
    }

    /// <summary>The others' rows of a merged file.</summary>
    private void Keep(ListedFile file)
    {
        var table = LakeTable.All.Single(t => t.Name == file.Table);
        var order = table.Time is null ? "" : $" ORDER BY \"{table.Time}\"";
        batch.Add(table, string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {lake.SourceOf(file.Path)} WHERE version <> {import.Version}{order}"));
    }

    private void HandOver()
    {
        var later = batch.Was.Imports.Where(i => i.Claims is not null && i.ImportId != import.ImportId).ToList();
        if (later.Count == 0)
            return;
        Run("CREATE TEMP TABLE all_claims (v BIGINT, id VARCHAR, known TIMESTAMP, tbl VARCHAR, source VARCHAR, key VARCHAR, content_hash BIGINT, who VARCHAR)");
        foreach (var other in later)
        {
            Run(string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO all_claims SELECT {other.Version}, '{other.ImportId}', {DataLake.Moment(other.KnownAt)}, * FROM {lake.SourceOf(other.Claims!)}"));
        }

        Run("CREATE TEMP TABLE used (v BIGINT, tbl VARCHAR, source VARCHAR, key VARCHAR, content_hash BIGINT, who VARCHAR)");
        foreach (var table in (LakeTable[])[LakeTable.Orders, LakeTable.Events, LakeTable.Customers, LakeTable.Products, LakeTable.Exposures])
            HandOver(table);
        Follow();
        foreach (var other in later)
            Reclaim(other);
    }

    private void HandOver(LakeTable table)
    {
        var mine = Mine(table);
        if (mine is null)
            return;
        var key = table.ClaimSql("r.");
        var source = table.Key.Contains("source") ? "AND c.source = r.source" : "";
        var who = table.Columns.Any(c => c.Name == "customer_id") ? "AND c.who IS NOT DISTINCT FROM r.customer_id" : "";
        // The first that said it after it was written.
        Run(string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TEMP TABLE over_{table.Name} AS
            SELECT r.* EXCLUDE (source, import_id, known_at, version), c.source, c.id AS import_id, c.known AS known_at, c.v AS version, c.key AS claim
            FROM {mine} r JOIN all_claims c ON c.tbl = '{table.Name}' AND c.key = {key} AND c.content_hash = r.content_hash {source} {who} AND c.v > {import.Version}
            WHERE NOT r.deleted QUALIFY row_number() OVER (PARTITION BY c.source, c.key ORDER BY c.v) = 1
            """));
        Run($"""
            INSERT INTO used SELECT version, '{table.Name}', source, claim, content_hash, {(who.Length > 0 ? "customer_id" : "NULL")} FROM over_{table.Name}
            """);
        // Wherever something older of the key lies, this is the newer version now.
        batch.Add(table, $"SELECT * EXCLUDE (claim) FROM over_{table.Name} UNION ALL BY NAME ({Tombs(table, table)})");
    }

    /// <summary>What follows from the rows that were handed over: an order's lines and refunds, the first order of a customer, a product's attributes.</summary>
    private void Follow()
    {
        var known = Made("orders");
        foreach (var table in OfOrders.Where(_ => known))
        {
            var mine = Mine(table);
            var rows = mine is null ? "" : $"""
                SELECT r.* EXCLUDE (import_id, known_at, version), o.import_id, o.known_at, o.version
                FROM {mine} r JOIN over_orders o USING (source, order_id) WHERE NOT r.deleted UNION ALL BY NAME
                """;
            batch.Add(table, $"{rows} ({Tombs(LakeTable.Orders, table)})");
        }

        if (known && Mine(LakeTable.Products) is { } goods && Mine(LakeTable.OrderLines) is { } lines)
        {
            batch.Add(LakeTable.Products, $"""
                SELECT g.* EXCLUDE (source, import_id, known_at, version), o.source, o.import_id, o.known_at, o.version
                FROM {goods} g JOIN (SELECT DISTINCT l.sku, o.source, o.import_id, o.known_at, o.version FROM {lines} l JOIN over_orders o USING (source, order_id)) o USING (sku)
                WHERE g.named_from = 'line'
                """);
        }

        List<string> stubs = [];
        if (known)
            stubs.Add(OrderWrite.Stubs("over_orders").Replace("GROUP BY 1", "GROUP BY customer_id, source, import_id, known_at, version", StringComparison.Ordinal));
        if (Made("events"))
            stubs.Add(EventWrite.Stubs("over_events").Replace("GROUP BY 1", "GROUP BY customer_id, source, import_id, known_at, version", StringComparison.Ordinal));
        foreach (var stub in stubs)
            batch.Add(LakeTable.Customers, $"SELECT *, false AS deleted FROM ({stub.Replace("SELECT customer_id,", "SELECT customer_id, source, import_id, known_at, version,", StringComparison.Ordinal)})");
        if (Made("products") && Mine(LakeTable.ProductAttributes) is { } attributes)
        {
            batch.Add(LakeTable.ProductAttributes, $"""
                SELECT a.* EXCLUDE (source, import_id, known_at, version), p.source, p.import_id, p.known_at, p.version
                FROM {attributes} a JOIN over_products p USING (sku) WHERE NOT a.deleted
                """);
        }
    }

    /// <summary>A claim that became a row is one no more.</summary>
    private void Reclaim(ListedImport other)
    {
        if (Connection.Scalar<long>(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM used WHERE v = {other.Version}")) == 0)
            return;
        drop.Add(other.Claims!);
        var left = string.Create(CultureInfo.InvariantCulture,
            $"SELECT c.* EXCLUDE (v, id, known) FROM all_claims c ANTI JOIN used u ON u.v = c.v AND u.tbl = c.tbl AND u.source = c.source AND u.key = c.key WHERE c.v = {other.Version}");
        if (Connection.Scalar<long>($"SELECT count(*) FROM ({left})") == 0)
        {
            claimFiles[other.Version] = null;
            return;
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"{ImportWrite.ClaimFolder}/{LakeCatalogue.Mark}{other.Version}-{Path.GetRandomFileName()[..8]}.parquet");
        Run($"COPY ({left}) TO '{DataLake.Quote(batch.Place(path))}' (FORMAT parquet, COMPRESSION zstd)");
        claimFiles[other.Version] = path;
    }

    private ListedImport Claiming(ListedImport other) => claimFiles.TryGetValue(other.Version, out var path) ? other with { Claims = path } : other;

    /// <summary>Its own rows of a table; null without any.</summary>
    private string? Mine(LakeTable table) => batch.Was.FilesOf(table).Any(f => f.Versions.Contains(import.Version))
        ? string.Create(CultureInfo.InvariantCulture, $"(SELECT * FROM {new LakeRelation(lake, table, batch.Was, null).AllVersions} WHERE version = {import.Version})")
        : null;

    private bool Made(string table) => Mine(LakeTable.All.Single(t => t.Name == table)) is not null;

    /// <summary>Rows that take the older versions away, in every folder of <paramref name="table"/> that may hold some.</summary>
    private string Tombs(LakeTable of, LakeTable table)
    {
        var keys = string.Join(", ", of.Key);
        var who = of.Key.Contains("customer_id") || of == LakeTable.Products ? "" : ", r.customer_id";
        var time = of.Time is null ? "" : $", r.\"{of.Time}\"";
        var on = string.Join(", ", of.Key.Concat(table.PartitionColumns).Select(c => "r." + c)) + who;
        if (of.Merge == LakeMerge.ByColumn || of == LakeTable.Events)
            return $"SELECT * EXCLUDE (claim) FROM over_{of.Name} WHERE false";
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT DISTINCT ON ({on}) {string.Join(", ", of.Key.Select(k => "r." + k))}{who}{time}{of.InFolderSql("r")}, true AS deleted, o.import_id, o.known_at, o.version{(of.Key.Contains("source") ? "" : ", o.source")}
            FROM {new LakeRelation(lake, of, batch.Was, null).AllVersions} r JOIN over_{of.Name} o USING ({keys})
            WHERE r.version < o.version AND r.version <> {import.Version}
            """);
    }

    private void Run(string sql) => Connection.Run(sql, cancel);
}
