using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Imports;

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

    internal void Count(RowVerdict verdict, DataSetRowReader row)
    {
        Read++;
        switch (verdict)
        {
            case RowVerdict.Kept:
                Kept++;
                Repaired += row.Repaired ? 1 : 0;
                break;
            case RowVerdict.Skipped:
                Skipped++;
                break;
            case RowVerdict.Rejected:
                Rejected++;
                reasons[row.Reason!] = reasons.GetValueOrDefault(row.Reason!) + 1;
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
