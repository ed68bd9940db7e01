using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>What a buyer's window brings, in minor units.</summary>
public abstract record Baskets(string Name)
{
    /// <summary>One buyer's.</summary>
    /// <param name="random">Where it is drawn.</param>
    /// <param name="times">Baskets are so many times as large: an effect on their size.</param>
    public abstract long Draw(SeededRandom random, double times = 1);

    /// <summary>Its true mean, capped; a null cap caps nothing.</summary>
    public abstract double Mean(long? cap, double times = 1);

    /// <summary>Σ (min(y, cap))²'s mean, for plans.</summary>
    public abstract double MeanSquare(long? cap, double times = 1);
}

/// <summary>Log-normal baskets: σ of .8 is a grocer's, 1.6 a shop whose dearest tenth pays half of everything.</summary>
/// <param name="Sigma">Of the logarithm.</param>
public sealed record LogNormalBaskets(double Sigma) : Baskets(FormattableString.Invariant($"money, σ {Sigma:0.0}"))
{
    private const double Median = 4000;

    /// <inheritdoc />
    public override long Draw(SeededRandom random, double times = 1) => (long)Math.Round(times * Median * Math.Exp(Sigma * random.NextNormal()));

    /// <inheritdoc />
    public override double Mean(long? cap, double times = 1) => Moment(1, cap, times);

    /// <inheritdoc />
    public override double MeanSquare(long? cap, double times = 1) => Moment(2, cap, times);

    // E min(Y, C)^k = E(Y^k; Y < C) + C^k·P(Y ≥ C).
    private double Moment(int k, long? cap, double times)
    {
        var mean = Math.Pow(times * Median, k) * Math.Exp(k * k * Sigma * Sigma / 2);
        if (cap is not { } c) return mean;
        var z = Math.Log(c / (times * Median)) / Sigma;
        return mean * Normal.Cdf(z - k * Sigma) + Math.Pow(c, k) * Normal.Cdf(-z);
    }
}

/// <summary>Amounts that a real shop's buyers paid, drawn with replacement.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Amounts">Minor units.</param>
public sealed record RealBaskets(string Name, long[] Amounts) : Baskets(Name)
{
    /// <inheritdoc />
    public override long Draw(SeededRandom random, double times = 1) => Sized(Amounts[random.NextInt(Amounts.Length)], times);

    /// <inheritdoc />
    public override double Mean(long? cap, double times = 1) => Amounts.Average(a => (double)Math.Min(Sized(a, times), cap ?? long.MaxValue));

    /// <inheritdoc />
    public override double MeanSquare(long? cap, double times = 1) => Amounts.Average(a => Math.Pow(Math.Min(Sized(a, times), cap ?? long.MaxValue), 2));

    private static long Sized(long amount, double times) => (long)Math.Round(times * amount);
}
