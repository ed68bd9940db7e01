using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>How much work <c>auto</c> puts in.</summary>
/// <param name="Repeats">Times the folds are drawn.</param>
/// <param name="MostRows">Rows the choice is made on; the chosen ones are fitted on all.</param>
/// <param name="Time">What the fit is given; null: as much as is needed.</param>
public sealed record AutoOptions(int Repeats = 2, int MostRows = 100_000, IFitTime? Time = null);

/// <summary>
/// Averages learners, each the more the better it does by cross-validated DR-loss and area under the uplift curve, both on one cross-fitted Γ. Differences between
/// customers are claimed only if Γ goes with the averaged prediction on rows it had not seen (best linear predictor, Chernozhukov et al. 2018), the weights
/// having been chosen on other folds than those tested; and what the average adds to a single cut only as far as it shows too (<see cref="Refinement"/>).
/// </summary>
public sealed class AutoLearner(IReadOnlyList<AutoCandidate> all, AutoOptions options) : IUpliftLearner
{
    private const int FoldCount = 5;

    /// <summary>
    /// Every pair of rows in different folds counts twice, once in each direction: without effects the sum of Γ·τ̂ varies up to √2 as much as its terms say.
    /// </summary>
    public const double CrossFitInflation = 1.4142135623730951;

    /// <summary>What is left of predicted differences when none is claimed: their order, and nothing that any decision could notice.</summary>
    public const double Hairline = 1e-6;

    /// <inheritdoc/>
    public string Name => "auto";

    // The candidate that is a single cut; below 0 where there is none.
    private static int CutOf(IReadOnlyList<AutoCandidate> candidates) => candidates.Select(c => c.Learner).ToList().FindIndex(l => l is BestRule);

    /// <inheritdoc/>
    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context) => FitWithReport(task, rows, context).Model;

    /// <summary>Fits, and says how it chose.</summary>
    /// <param name="task">The data.</param>
    /// <param name="rows">Training rows, ascending.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    /// <param name="progress">Told the share done.</param>
    public AutoFit FitWithReport(UpliftTask task, int[] rows, FitContext context, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        task = TrainingRows.Winsorise(task, rows);
        var sample = Sample(task, rows, options.MostRows);
        var nuisances = Nuisances.CrossFit(task, sample, context);
        var (scores, candidates) = Score(task, sample, nuisances, context, progress);
        var cut = CutOf(candidates);
        var repeats = scores.All.Max(s => s.Repeat) + 1;
        const double TestShare = 1.0 / (FoldCount - 1);
        (var weights, var behind, var errors) = Choice.Of(scores.All, candidates, TestShare);
        if (sample.Length < rows.Length) weights = Choice.Worth(weights);
        var average = OutOfFold(task, scores, repeats, others => Choice.Of(others, candidates, TestShare).Weights);
        var calibration = Calibrate(task, sample, nuisances.Gamma, average);
        var slope = calibration.Slope * Math.Max(0, 1 - 1 / (calibration.Z * calibration.Z));
        var claimed = calibration.Detected && slope > 0;
        if (!claimed) slope = Hairline * Math.Max(Math.Abs(calibration.Effect), 1e-3);
        double[] slopes = [.. weights.Select(w => slope * w)], uplift = new double[task.X.Rows];
        Array.Fill(uplift, double.NaN);
        foreach (var i in sample) uplift[i] = calibration.Effect + slope * average[i];
        if (claimed && cut >= 0)
        {
            var alone = OutOfFold(task, scores, repeats, _ => [.. candidates.Select((_, c) => c == cut ? 1.0 : 0)]);
            var fitted = Effects(ChosenAverage.Fit(candidates[cut].Learner, task, sample, nuisances, context), task, sample, context);
            if (Refinement.Of(Of(sample, nuisances.Gamma), Of(sample, average), Of(sample, alone), fitted, Of(sample, task.Folds)) is { } refinement)
            {
                slopes = refinement.Slopes(weights, cut);
                foreach (var i in sample) uplift[i] = calibration.Effect + refinement.Fine * average[i] + (slopes[cut] - refinement.Fine * weights[cut]) * alone[i];
            }
        }

        var chosen = new ChosenAverage(candidates, slopes, scores.Spreads(scores.All));
        var model = sample.Length == rows.Length ? chosen.Fit(task, rows, nuisances, context) : chosen.Fit(task, rows, context);
        var whole = slopes.Sum();
        var report = new AutoReport(
            [.. candidates.Select((c, k) => new CandidateReport(c.Name, scores.All.Average(s => s.ByValue[k]), scores.All.Average(s => s.ByRank[k]), behind[k], errors[k], slopes[k] / whole))],
            calibration.Effect, calibration.Slope, calibration.Z, calibration.PValue, repeats, sample.Length)
        {
            LeftOut = candidates.Count == all.Count ? null : [.. all.Except(candidates).Select(c => c.Name)],
        };
        return new AutoFit(model, nuisances.Mu0, uplift, report, chosen);
    }

    /// <returns>Who was tried: all, unless time is short.</returns>
    private (FoldScores Scores, IReadOnlyList<AutoCandidate> Tried) Score(
        UpliftTask task, int[] rows, Nuisances nuisances, FitContext context, Action<double>? progress)
    {
        var tried = all;
        FoldScores? scores = null;
        var done = 0;
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            // A further drawing of the folds is worth having whole or not at all.
            if (repeat > 0 && options.Time?.IsOut() == true) break;
            var drawing = new Drawing(task, rows, context, FoldCount, context.Seed * 1000 + (ulong)repeat + 1);
            var first = scores is null;
            var known = drawing.Try(tried, first ? options.Time : null, () => first || options.Time?.IsOut() != true, () =>
                progress?.Invoke(0.9 * Interlocked.Increment(ref done) / (options.Repeats * FoldCount * all.Count)));
            if (!first && options.Time?.IsOut() == true) break;
            tried = known;
            scores ??= new FoldScores(tried.Count);
            foreach (var (held, effects) in drawing.Effects(tried))
                scores.Add(repeat, held, [.. held.Select(i => nuisances.Gamma[i])], effects);
        }

        return (scores!, tried);
    }

    internal static double[] Effects(UpliftModel model, UpliftTask task, int[] rows, FitContext context)
    {
        double[] mu0 = new double[rows.Length], mu1 = new double[rows.Length];
        model.Predict(task.X, rows, mu0, mu1, context.Threads, context.Token);
        for (var i = 0; i < rows.Length; i++) mu1[i] -= mu0[i];
        return mu1;
    }

    private static T[] Of<T>(int[] rows, T[] all) => [.. rows.Select(i => all[i])];

    /// <summary>The averaged prediction of every row, its weights told by the other folds, mean 0 within a fold.</summary>
    private static double[] OutOfFold(UpliftTask task, FoldScores scores, int repeats, Func<FoldScores.Split[], double[]> weightsOf)
    {
        var average = new double[task.X.Rows];
        foreach (var split in scores.All)
        {
            FoldScores.Split[] others = [.. scores.All.Where(s => s.Repeat == split.Repeat && s != split)];
            if (others.Length == 0) continue;
            double[] weights = weightsOf(others), spreads = scores.Spreads(others);
            for (var c = 0; c < weights.Length; c++)
            {
                if (weights[c] == 0) continue;
                for (var i = 0; i < split.Rows.Length; i++) average[split.Rows[i]] += weights[c] * split.Centred[c][i] / spreads[c] / repeats;
            }
        }
        return average;
    }

    private static (double Effect, double Slope, double Z, double PValue, bool Detected) Calibrate(UpliftTask task, int[] rows, double[] gamma, double[] average)
    {
        var customers = Dense(Of(rows, task.Folds));
        var test = Heterogeneity.Test(Of(rows, gamma), Of(rows, average), customers);
        var effect = rows.Average(i => gamma[i]);
        if (!(test.StandardError > 0)) return (effect, 0, 0, 1, false);
        double z = test.Slope / test.StandardError / CrossFitInflation, p = Normal.Cdf(-z);
        return (effect, test.Slope, z, p, p < 0.05);
    }

    // Whole customers, evenly over the table.
    private static int[] Sample(UpliftTask task, int[] rows, int most)
    {
        if (rows.Length <= most) return rows;
        var limit = (ulong)((double)most / rows.Length * ulong.MaxValue);
        return [.. rows.Where(i => Mix((ulong)task.Folds[i], 77) <= limit)];
    }

    internal static int FoldOf(int customer, ulong salt) => (int)(Mix((ulong)customer, salt) % FoldCount);

    private static ulong Mix(ulong value, ulong salt)
    {
        var z = value * 0x9E3779B97F4A7C15UL + salt * 0xD1B54A32D192ED03UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private static int[] Dense(int[] values)
    {
        var numbers = new Dictionary<int, int>();
        return [.. values.Select(v => numbers.TryGetValue(v, out var n) ? n : numbers[v] = numbers.Count)];
    }
}
