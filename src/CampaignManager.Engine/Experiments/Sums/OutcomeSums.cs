using System.Numerics;

namespace CampaignManager.Engine.Experiments.Sums;

/// <summary>
/// What a metric's mean, spread and skewness need of a part of an arm, as whole numbers: parts add up in any order to the same bits, which sums of
/// floating point numbers do not.
/// </summary>
/// <param name="Count">Customers.</param>
/// <param name="Sum">Σ y, in minor units.</param>
/// <param name="Squares">Σ y².</param>
/// <param name="Cubes">Σ y³; overflows are errors, not other numbers: 5 million customers of 10 million minor units each still fit.</param>
public readonly record struct OutcomeSums(long Count, Int128 Sum, Int128 Squares, Int128 Cubes)
{
    /// <summary>Of one customer.</summary>
    /// <param name="value">Whole minor units.</param>
    public static OutcomeSums Of(long value)
    {
        Int128 y = value;
        return new OutcomeSums(1, y, checked(y * y), checked(y * y * y));
    }

    /// <summary>Of customers.</summary>
    /// <param name="values">Whole minor units.</param>
    /// <exception cref="OverflowException">Beyond 128 bits.</exception>
    public static OutcomeSums Of(ReadOnlySpan<long> values)
    {
        var sums = default(OutcomeSums);
        foreach (var value in values) sums += Of(value);
        return sums;
    }

    /// <summary>Of a yes/no metric.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ successes ≤ count.</exception>
    public static OutcomeSums OfProportion(long successes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        return new OutcomeSums(count, successes, successes, successes);
    }

    /// <summary>Both parts together.</summary>
    public static OutcomeSums operator +(OutcomeSums left, OutcomeSums right) => left.Plus(right);

    /// <summary>Both parts together.</summary>
    /// <exception cref="OverflowException">Beyond 128 bits.</exception>
    public OutcomeSums Plus(OutcomeSums other) =>
        checked(new OutcomeSums(Count + other.Count, Sum + other.Sum, Squares + other.Squares, Cubes + other.Cubes));

    /// <summary>Mean, variance and third central moment, rounded once: differences of large numbers are taken in whole numbers.</summary>
    /// <param name="minorUnits">Minor units of one unit of the answer: 100 for cents to euros, 1 for counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">Minor units are not positive.</exception>
    public ArmMoments Moments(double minorUnits = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minorUnits);
        if (Count == 0) return new ArmMoments(0, double.NaN, double.NaN, double.NaN);
        BigInteger n = Count, y = Sum, yy = Squares, yyy = Cubes;
        var second = (double)(n * yy - y * y) / (double)(n * Math.Max(1, Count - 1)) / (minorUnits * minorUnits);
        var third = (double)(n * n * yyy - 3 * n * y * yy + 2 * y * y * y) / (double)(n * n * n) / (minorUnits * minorUnits * minorUnits);
        return new ArmMoments(Count, (double)Sum / Count / minorUnits, Count < 2 ? double.NaN : second, third);
    }
}
