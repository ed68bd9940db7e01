using System.Globalization;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// Takes a person out of every file of the lake's tables, whoever wrote it, and leaves only a keyed hash by which rows of the time before are refused.
/// Runs under the lake's lock.
/// </summary>
internal sealed class PersonErasure(DataLake lake, ListedBatch batch, string customer, ErasureKey key, DateTime now, CancellationToken cancel)
{
    private readonly HashSet<string> drop = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> claims = new(StringComparer.Ordinal);

    /// <summary>The ids as an SQL list.</summary>
    private string Person { get; set; } = "";

    /// <param name="at">Rows of before are refused.</param>
    /// <returns>Rows that went.</returns>
    public long Run(DateTime at)
    {
        long rows = 0;
        var ids = new PersonIds(lake, batch.Connection, batch.Was, customer);
        Person = PersonIds.List(ids.Customers);
        var buckets = ids.All.Select(id => string.Create(CultureInfo.InvariantCulture, $"bucket={CustomerBucket.Of(id, lake.Buckets)}")).ToHashSet(StringComparer.Ordinal);
        foreach (var table in LakeTable.All.Where(t => t.Columns.Any(c => c.Name == "customer_id")))
        {
            var theirs = $"customer_id IN {Person}";
            bool Holds(string path) => table.Partition == LakePartition.Single || buckets.Contains(Path.GetFileName(Path.GetDirectoryName(path))!);
            foreach (var path in lake.UnlistedFiles(table).Where(Holds))
                rows += Unlisted(Path.GetRelativePath(lake.Root, path), theirs);
            if (table == LakeTable.Events)
                theirs += $" OR (customer_id IS NULL AND anonymous_id IN {PersonIds.List(ids.Browsers)})";
            foreach (var file in batch.Was.FilesOf(table).Where(f => Holds(f.Path)))
                rows += Listed(table, file, theirs);
        }

        foreach (var import in batch.Was.Imports.Where(i => i.Claims is not null))
            Claims(import);
        var gone = ids.All.Select(id => new ErasedPerson(key.HashOf(id), at)).Except(batch.Was.Erased).ToList();
        cancel.ThrowIfCancellationRequested();
        batch.Commit(drop, c => c with
        {
            Erased = [.. c.Erased, .. gone],
            Imports = [.. c.Imports.Select(i => i.Claims is { } path && claims.TryGetValue(path, out var left) ? i with { Claims = left } : i)],
        }, now);
        // What was undone or merged lately may still lie there for readers; it waits no longer.
        foreach (var path in lake.Catalogue().Dropped)
            File.Delete(lake.PathTo(path.Path));
        return rows;
    }

    private long Listed(LakeTable table, ListedFile file, string theirs)
    {
        var rows = Count(file.Path, theirs);
        if (rows == 0)
            return 0;
        drop.Add(file.Path);
        var order = table.Time is null ? "" : $" ORDER BY \"{table.Time}\"";
        batch.Add(table, $"SELECT * FROM {lake.SourceOf(file.Path)} WHERE ({theirs}) IS NOT TRUE{order}");
        return rows;
    }

    /// <summary>Under its own name: nothing lists it.</summary>
    private long Unlisted(string path, string theirs)
    {
        var rows = Count(path, theirs);
        if (rows > 0)
        {
            var left = $"SELECT * FROM {lake.SourceOf(path)} WHERE ({theirs}) IS NOT TRUE";
            batch.Connection.Run($"COPY ({left}) TO '{DataLake.Quote(batch.Place(path))}' (FORMAT parquet, COMPRESSION zstd)", cancel);
        }

        return rows;
    }

    private void Claims(ListedImport import)
    {
        if (Count(import.Claims!, $"who IN {Person}") is var said && said == 0)
            return;
        drop.Add(import.Claims!);
        if (said == Count(import.Claims!, "true"))
        {
            claims[import.Claims!] = null;
            return;
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"{ImportWrite.ClaimFolder}/{LakeCatalogue.Mark}{import.Version}-{Path.GetRandomFileName()[..8]}.parquet");
        batch.Connection.Run($"""
            COPY (SELECT * FROM {lake.SourceOf(import.Claims!)} WHERE (who IN {Person}) IS NOT TRUE) TO '{DataLake.Quote(batch.Place(path))}' (FORMAT parquet, COMPRESSION zstd)
            """, cancel);
        claims[import.Claims!] = path;
    }

    private long Count(string path, string where) => batch.Connection.Scalar<long>($"SELECT count(*) FROM {lake.SourceOf(path)} WHERE {where}");
}
