namespace CampaignManager.Engine.Money;

/// <summary>Splits whole minor units so that the parts add up exactly.</summary>
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
        var parts = new long[weights.Length];
        Int128 sum = 0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            sum += weight;
        }

        if (total == 0)
            return parts;
        if (sum == 0)
            throw new ArgumentException("All weights are zero.", nameof(weights));

        var magnitude = Int128.Abs(total);
        var remainders = new Int128[weights.Length];
        var left = magnitude;
        for (var i = 0; i < weights.Length; i++)
        {
            var product = magnitude * weights[i];
            parts[i] = (long)(product / sum);
            remainders[i] = product % sum;
            left -= parts[i];
        }

        var order = new int[weights.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        // Stable by index: equal remainders go to the earlier part.
        Array.Sort(order, (a, b) => remainders[a] != remainders[b] ? remainders[b].CompareTo(remainders[a]) : a.CompareTo(b));
        for (var i = 0; i < (int)left; i++)
            parts[order[i]]++;

        if (total < 0)
        {
            for (var i = 0; i < parts.Length; i++)
                parts[i] = -parts[i];
        }

        return parts;
    }
}
