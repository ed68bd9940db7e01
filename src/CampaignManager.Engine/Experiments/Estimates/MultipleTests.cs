namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>P values of several questions asked at once.</summary>
public static class MultipleTests
{
    /// <summary>Adjusted p values that hold the false discovery rate (Benjamini and Hochberg 1995), in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A p value outside 0..1.</exception>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> values)
    {
        var (order, adjusted) = Ordered(values);
        var least = 1.0;
        for (var i = order.Length - 1; i >= 0; i--)
            adjusted[order[i]] = least = Math.Min(least, values[order[i]] * order.Length / (i + 1));
        return adjusted;
    }

    /// <summary>Adjusted p values that hold the chance of any false claim (Holm 1979), in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A p value outside 0..1.</exception>
    public static double[] Holm(ReadOnlySpan<double> values)
    {
        var (order, adjusted) = Ordered(values);
        var most = 0.0;
        for (var i = 0; i < order.Length; i++)
            adjusted[order[i]] = most = Math.Min(1, Math.Max(most, values[order[i]] * (order.Length - i)));
        return adjusted;
    }

    private static (int[] Order, double[] Adjusted) Ordered(ReadOnlySpan<double> values)
    {
        foreach (var p in values)
            if (p is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(values), p, "A p value lies in 0..1.");
        var sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        return (order, new double[order.Length]);
    }
}
