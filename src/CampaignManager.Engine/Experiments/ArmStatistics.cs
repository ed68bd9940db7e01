namespace CampaignManager.Engine.Experiments;

/// <summary>What a mean needs of an arm: addable sufficient statistics, so parts of an arm may be summed.</summary>
/// <param name="Count">Customers.</param>
/// <param name="Sum">Σ y, in the metric's unit.</param>
/// <param name="SumOfSquares">Σ y².</param>
public readonly record struct ArmStatistics(long Count, double Sum, double SumOfSquares)
{
    /// <summary>Of every customer's value.</summary>
    public static ArmStatistics Of(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += value * value;
        }
        return new ArmStatistics(values.Length, sum, squares);
    }

    /// <summary>Of a yes/no metric: how many of how many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ successes ≤ count.</exception>
    public static ArmStatistics OfProportion(long successes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        return new ArmStatistics(count, successes, successes);
    }

    /// <summary>Mean; NaN for an empty arm.</summary>
    public double Mean => Count == 0 ? double.NaN : Sum / Count;

    /// <summary>Sample variance (n − 1); NaN below two customers.</summary>
    public double Variance => Count < 2 ? double.NaN : Math.Max(0, (SumOfSquares - Sum * Sum / Count) / (Count - 1));

    /// <summary>Both parts together.</summary>
    public static ArmStatistics operator +(ArmStatistics left, ArmStatistics right) => left.Plus(right);

    /// <summary>Both parts together.</summary>
    public ArmStatistics Plus(ArmStatistics other) => new(Count + other.Count, Sum + other.Sum, SumOfSquares + other.SumOfSquares);
}
