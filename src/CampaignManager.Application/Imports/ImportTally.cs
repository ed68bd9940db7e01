using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Imports;

/// <summary>Counts of one reading: read = kept + skipped + rejected; repaired ones are among the kept.</summary>
/// <param name="arms">How many arms the mapping names.</param>
/// <param name="outcomes">How many outcomes.</param>
public sealed class ImportTally(int arms, int outcomes)
{
    private readonly SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);

    public long Read { get; private set; }

    public long Kept { get; private set; }

    public long Repaired { get; private set; }

    public long Skipped { get; private set; }

    public long Rejected { get; private set; }

    public IReadOnlyDictionary<string, long> Reasons => reasons;

    /// <summary>By arm, rows read, whatever became of them.</summary>
    public long[] ArmsRead { get; } = new long[arms];

    /// <summary>By arm, rows rejected for what stands in them.</summary>
    public long[] ArmsRejected { get; } = new long[arms];

    /// <summary>By outcome, rows in which it is known to be 0.</summary>
    internal (long Read, long Rejected)[] WithoutOutcome { get; } = new (long, long)[outcomes];

    /// <summary>By outcome, rows in which it is known to be more.</summary>
    internal (long Read, long Rejected)[] WithOutcome { get; } = new (long, long)[outcomes];

    internal void Count(RowVerdict verdict, DataSetRowReader row)
    {
        Read++;
        if (verdict != RowVerdict.Skipped && row.Arm is { } arm)
            CountArm(arm, verdict == RowVerdict.Rejected ? 1 : 0, row.Outcomes);
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

    private void CountArm(int arm, int rejected, double[] values)
    {
        ArmsRead[arm]++;
        ArmsRejected[arm] += rejected;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
                continue;
            ref var cell = ref (values[i] > 0 ? WithOutcome : WithoutOutcome)[i];
            cell = (cell.Read + 1, cell.Rejected + rejected);
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
