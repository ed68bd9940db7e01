namespace CampaignManager.Application.Imports;

/// <summary>What became of a row.</summary>
internal enum RowVerdict { Kept, Skipped, Rejected }

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

    /// <param name="verdict">What became of the row.</param>
    /// <param name="repaired">Whether a kept row had to be cleaned.</param>
    /// <param name="reason">Why it was rejected.</param>
    /// <param name="arm">Its arm; null where it has none.</param>
    /// <param name="outcomes">Its outcomes; not a number where one is not known.</param>
    internal void Count(RowVerdict verdict, bool repaired, string? reason, int? arm, double[] outcomes)
    {
        Read++;
        if (verdict != RowVerdict.Skipped && arm is { } known)
            CountArm(known, verdict == RowVerdict.Rejected ? 1 : 0, outcomes);
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
