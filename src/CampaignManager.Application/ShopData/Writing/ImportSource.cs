namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Whose rows are written.</summary>
/// <param name="ImportId">Written once: a second call under the same id answers what the first one did.</param>
/// <param name="Source">The shop's system. File, API and script of one shop share it: its order and event ids are unique within it.</param>
/// <param name="KnownAt">UTC; when the shop said it.</param>
public sealed record ImportSource(Guid ImportId, string Source, DateTime KnownAt)
{
    /// <summary>
    /// Set for an import that grows by batches, one after the other: each batch is written once, and only the last one may come a second time. They share the import's version, so
    /// they may hold only rows of which the first stays.
    /// </summary>
    public Guid? Batch { get; init; }

    internal bool IsWrittenBy(Lake.LakeCatalogue catalogue, out Lake.ListedImport? import)
    {
        import = catalogue.Import(ImportId);
        return import is not null && (Batch is null || import.Batch == Batch);
    }
}

/// <summary>What writing an import did. A file of what is there already writes 0 rows.</summary>
/// <param name="Counts">
/// By name: <c>written</c> (rows of any table that came or changed), <c>written:orders</c> and so on by table; <c>duplicates</c> (same id and content), <c>corrected</c> (same id,
/// other content: the newest is read), <c>replaced</c> (said differently earlier in the same files), <c>conflicts</c> (events: the first stays), <c>late</c>
/// (known more than 48 hours afterwards), <c>backfilled</c> (older than the source's first import), <c>erased</c> (of somebody erased since), <c>robots</c> (ids that did more than a
/// hundred things in ten minutes), <c>merged</c> (ids that turned out to be another's).
/// </param>
public sealed record WriteReport(IReadOnlyDictionary<string, long> Counts)
{
    public long this[string name] => Counts.GetValueOrDefault(name);

    public long Written => this["written"];
}
