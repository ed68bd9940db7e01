using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>How far a challenger is ahead of a champion in one metric.</summary>
/// <param name="Champion">The champion's metric on all rows.</param>
/// <param name="Challenger">The challenger's.</param>
/// <param name="Difference">Challenger minus champion, with its interval over paired draws.</param>
/// <param name="ProbabilityBetter">Share of draws in which the challenger is ahead; draws without a difference count half.</param>
public sealed record PairedDifference(double Champion, double Challenger, Estimate Difference, double ProbabilityBetter);

/// <summary>Two models compared on the same rows.</summary>
/// <param name="Auuc">Normalised area under the uplift curve; NaN when the outcome is not binary.</param>
/// <param name="Qini">Normalised Qini coefficient; NaN when the outcome is not binary.</param>
/// <param name="AuucAbs">Unnormalised area under the uplift curve.</param>
/// <param name="QiniAbs">Unnormalised Qini area.</param>
public sealed record PairedComparison(PairedDifference Auuc, PairedDifference Qini, PairedDifference AuucAbs, PairedDifference QiniAbs)
{
    /// <summary>The metric that decides: AUUC, or its unnormalised area where there is no perfect curve.</summary>
    public PairedDifference Deciding => double.IsNaN(Auuc.Difference.Value) ? AuucAbs : Auuc;
}

/// <summary>
/// Paired bootstrap of two rankings of the same rows: every draw weights the rows of both alike, within each arm, so what the sample does to both cancels out
/// of the difference (Efron &amp; Tibshirani 1993, ch. 16).
/// </summary>
public static class PairedBootstrap
{
    /// <summary>Compares two models' scores on the same rows. Same seed, same answer.</summary>
    /// <param name="outcome">y a row.</param>
    /// <param name="treated">Arm a row.</param>
    /// <param name="champion">The champion's predicted uplift a row.</param>
    /// <param name="challenger">The challenger's.</param>
    /// <param name="draws">Bootstrap draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="level">Coverage of the intervals.</param>
    /// <param name="token">Ends the work early.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a score or outcome is NaN.</exception>
    public static PairedComparison Compare(
        ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, ReadOnlySpan<double> champion, ReadOnlySpan<double> challenger,
        int draws = UpliftBootstrap.DefaultDraws, ulong seed = 20_080_320, double level = 0.95, CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        var old = new UpliftRanking(outcome, treated, champion);
        var young = new UpliftRanking(outcome, treated, challenger);
        var n = outcome.Length;
        var arms = (Treated: new List<int>(), Control: new List<int>());
        for (var i = 0; i < n; i++) (treated[i] ? arms.Treated : arms.Control).Add(i);
        int[][] strata = [[.. arms.Treated], [.. arms.Control]];
        var random = new SeededRandom(seed);
        int[] byRow = new int[n], sorted = new int[n];
        var pairs = new (UpliftMetrics Champion, UpliftMetrics Challenger)[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            token.ThrowIfCancellationRequested();
            Array.Clear(byRow);
            foreach (var stratum in strata)
                for (var i = 0; i < stratum.Length; i++) byRow[stratum[random.NextInt(stratum.Length)]]++;
            pairs[draw] = (Weighted(old, byRow, sorted), Weighted(young, byRow, sorted));
        }
        var whole = (Champion: old.Metrics(), Challenger: young.Metrics());
        PairedDifference Of(Func<UpliftMetrics, double> metric)
        {
            double[] differences = [.. pairs.Select(pair => metric(pair.Challenger) - metric(pair.Champion)).Where(d => !double.IsNaN(d))];
            var value = metric(whole.Challenger) - metric(whole.Champion);
            var better = differences.Length == 0 ? double.NaN : differences.Sum(d => d > 0 ? 1 : d == 0 ? 0.5 : 0) / differences.Length;
            var interval = new Estimate(value, Sample.Quantile(differences, (1 - level) / 2), Sample.Quantile(differences, (1 + level) / 2));
            return new PairedDifference(metric(whole.Champion), metric(whole.Challenger), interval, better);
        }
        return new PairedComparison(Of(m => m.Auuc), Of(m => m.Qini), Of(m => m.AuucAbs), Of(m => m.QiniAbs));
    }

    private static UpliftMetrics Weighted(UpliftRanking ranking, int[] byRow, int[] sorted)
    {
        var order = ranking.RowsInOrder;
        for (var i = 0; i < order.Length; i++) sorted[i] = byRow[order[i]];
        return ranking.Metrics(sorted);
    }
}
