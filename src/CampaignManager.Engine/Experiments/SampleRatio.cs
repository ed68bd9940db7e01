using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments;

/// <summary>Result of the sample-ratio-mismatch test.</summary>
/// <param name="ChiSquare">Pearson's statistic.</param>
/// <param name="DegreesOfFreedom">Arms − 1.</param>
/// <param name="PValue">P of so large a mismatch when the split is as planned.</param>
public sealed record SampleRatioResult(double ChiSquare, int DegreesOfFreedom, double PValue)
{
    /// <summary>True at p &lt; 0.001: something is wrong with who was counted, and the results are not to be believed.</summary>
    public bool Alarm => PValue < SampleRatio.AlarmBelow;
}

/// <summary>Sample ratio mismatch (SRM): do the arms have the sizes the assignment planned?</summary>
public static class SampleRatio
{
    /// <summary>The alarm fires below this p value.</summary>
    public const double AlarmBelow = 0.001;

    /// <summary>Pearson's χ² test of arm counts against planned shares.</summary>
    /// <param name="counts">Customers by arm.</param>
    /// <param name="shares">Planned share by arm, positive; scaled to sum 1.</param>
    /// <exception cref="ArgumentException">Fewer than two arms, different lengths, a negative count or a share that is not positive.</exception>
    public static SampleRatioResult Test(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares)
    {
        if (counts.Length < 2 || counts.Length != shares.Length) throw new ArgumentException("Give a count and a share for each of at least two arms.", nameof(counts));
        long total = 0;
        double shareTotal = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0 || !(shares[i] > 0)) throw new ArgumentException("Counts are 0 or more, shares above 0.", nameof(shares));
            total += counts[i];
            shareTotal += shares[i];
        }
        if (total == 0) return new SampleRatioResult(0, counts.Length - 1, 1);
        double chiSquare = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = total * shares[i] / shareTotal;
            chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return new SampleRatioResult(chiSquare, counts.Length - 1, ChiSquared.Survival(chiSquare, counts.Length - 1));
    }
}
