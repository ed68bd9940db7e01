using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>
/// Dragonnet (Shi, Blei &amp; Veitch 2019): a body of 128-64 shared by two outcome heads and a propensity head, with targeted regularisation. Three nets, each
/// stopped on folds of its own, are averaged; what they say of rows they did not see decides how much of the differences they claim is kept.
/// </summary>
/// <param name="members">Nets averaged.</param>
public sealed class DragonnetLearner(int members = 3) : IUpliftLearner
{
    private const int MostJudged = 1_000_000;

    /// <inheritdoc/>
    public string Name => "dragonnet";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">One of the arms has no rows.</exception>
    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var arms = ArmMeans(task, rows);
        if (arms is { Treated: double.NaN } or { Control: double.NaN }) throw new ArgumentException("Both arms need rows.", nameof(rows));
        var scaler = FeatureScaler.Fit(task.X, rows);
        var shape = new NetworkShape([scaler.Columns.Length, 128, 64, DragonnetLoss.Heads], Activation.Elu, 1);
        (var mean, var spread) = task.Binary ? (0, 1) : Standard(task.Outcome, rows);
        var outcome = task.Outcome;
        if (!task.Binary)
        {
            outcome = new double[outcome.Length];
            foreach (var row in rows) outcome[row] = (task.Outcome[row] - mean) / spread;
        }
        var share = rows.Average(row => task.Propensity[row]);
        var loss = new DragonnetLoss(task.Treated, task.Propensity, outcome, task.Binary, share);
        // A single pass may fit the outcomes worse than none and still order the effects; how much of it is believed is decided below.
        var settings = NetworkSettings.For(rows.Length, 0.1f, Decay(shape, rows.Length)) with { KeepStart = false };
        var splits = FoldSplit.Of(rows, task.Folds, members, context.Seed);
        var random = new SeededRandom(context.Seed);
        var trained = new float[members][];
        var together = Math.Min(members, Math.Max(1, context.Threads));
        Parallel.For(0, members, new ParallelOptions { MaxDegreeOfParallelism = together, CancellationToken = context.Token }, m =>
        {
            var seed = random.Fork((ulong)m).NextUInt64();
            var start = shape.Start(new SeededRandom(seed));
            Heads(start, shape, task.Binary, arms, mean, spread, share);
            var inner = new FitContext(seed, Math.Max(1, context.Threads / together), context.Token);
            trained[m] = new NetworkTraining(task.X, scaler, shape, loss, settings, inner).Run(start, splits[m].Training, splits[m].Validation).Parameters;
        });
        var raw = new DragonnetModel(scaler, shape, trained, task.Binary, mean, spread, 0, 0, 1);
        return Drawn(raw, task, rows, [.. splits.Select(split => split.Validation.Select(row => task.Folds[row]).ToHashSet())], context);
    }

    /// <summary>The mean effect by AIPW, and the slope of Γ on τ̂ over rows the voices had not seen, shrunk by its own noise (positive-part James–Stein).</summary>
    private static DragonnetModel Drawn(DragonnetModel raw, UpliftTask task, int[] rows, HashSet<int>[] held, FitContext context)
    {
        var step = Math.Max(1, (rows.Length + MostJudged - 1) / MostJudged);
        int[] judged = [.. Enumerable.Range(0, (rows.Length + step - 1) / step).Select(i => rows[i * step])];
        double[] mu0 = new double[judged.Length], mu1 = new double[judged.Length];
        bool[] unseen = [.. judged.Select(row => held.Any(folds => folds.Contains(task.Folds[row])))];
        const int Chunk = 2048;
        Parallel.For(0, (judged.Length + Chunk - 1) / Chunk, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Threads), CancellationToken = context.Token }, c =>
        {
            int from = c * Chunk, count = Math.Min(Chunk, judged.Length - from);
            raw.Heads(task.X, judged.AsSpan(from, count), mu0.AsSpan(from, count), mu1.AsSpan(from, count),
                (m, row) => held[m].Contains(task.Folds[row]) || !held.Any(folds => folds.Contains(task.Folds[row])));
        });
        var scores = Aipw.EffectScores([.. judged.Select(row => task.Outcome[row])], [.. judged.Select(row => task.Treated[row])], [.. judged.Select(row => task.Propensity[row])], mu0, mu1);
        double effect = scores.Average(), centre = mu1.Zip(mu0, (one, zero) => one - zero).Average();
        return raw with { Effect = effect, Centre = centre, Slope = KeptShare(scores, mu0, mu1, unseen) };
    }

    private static double KeptShare(double[] scores, double[] mu0, double[] mu1, bool[] unseen)
    {
        const double Least = 0.1;
        int[] at = [.. Enumerable.Range(0, scores.Length).Where(i => unseen[i])];
        if (at.Length < 10) return Least;
        double score = at.Average(i => scores[i]), tau = at.Average(i => mu1[i] - mu0[i]), cross = 0, square = 0, noise = 0;
        foreach (var i in at)
        {
            var away = mu1[i] - mu0[i] - tau;
            cross += away * (scores[i] - score);
            square += away * away;
            noise += away * away * (scores[i] - score) * (scores[i] - score);
        }
        if (!(square > 0) || cross <= 0) return Least;
        var kept = cross / square * Math.Max(0, 1 - noise / (cross * cross));
        return Math.Clamp(kept, Least, 1);
    }

    // Prior variance of a weight times rows: the less data, the stronger. The effect's own head is held ten times as hard as the rest.
    private static float[] Decay(NetworkShape shape, int rows)
    {
        var body = (float)Math.Clamp(400.0 / rows, 1e-4, 0.1);
        var decay = new float[shape.Parameters];
        for (var layer = 0; layer < shape.Layers; layer++) decay.AsSpan(shape.WeightsAt(layer), shape.Widths[layer] * shape.Widths[layer + 1]).Fill(body);
        var heads = shape.WeightsAt(shape.Layers - 1);
        for (var i = 0; i < shape.Widths[^2]; i++) decay[heads + i * DragonnetLoss.Heads + 1] = 10 * body;
        return decay;
    }

    // Head biases at the arms' means and the mean propensity: the first prediction is the constant effect.
    private static void Heads(float[] start, NetworkShape shape, bool binary, (double Treated, double Control) arms, double mean, double spread, double share)
    {
        var biases = start.AsSpan(shape.BiasesAt(shape.Layers - 1), shape.Heads);
        double control = binary ? Logit(arms.Control) : (arms.Control - mean) / spread, treated = binary ? Logit(arms.Treated) : (arms.Treated - mean) / spread;
        biases[0] = (float)control;
        biases[1] = (float)(treated - control);
        biases[2] = (float)Logit(share);
    }

    private static (double Treated, double Control) ArmMeans(UpliftTask task, int[] rows)
    {
        double sum1 = 0, sum0 = 0, n1 = 0, n0 = 0;
        foreach (var row in rows)
        {
            var e = task.Propensity[row];
            if (task.Treated[row]) (sum1, n1) = (sum1 + task.Outcome[row] / e, n1 + 1 / e);
            else (sum0, n0) = (sum0 + task.Outcome[row] / (1 - e), n0 + 1 / (1 - e));
        }
        return (n1 > 0 ? sum1 / n1 : double.NaN, n0 > 0 ? sum0 / n0 : double.NaN);
    }

    private static (double Mean, double Spread) Standard(double[] outcome, int[] rows)
    {
        double mean = rows.Average(row => outcome[row]), variance = rows.Average(row => (outcome[row] - mean) * (outcome[row] - mean));
        return (mean, variance > 0 ? Math.Sqrt(variance) : 1);
    }

    private static double Logit(double p) => Math.Log(Math.Clamp(p, 1e-4, 1 - 1e-4) / (1 - Math.Clamp(p, 1e-4, 1 - 1e-4)));
}
