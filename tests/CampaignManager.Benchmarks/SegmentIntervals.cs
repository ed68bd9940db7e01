using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;
using CampaignManager.Simulation;

namespace CampaignManager.Benchmarks;

/// <summary>How good 90 % intervals of segment effects were.</summary>
/// <param name="Covered">Share of segments whose own interval holds the truth.</param>
/// <param name="Joint">Whether the joint intervals hold all of them.</param>
/// <param name="Score">Mean interval score (Gneiting &amp; Raftery 2007), in the outcome's unit; lower is better.</param>
/// <param name="Oracle">The same for Γ that knows μ0 and μ1.</param>
internal sealed record SegmentIntervals(double Covered, bool Joint, double Score, double Oracle)
{
    public const int Segments = 5;

    private const double Level = 0.90;

    /// <summary>Fifths of feature 0, judged against the mean true effect of their customers.</summary>
    public static SegmentIntervals Of(SimulatedExperiment drawn, double[] scores) => Of(drawn, scores, [.. Enumerable.Range(0, drawn.Rows).Select(i => (double)drawn.X.Row(i)[0])]);

    /// <summary>Fifths by any value a customer has.</summary>
    public static SegmentIntervals Of(SimulatedExperiment drawn, double[] scores, double[] by)
    {
        var segments = Fifths(by);
        var (covered, joint, score) = Judge(drawn, segments, scores);
        return new SegmentIntervals(covered, joint, score, Judge(drawn, segments, Oracles(drawn)).Score);
    }

    public static double[] Oracles(SimulatedExperiment drawn) => Aipw.EffectScores(drawn.Outcome, drawn.Treated, drawn.Propensity, drawn.TrueMu0, drawn.TrueMu1);

    private static (double Covered, bool Joint, double Score) Judge(SimulatedExperiment drawn, int[] segments, double[] scores)
    {
        var truth = drawn.TrueEffect;
        var effects = SegmentEffects.Estimate(scores, segments, [.. Enumerable.Range(0, drawn.Rows)], Segments, Level);
        double covered = 0, score = 0, critical = Normal.Quantile(0.5 + Level / 2);
        var joint = true;
        foreach (var effect in effects)
        {
            var real = Enumerable.Range(0, drawn.Rows).Where(i => segments[i] == effect.Segment).Average(i => truth[i]);
            double low = effect.Effect - critical * effect.StandardError, high = effect.Effect + critical * effect.StandardError;
            covered += real >= low && real <= high ? 1 : 0;
            joint &= real >= effect.Low && real <= effect.High;
            score += high - low + 2 / (1 - Level) * (Math.Max(0, low - real) + Math.Max(0, real - high));
        }

        return (covered / Segments, joint, score / Segments);
    }

    private static int[] Fifths(double[] by)
    {
        // Stable: of equal values the earlier customer comes first.
        int[] order = [.. Enumerable.Range(0, by.Length).OrderBy(i => by[i])];
        var segments = new int[order.Length];
        for (var rank = 0; rank < order.Length; rank++)
            segments[order[rank]] = (int)((long)rank * Segments / order.Length);
        return segments;
    }
}
