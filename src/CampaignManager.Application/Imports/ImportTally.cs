namespace CampaignManager.Application.Imports;

/// <summary>What became of a row.</summary>
internal enum RowVerdict { Kept, Skipped, Rejected }

/// <summary>Counts of one reading: read = kept + skipped + rejected; repaired ones are among the kept.</summary>
public sealed class ImportTally
{
    private readonly SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);

    public long Read { get; private set; }

    public long Kept { get; private set; }

    public long Repaired { get; private set; }

    public long Skipped { get; private set; }

    public long Rejected { get; private set; }

    public IReadOnlyDictionary<string, long> Reasons => reasons;

    /// <param name="verdict">What became of the row.</param>
    /// <param name="repaired">Whether a kept row had to be cleaned.</param>
    /// <param name="reason">Why it was rejected.</param>
    internal void Count(RowVerdict verdict, bool repaired, string? reason)
    {
        Read++;
        switch (verdict)
        {
            case RowVerdict.Kept:
                Kept++;
                Repaired += repaired ? 1 : 0;
                break;
            case RowVerdict.Skipped:
                Skipped++;
                break;
            case RowVerdict.Rejected:
                Rejected++;
                reasons[reason!] = reasons.GetValueOrDefault(reason!) + 1;
                break;
        }
    }

    /// <summary>Kept rows that turn out not to be keepable once all are seen.</summary>
    internal void RejectAfterwards(string reason, long rows, long repaired)
    {
        Kept -= rows;
        Repaired -= repaired;
        Rejected += rows;
        reasons[reason] = reasons.GetValueOrDefault(reason) + rows;
    }
}
