using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// Puts what a shop says into the lake and takes it back: an import appears as a whole or not at all, once however often it is tried. Rows are read and set aside before the
/// lake is locked; only comparing them with what is there and writing them is done one import at a time.
/// </summary>
internal sealed class ShopWriter(DataLake lake, TimeProvider time, ErasureKey? key = null)
{
    /// <summary>Rows of a kind held in memory.</summary>
    internal int PartRows { get; init; } = RowSpill.PartRows;

    /// <param name="source">Whose rows they are.</param>
    /// <param name="rows">Orders, events, customers, products, exposures, in any order. Ids of campaigns are those the app gave them; the campaigns themselves are not kept here.</param>
    /// <param name="rejects">Rows that cannot stand beside what is there (<c>id-conflict</c>).</param>
    /// <param name="progress">Rows read.</param>
    /// <param name="cancel">Stops and leaves nothing.</param>
    public Task<WriteReport> WriteAsync(
        ImportSource source, IEnumerable<ReadRow> rows, IRejects rejects, IProgress<long>? progress, CancellationToken cancel) =>
        WriteAsync(source, rows, [], rejects, progress, cancel);

    /// <summary>What these ids did is the survivor's from now on; undo gives it back. Taken back as any import.</summary>
    public Task<WriteReport> MergeAsync(ImportSource source, string survivor, IReadOnlyList<string> others, CancellationToken cancel) => WriteAsync(
        source, [], [.. others.Select(o => new IdPair(o, survivor, LakeAliases.Customer, source.KnownAt))], new NoRejects(), null, cancel);

    private async Task<WriteReport> WriteAsync(
        ImportSource source, IEnumerable<ReadRow> rows, IReadOnlyList<IdPair> merged, IRejects rejects, IProgress<long>? progress, CancellationToken cancel)
    {
        if (source.IsWrittenBy(lake.Catalogue(), out var written))
            return new WriteReport(written!.Counts);
        var known = new ErasedPeople(lake.Catalogue(), key);
        using var spill = new RowSpill(lake, known.Refuses, PartRows) { Merged = merged };
        await Task.Run(() => spill.Take(rows, progress, cancel), cancel);
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        if (source.IsWrittenBy(lake.Catalogue(), out var meanwhile))
            return new WriteReport(meanwhile!.Counts);
        // Somebody may have been erased while the rows were read.
        if (new ErasedPeople(lake.Catalogue(), key) is var now && now.Count != known.Count)
            await Task.Run(() => spill.Forget(now.Refuses), cancel);
        return await Task.Run(() => new ImportWrite(lake, source, spill, rejects, time.GetUtcNow().UtcDateTime, cancel).Run(), cancel);
    }

    /// <summary>Takes an import back whole; earlier versions are read again.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> UndoAsync(Guid importId, CancellationToken cancel, Action<double>? progress = null)
    {
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        if (lake.Catalogue().Import(importId) is not { } import)
            return false;
        await Task.Run(() =>
        {
            using var connection = lake.Open();
            using var batch = new ListedBatch(lake, connection, "undo", cancel);
            new ImportUndo(lake, batch, import, time.GetUtcNow().UtcDateTime, cancel).Run(progress ?? (_ => { }));
        }, cancel);
        return true;
    }

    /// <summary>Takes away orders that a complete export does not name. Taken back as any import.</summary>
    /// <param name="source">The import that the removal is.</param>
    /// <param name="of">The export.</param>
    /// <param name="confirmed">How many orders somebody saw missing.</param>
    /// <param name="cancel">Stops and leaves nothing.</param>
    /// <returns>How many went; null: they are no longer as many, and nothing was changed.</returns>
    public async Task<long?> RemoveMissingAsync(ImportSource source, Guid of, long confirmed, CancellationToken cancel)
    {
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        var listed = lake.Catalogue();
        if (listed.Import(source.ImportId) is { } done)
            return done.Counts["removed"];
        if (listed.Import(of) is not { } import)
            return null;
        return await Task.Run(() =>
        {
            using var connection = lake.Open();
            using var batch = new ListedBatch(lake, connection, "missing", cancel);
            return new MissingRemoval(lake, batch, import, source, time.GetUtcNow().UtcDateTime, cancel).Run(confirmed);
        }, cancel);
    }

    /// <summary>All ids that are known to be one person's with this one: its own, other ids and browsers that turned out to be theirs.</summary>
    public IReadOnlyList<string> IdsOf(string customerId)
    {
        using var connection = lake.Open();
        return new PersonIds(lake, connection, lake.Catalogue(), customerId).All;
    }

    /// <summary>Takes a person out of the lake's tables; rows of before are refused from now on.</summary>
    /// <param name="customerId">Any of their ids.</param>
    /// <param name="at">UTC; later purchases start anew. Null is now.</param>
    /// <param name="cancel">Stops and leaves all.</param>
    /// <returns>How many rows went.</returns>
    public async Task<long> EraseAsync(string customerId, CancellationToken cancel, DateTime? at = null)
    {
        var from = key ?? throw new InvalidOperationException("Nobody can be erased without the key that refuses their rows.");
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        return await Task.Run(() =>
        {
            using var connection = lake.Open();
            using var batch = new ListedBatch(lake, connection, "erased", cancel);
            var now = time.GetUtcNow().UtcDateTime;
            return new PersonErasure(lake, batch, customerId, from, now, cancel).Run(at ?? now);
        }, cancel);
    }

    private sealed class NoRejects : IRejects
    {
        public void Add(RejectedRow row) => throw new InvalidOperationException("There are no rows that could be rejected.");
    }
}
