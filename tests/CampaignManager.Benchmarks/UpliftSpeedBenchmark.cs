using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Forest;

namespace CampaignManager.Benchmarks;

/// <summary>Fit and score beside scikit-learn on the same table, every learner of either side in a process of its own.</summary>
internal static class UpliftSpeedBenchmark
{
    public const string One = "uplift-speed-one";

    // A forest of ours is run beside theirs at these; its learner must be built with the same.
    public const int ForestTrees = 100, ForestDepth = 8, ForestLeaf = 100;

    private const string Forest = "forest";

    // scikit-learn's forest takes an hour for more.
    private const int MostForestRows = 1_000_000;

    private static readonly string[] Peers = ["t", "s", "x"];

    public static async Task RunAsync(string[] sizes)
    {
        Console.WriteLine("| rows | learner | | fit | score | rows/s | rows × trees/s | peak memory | Qini | times as fast | memory ÷ peer's | Qini − peer's |");
        Console.WriteLine("|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var size in sizes.Length == 0 ? ["50000"] : sizes)
        {
            var rows = int.Parse(size, CultureInfo.InvariantCulture);
            var folder = Directory.CreateTempSubdirectory("cm-uplift-speed-").FullName;
            try
            {
                var file = Path.Combine(folder, "table.bin");
                await UpliftSpeedFile.WriteAsync(file, rows);
                await CompareAsync(file, rows);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>The child: one learner of ours on the file.</summary>
    /// <param name="args">Learner, file.</param>
    public static Measured Measure(string[] args)
    {
        IUpliftLearner learner = args[0] == Forest
            ? new CausalForestLearner(new ForestOptions { Trees = ForestTrees, MinLeaf = ForestLeaf }, (_, rows, _) => new double[rows.Length]) : BenchmarkLearners.Named(args[0]);
        var training = UpliftSpeedFile.Training(args[1]);
        int[] all = [.. Enumerable.Range(0, training.X.Rows)];
        WarmUp(learner, training);
        ProcessMemory.ForgetPeak();
        var watch = Stopwatch.StartNew();
        training = training with { Bins = BinnedFeatures.Of(training.X, all, threads: Environment.ProcessorCount) };
        var model = learner.Fit(training, all, new FitContext(1, Environment.ProcessorCount));
        var fit = watch.Elapsed.TotalSeconds;
        var score = TimeSpan.Zero;
        var uplift = new double[UpliftSpeedFile.TestRows(args[1])];
        double[] mu0 = [], mu1 = [];
        int[] rows = [];
        foreach (var (x, from) in UpliftSpeedFile.TestParts(args[1]))
        {
            // Reading is not counted: the peer has all rows in memory before.
            watch.Restart();
            if (rows.Length != x.Rows)
                (rows, mu0, mu1) = ([.. Enumerable.Range(0, x.Rows)], new double[x.Rows], new double[x.Rows]);
            model.Predict(x, rows, mu0, mu1, Environment.ProcessorCount);
            TensorPrimitives.Subtract<double>(mu1, mu0, uplift.AsSpan(from, x.Rows));
            score += watch.Elapsed;
        }
        // Read before judging, which is not what is measured.
        using var self = Process.GetCurrentProcess();
        var peak = self.PeakWorkingSet64 / 1e6;
        var (treated, outcome) = UpliftSpeedFile.TestLabels(args[1]);
        var qini = new UpliftRanking(outcome, treated, uplift).Metrics().Qini;
        return new Measured(new() { ["fit"] = fit, ["score"] = score.TotalSeconds }, new() { ["qini"] = qini.ToString("R", CultureInfo.InvariantCulture), ["peak"] = peak.ToString("R", CultureInfo.InvariantCulture) }, peak);
    }

    // A server has compiled its loops long before; the peer's come compiled. So many rows that the loops for large tables are run too.
    private static void WarmUp(IUpliftLearner learner, UpliftTask table)
    {
        int[] some = [.. Enumerable.Range(0, Math.Min(table.X.Rows, 60_000))];
        var x = new FeatureMatrix(some.Length, table.X.Width);
        foreach (var i in some)
            table.X.Row(i).CopyTo(x.Row(i));
        double[] mu0 = new double[some.Length], mu1 = new double[some.Length];
        // The compiler works beside the first fits, and takes a second or two until all that is hot has its last form.
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 4 || watch.Elapsed.TotalSeconds < 4; round++)
        {
            var task = table with { X = x, Bins = BinnedFeatures.Of(x, some, threads: Environment.ProcessorCount) };
            learner.Fit(task, some, new FitContext(1, Environment.ProcessorCount)).Predict(x, some, mu0, mu1, Environment.ProcessorCount);
        }
    }

    private static async Task CompareAsync(string file, int rows)
    {
        var peers = new Dictionary<string, UpliftSpeed>();
        foreach (var name in Peers.Append(Forest).Where(Runs))
        {
            peers[name] = name == Forest ? await UpliftPeer.ForestAsync(file, ForestTrees, ForestDepth, ForestLeaf) : await UpliftPeer.LearnerAsync(file, name);
            Console.WriteLine(Line(rows, name, "scikit-learn", peers[name], null));
        }

        foreach (var (name, ours) in new[] { ("s", "s-trees"), ("t", "t-trees"), ("x", "x-trees"), (Forest, Forest), ("t", "t-linear"), ("s", "s-linear") }.Where(o => Runs(o.Item1)))
            Console.WriteLine(Line(rows, ours, "ours", await OursAsync(ours, file), peers.GetValueOrDefault(name)));

        bool Runs(string name) => name != Forest || rows <= MostForestRows;
    }

    private static async Task<UpliftSpeed> OursAsync(string learner, string file)
    {
        var measured = await Measured.InChildAsync(One, learner, file);
        return new UpliftSpeed(measured.Seconds["fit"], measured.Seconds["score"], Figure("peak"), Figure("qini"));

        double Figure(string name) => double.Parse(measured.Facts[name], CultureInfo.InvariantCulture);
    }

    private static string Line(int rows, string learner, string side, UpliftSpeed speed, UpliftSpeed? peer)
    {
        var trees = learner == Forest ? FormattableString.Invariant($"{rows / speed.FitSeconds * ForestTrees:N0}") : "";
        var beside = peer is null ? " | | |" : FormattableString.Invariant($" {peer.Seconds / speed.Seconds:0.0} | {speed.PeakMegabytes / peer.PeakMegabytes:0.00} | {speed.Qini - peer.Qini:+0.0000;-0.0000} |");
        return FormattableString.Invariant($"| {rows:N0} | `{learner}` | {side} | {speed.FitSeconds:0.00} s | {speed.ScoreSeconds:0.00} s | {rows / speed.Seconds:N0} | {trees} | {speed.PeakMegabytes:0} MB | {speed.Qini:0.0000} |") + beside;
    }
}
