using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// Takes away what a complete export does not name, as an import of its own that can be undone. Runs under the lake's lock.
/// </summary>
internal sealed class MissingRemoval(
    DataLake lake, ListedBatch batch, ListedImport import, ImportSource source, DateTime now, CancellationToken cancel)
{
    /// <returns>How many orders went; null: they are no longer as many as were confirmed, and nothing was changed.</returns>
    public long? Run(long confirmed)
    {
        var missing = new MissingOrders(lake, batch.Was, import, batch.Connection);
        if (missing.Span() is not { } span || !missing.CanTell())
            return null;
        var stage = new WriteStage(lake, batch, source, batch.Was.NextVersion, cancel);
        stage.Run($"CREATE TEMP TABLE v_orders AS SELECT order_id, 'gone' AS what FROM {missing.Missing(span)}");
        var count = stage.Scalar("SELECT count(*) FROM v_orders");
        if (count != confirmed)
            return null;
        stage.Run($"""
            CREATE TEMP TABLE was_orders AS SELECT order_id, customer_id, "at", quarter, bucket FROM {stage.AllVersions(LakeTable.Orders)}
            WHERE source = {stage.Source} AND order_id IN (SELECT order_id FROM v_orders)
            """);
        var tombs = Verdict.Tombs(stage, LakeTable.Orders, ["quarter", "bucket"]);
        stage.AddMore(LakeTable.Orders, tombs);
        stage.AddMore(LakeTable.OrderLines, tombs);
        stage.AddMore(LakeTable.Refunds, Verdict.Tombs(stage, LakeTable.Orders, ["bucket"]));
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["removed"] = count, ["written"] = count };
        var listed = new ListedImport(source.ImportId, stage.Version, source.Source, source.KnownAt, now, null, [], counts);
        cancel.ThrowIfCancellationRequested();
        batch.Commit(
            new HashSet<string>(),
            c => c with { NextVersion = Math.Max(c.NextVersion, stage.Version + 1), Imports = [.. c.Imports, listed] },
            now);
        return count;
    }
}
