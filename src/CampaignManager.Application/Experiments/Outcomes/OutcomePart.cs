namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>Customers of one reading, arm and segment; a dimension "" is everybody.</summary>
internal readonly record struct SumKey(int Reading, int Epoch, int Arm, string Dimension, string Segment);

/// <param name="Values">As <see cref="CellSums"/> has them.</param>
internal sealed record SumPart(SumKey Key, Int128[] Values);

internal sealed record AssignedPart(int Epoch, int Arm, DateOnly Day, string Dimension, string Segment, long Customers);

/// <summary>Sums and products of the covariates of an arm.</summary>
internal sealed record BalancePart(int Epoch, int Arm, long Count, Int128[] Sums, Int128[] Products);

internal sealed record MismatchPart(int Epoch, long Count);

/// <summary>What a bucket adds to an experiment's sums; whole numbers only.</summary>
/// <param name="LastClose">UTC; null where a window has no end.</param>
/// <param name="Customers">Exposures.</param>
internal sealed record OutcomePart(
    IReadOnlyList<SumPart> Sums, IReadOnlyList<AssignedPart> Assigned, IReadOnlyList<BalancePart> Balance, IReadOnlyList<MismatchPart> Mismatches, DateTime? LastClose, long Customers)
{
    /// <summary>Cells by arm and by each dimension's segments.</summary>
    public static IReadOnlyList<SumPart> RolledUp(Dictionary<(int Reading, CellKey Cell), Int128[]> cells)
    {
        var all = new Dictionary<SumKey, Int128[]>();
        foreach (var ((reading, cell), sums) in cells)
        {
            Add(new SumKey(reading, cell.Epoch, cell.Arm, "", ""), sums);
            for (var d = 0; d < OutcomeTables.Dimensions.Count; d++)
                Add(new SumKey(reading, cell.Epoch, cell.Arm, OutcomeTables.Dimensions[d], cell.Segment(d)), sums);
        }

        return [.. all.Select(a => new SumPart(a.Key, a.Value))];

        void Add(SumKey key, Int128[] sums) => CellSums.Add(all.TryGetValue(key, out var known) ? known : all[key] = new Int128[CellSums.Length], sums);
    }
}
