using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Engine.Uplift;
using CampaignManager.Simulation;

namespace CampaignManager.Benchmarks;

/// <summary>One learner on one simulated experiment, or (learner "segments") the intervals of fixed segments. A figure that has no value is null.</summary>
/// <param name="Process">Which simulation.</param>
/// <param name="Rows">Customers trained on.</param>
/// <param name="Seed">Of data and fit.</param>
/// <param name="Learner">Its name.</param>
/// <param name="Pehe">√ mean (τ̂ − τ)² on the test set.</param>
/// <param name="Constant">The same for the true mean effect: what knowing no differences costs.</param>
/// <param name="Qini">Qini of the test set; for money qini_abs.</param>
/// <param name="Rank">Spearman's correlation of τ̂ and τ; null where either is constant.</param>
/// <param name="Seconds">Fit and score.</param>
/// <param name="Intervals">Of the segments; for a learner of fifths by its own predictions on the test set, Γ made with its own μ̂0 and μ̂1.</param>
internal sealed record SimulationResult(string Process, int Rows, int Seed, string Learner, double? Pehe, double? Constant, double? Qini, double? Rank, double Seconds, SegmentIntervals? Intervals = null)
{
    public const string Segments = "segments";

    [JsonIgnore]
    public (string, int, int, string) Key => (Process, Rows, Seed, Learner);

    public static SimulationResult Of(SimulatedExperiment test, int rows, int seed, string learner, double[] mu0, double[] mu1, double seconds)
    {
        double[] truth = test.TrueEffect, tau = [.. mu1.Zip(mu0, (one, zero) => one - zero)];
        var mean = truth.Average();
        var metrics = new UpliftRanking(test.Outcome, test.Treated, tau).Metrics();
        return new SimulationResult(test.Name, rows, seed, learner,
            Math.Sqrt(tau.Zip(truth, (a, b) => (a - b) * (a - b)).Average()), Math.Sqrt(truth.Average(t => (t - mean) * (t - mean))),
            Finite(test.Binary ? metrics.Qini : metrics.QiniAbs), Finite(Spearman(tau, truth)), seconds,
            SegmentIntervals.Of(test, Aipw.EffectScores(test.Outcome, test.Treated, test.Propensity, mu0, mu1), tau));
    }

    /// <summary>Lines of an earlier run; a line torn by an interruption is left out.</summary>
    public static List<SimulationResult> Read(string file)
    {
        List<SimulationResult> read = [];
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            try
            {
                read.Add(JsonSerializer.Deserialize<SimulationResult>(line)!);
            }
            catch (JsonException)
            {
                Console.Error.WriteLine($"A line of {file} is torn and will be measured again.");
            }
        }

        return read;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double Spearman(double[] a, double[] b)
    {
        double[] first = Ranks(a), second = Ranks(b);
        double middle = (a.Length - 1) / 2.0, cross = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
        {
            cross += (first[i] - middle) * (second[i] - middle);
            left += (first[i] - middle) * (first[i] - middle);
            right += (second[i] - middle) * (second[i] - middle);
        }

        return left > 0 && right > 0 ? cross / Math.Sqrt(left * right) : double.NaN;
    }

    // Effects that are equal but for rounding share their mean rank.
    private static double[] Ranks(double[] values)
    {
        double[] keys = [.. values.Select(v => Math.Round(v, 12))], ranks = new double[values.Length];
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(keys, order);
        for (int from = 0, to; from < keys.Length; from = to)
        {
            for (to = from; to < keys.Length && keys[to] == keys[from];)
                to++;
            for (var i = from; i < to; i++)
                ranks[order[i]] = (from + to - 1) / 2.0;
        }

        return ranks;
    }
}
