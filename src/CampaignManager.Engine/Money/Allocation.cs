namespace CampaignManager.Engine.Money;

/// <summary>Splits whole minor units so that the parts add up exactly: by largest remainder, ties to the earlier part.</summary>
public static class Allocation
{
    /// <summary>
    /// Splits <paramref name="total"/> over <paramref name="weights"/> by largest remainder; ties go to the earlier part;
    /// weight zero gets zero; negative totals mirror positive ones.
    /// </summary>
    /// <param name="total">Minor units to split, any sign.</param>
    /// <param name="weights">Non-negative weights; at least one positive unless the total is zero.</param>
    /// <returns>One part per weight, in order; the parts add up to <paramref name="total"/>.</returns>
    /// <exception cref="ArgumentException">A weight is negative, or all are zero while the total is not.</exception>
    public static long[] Split(long total, ReadOnlySpan<long> weights)
    {
        var runs = new AllocationRun[weights.Length];
        UInt128 sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weights[i], nameof(weights));
            runs[i] = new AllocationRun { Start = i, Count = 1, Weight = weights[i] };
            sum += (ulong)weights[i];
        }

        var parts = new long[weights.Length];
        if (total == 0)
            return parts;
        if (sum == 0)
            throw new ArgumentException("All weights are zero.", nameof(weights));
        Split((ulong)Int128.Abs(total), sum, runs, new AllocationRest[runs.Length]);
        for (var i = 0; i < parts.Length; i++)
            parts[i] = total < 0 ? -(runs[i].Part + runs[i].Extra) : runs[i].Part + runs[i].Extra;
        return parts;
    }

    /// <summary>What the first so many of equal parts have together: <see cref="Split(long, ReadOnlySpan{long})"/> over equal weights, summed from the front.</summary>
    /// <param name="total">Minor units, not negative.</param>
    /// <param name="parts">How many parts, at least 1.</param>
    /// <param name="first">How many of them, 0 to <paramref name="parts"/>.</param>
    public static long First(long total, int parts, int first) => total / parts * first + Math.Min(first, total % parts);

    /// <summary>The same over runs of neighbours that weigh the same: a run of a thousand costs no more than one of one.</summary>
    /// <param name="total">What is split.</param>
    /// <param name="sum">The weights of all members of all runs; above zero.</param>
    /// <param name="runs">Receive <see cref="AllocationRun.Part"/> and <see cref="AllocationRun.Extra"/>.</param>
    /// <param name="rests">Room to work in, as long as the runs.</param>
    internal static void Split(ulong total, UInt128 sum, Span<AllocationRun> runs, Span<AllocationRest> rests)
    {
        var left = total;
        var (narrow, divisor) = (sum <= ulong.MaxValue, (ulong)sum);
        for (var r = 0; r < runs.Length; r++)
        {
            ref var run = ref runs[r];
            var high = Math.BigMul(total, (ulong)run.Weight, out var low);
            UInt128 rest;
            if (high == 0 && narrow)
            {
                run.Part = (long)(low / divisor);
                rest = low - (ulong)run.Part * divisor;
            }
            else
            {
                (var part, rest) = UInt128.DivRem(new UInt128(high, low), sum);
                run.Part = (long)part;
            }

            run.Extra = 0;
            left -= (ulong)run.Part * (ulong)run.Count;
            rests[r] = new AllocationRest(rest, r);
        }

        if (left == 0)
            return;
        if (runs.Length > 1)
            rests.Sort();
        for (var r = 0; left > 0; r++)
        {
            ref var run = ref runs[rests[r].Run];
            run.Extra = (int)Math.Min(left, (ulong)run.Count);
            left -= (ulong)run.Extra;
        }
    }
}

/// <summary>Neighbours that weigh the same. Each gets <see cref="Part"/>, the first <see cref="Extra"/> of them one more.</summary>
internal struct AllocationRun
{
    /// <summary>Where the caller finds the first of them.</summary>
    public int Start;

    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>The weight of each.</summary>
    public long Weight;

    /// <summary>What each gets.</summary>
    public long Part;

    /// <summary>How many of them get one more.</summary>
    public int Extra;
}

/// <summary>Large remainders first, equal ones in order.</summary>
internal readonly record struct AllocationRest(UInt128 Rest, int Run) : IComparable<AllocationRest>
{
    public int CompareTo(AllocationRest other) => Rest != other.Rest ? other.Rest.CompareTo(Rest) : Run.CompareTo(other.Run);
}
