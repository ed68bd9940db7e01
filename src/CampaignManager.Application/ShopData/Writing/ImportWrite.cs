using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>One import against the lake as it stands: what is new, what is there, what replaces something; and all of it as one batch. Runs under the lake's lock.</summary>
internal sealed class ImportWrite
{
    private readonly DataLake lake;
    private readonly ImportSource source;
    private readonly RowSpill spill;
    private readonly IRejects rejects;
    private readonly DateTime now;
    private readonly CancellationToken cancel;
    private readonly DuckDBConnection connection;
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);

    public ImportWrite(DataLake lake, ImportSource source, RowSpill spill, IRejects rejects, DateTime now, CancellationToken cancel)
    {
        (this.lake, this.source, this.spill, this.rejects, this.now, this.cancel) = (lake, source, spill, rejects, now, cancel);
        connection = spill.Connection;
    }

    public WriteReport Run()
    {
        using var batch = new ListedBatch(lake, connection, Short(source.ImportId), cancel);
        var grows = batch.Was.Import(source.ImportId);
        var stage = new WriteStage(lake, batch, source, grows?.Version ?? batch.Was.NextVersion, cancel);
        stage.Run(string.Create(CultureInfo.InvariantCulture, $"SET threads = {lake.Threads}"));
        stage.Run("CREATE TABLE claims (tbl VARCHAR, source VARCHAR, key VARCHAR, content_hash BIGINT, who VARCHAR)");
        stage.Run("CREATE TABLE stubs (customer_id VARCHAR, joined_at TIMESTAMP, joined_from VARCHAR, region VARCHAR, channel VARCHAR)");
        foreach (var raw in (string[])["orders", "events", "customers", "exposures"])
        {
            var who = raw == "events" ? "coalesce(customer_id, anonymous_id)" : "customer_id";
            stage.Run($"CREATE OR REPLACE VIEW in_{raw} AS SELECT * FROM {spill.Left("raw_" + raw, who)}");
        }

        var coverage = new CoverageOf(connection);
        if (spill.Orders > 0)
            new OrderWrite(stage).Write();
        if (spill.Events > 0)
            new EventWrite(stage, rejects).Write(spill.Events);
        new PeopleWrite(stage).Write();
        new GoodsWrite(stage).Write(spill.Orders > 0);
        new AliasWrite(stage).Write(spill.Pairs);
        Count(stage, batch.Was);
        var claims = WriteClaims(batch, stage.Version, grows?.Claims);
        var import = new ListedImport(
            source.ImportId, stage.Version, source.Source, source.KnownAt, now, claims, coverage.Read(spill.Orders > 0, spill.Events > 0), counts)
        {
            Batch = source.Batch,
        };
        cancel.ThrowIfCancellationRequested();
        batch.Commit(
            grows?.Claims is { } old ? new HashSet<string> { old } : [],
            c => c with
            {
                NextVersion = Math.Max(c.NextVersion, stage.Version + 1),
                Imports = [.. c.Imports.Where(i => i != grows), grows is null ? import : GrownImport.Of(grows, import)],
            },
            now);
        return new WriteReport(counts);
    }

    private void Count(WriteStage stage, LakeCatalogue was)
    {
        foreach (var (name, count) in stage.Counts)
            counts[name] = count;
        counts["written"] = counts.Where(c => c.Key.StartsWith("written:", StringComparison.Ordinal)).Sum(c => c.Value);
        counts["erased"] = spill.Erased;
        // Before the first import nobody could have said it in time.
        var first = was.Imports.Where(i => i.Source == source.Source).Select(i => (DateTime?)i.KnownAt).Min() ?? source.KnownAt;
        foreach (var table in new[] { LakeTable.Orders, LakeTable.Events })
        {
            if (stage.Written(table) is not { } rows)
                continue;
            var found = connection.Query(
                $"""
                SELECT count(*) FILTER ("at" < {DataLake.Moment(first)}),
                       count(*) FILTER ("at" >= {DataLake.Moment(first)} AND "at" < {DataLake.Moment(source.KnownAt)} - INTERVAL 48 HOUR)
                FROM {rows}
                """,
                r => (r.GetInt64(0), r.GetInt64(1)))[0];
            counts["backfilled"] = counts.GetValueOrDefault("backfilled") + found.Item1;
            counts["late"] = counts.GetValueOrDefault("late") + found.Item2;
        }
    }

    private string? WriteClaims(ListedBatch batch, long version, string? before)
    {
        if (before is not null)
            connection.Run($"INSERT INTO claims SELECT * FROM {lake.SourceOf(before)}", cancel);
        if (connection.Scalar<long>("SELECT count(*) FROM claims") == 0)
            return null;
        var path = string.Create(CultureInfo.InvariantCulture, $"{ClaimFolder}/{LakeCatalogue.Mark}{version}-{Path.GetRandomFileName()[..8]}.parquet");
        connection.Run($"COPY (SELECT DISTINCT * FROM claims) TO '{DataLake.Quote(batch.Place(path))}' (FORMAT parquet, COMPRESSION zstd)", cancel);
        return path;
    }

    internal const string ClaimFolder = "claims";

    internal static string Short(Guid import) => import.ToString("N")[..12];
}
