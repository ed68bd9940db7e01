using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>When arms' sizes are looked at.</summary>
public enum SampleRatioLook
{
    /// <summary>Every day: p below 0.0001, since there are many looks.</summary>
    Daily,

    /// <summary>Weekly and at the end: p below 0.001.</summary>
    WeeklyOrEnd,
}

/// <summary>Sample ratio mismatch of one cut of the customers (all, a day, a segment as of before assignment).</summary>
/// <param name="Test">Pearson's χ².</param>
/// <param name="TooFew">An arm is expected to have fewer than five: nothing is said and no alarm fires.</param>
/// <param name="Alarm">The alarm.</param>
/// <param name="Largest">The largest share by which an arm is off what was planned: (count − expected)/expected; 0 for nobody.</param>
/// <param name="LogBayesFactor">Of another split against the planned one, Dirichlet(k·share) prior over k arms (Lindon and Malek 2022).</param>
public sealed record SampleRatioCheck(SampleRatioResult Test, bool TooFew, bool Alarm, double Largest, double LogBayesFactor)
{
    private const double FewestExpected = 5, DailyBelow = 1e-4;

    /// <summary>P value valid at any look: min(1, 1/BF).</summary>
    public double SequentialPValue => Math.Min(1, Math.Exp(-LogBayesFactor));

    /// <summary>Tests arm counts against planned shares.</summary>
    /// <param name="counts">Customers by arm.</param>
    /// <param name="shares">Planned, positive; scaled to sum 1.</param>
    /// <param name="look">Which threshold.</param>
    /// <param name="cuts">How many cuts (days, segments) are tested at this look: the threshold is divided by it (Bonferroni).</param>
    /// <exception cref="ArgumentException">As <see cref="SampleRatio.Test"/>.</exception>
    public static SampleRatioCheck Of(
        ReadOnlySpan<long> counts, ReadOnlySpan<double> shares, SampleRatioLook look = SampleRatioLook.WeeklyOrEnd, int cuts = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cuts);
        var test = SampleRatio.Test(counts, shares);
        double total = 0, all = 0, largest = 0, fewest = double.PositiveInfinity;
        for (var i = 0; i < counts.Length; i++) (total, all) = (total + counts[i], all + shares[i]);
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = total * shares[i] / all;
            fewest = Math.Min(fewest, expected);
            if (expected > 0 && Math.Abs(counts[i] / expected - 1) > Math.Abs(largest)) largest = counts[i] / expected - 1;
        }
        var below = (look == SampleRatioLook.Daily ? DailyBelow : SampleRatio.AlarmBelow) / cuts;
        var few = fewest < FewestExpected;
        return new SampleRatioCheck(test, few, !few && test.PValue < below, largest, LogMixture(counts, shares, total, all));
    }

    /// <summary>Rows whose arm is not what the hash gives, of an exact audit; one is an alarm.</summary>
    /// <param name="stored">Arm of each exposure, as stored.</param>
    /// <param name="recomputed">Arm of each, from the salt and the assignment id.</param>
    /// <exception cref="ArgumentException">Columns of different lengths.</exception>
    public static long Mismatches(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> recomputed)
    {
        if (stored.Length != recomputed.Length) throw new ArgumentException("Give both arms of each exposure.", nameof(recomputed));
        long wrong = 0;
        for (var i = 0; i < stored.Length; i++)
            if (stored[i] != recomputed[i]) wrong++;
        return wrong;
    }

    // ln Γ(k) − ln Γ(k+n) + Σ (ln Γ(a+c) − ln Γ(a) − c·ln s), a = k·s, with Stirling's large terms taken together: of millions nothing is lost to rounding.
    private static double LogMixture(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares, double total, double all)
    {
        double k = counts.Length, end = k + total;
        var sum = SpecialFunctions.LogGamma(k) + 0.5 * Math.Log(end) - SpecialFunctions.StirlingRest(end);
        for (var i = 0; i < counts.Length; i++)
        {
            double share = shares[i] / all, a = k * share, z = a + counts[i];
            sum += z * Math.Log(z / (end * share)) - 0.5 * Math.Log(z) + SpecialFunctions.StirlingRest(z) + a * Math.Log(share) - SpecialFunctions.LogGamma(a);
        }
        return sum + (k - 1) * 0.5 * Math.Log(2 * Math.PI);
    }
}
