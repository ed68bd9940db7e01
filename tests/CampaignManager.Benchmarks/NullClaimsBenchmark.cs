using System.Globalization;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Benchmarks;

/// <summary>How often <c>auto</c> claims differences between customers where there are none.</summary>
internal static class NullClaimsBenchmark
{
    private const int Width = 10;
    private const double Limit = 30.0 / 400;

    /// <param name="args">Seeds (default 400), rows (default 2000).</param>
    public static Task RunAsync(string[] args)
    {
        var seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 400;
        var rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2000;
        Console.WriteLine(FormattableString.Invariant($"| effect for everybody | seeds in which `auto` claims differences | at most (30 of 400) |"));
        Console.WriteLine("|---|---:|---:|");
        foreach (var effect in new[] { 0, 0.03 })
        {
            var claims = new bool[seeds];
            Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, k => claims[k] = Claims(rows, (ulong)k + 1, effect));
            Console.WriteLine(FormattableString.Invariant($"| {100 * effect:0} points | {claims.Count(c => c)} of {seeds} | {Limit * seeds:0.#} of {seeds} |"));
        }

        return Task.CompletedTask;
    }

    // The baseline differs, 5 to 20 %: only then could differences of level be taken for differences of effect.
    private static bool Claims(int rows, ulong seed, double effect)
    {
        var random = new SeededRandom(seed).Fork(41);
        var x = new FeatureMatrix(rows, Width);
        var treated = new bool[rows];
        var outcome = new double[rows];
        int[] all = [.. Enumerable.Range(0, rows)];
        foreach (var i in all)
        {
            var row = x.Row(i);
            for (var j = 0; j < Width; j++)
                row[j] = (float)random.NextNormal();
            treated[i] = random.NextDouble() < 0.5;
            var chance = 0.05 + 0.15 / (1 + Math.Exp(-row[0] + 0.5 * row[1])) + (treated[i] ? effect : 0);
            outcome[i] = random.NextDouble() < chance ? 1 : 0;
        }

        var propensity = new double[rows];
        Array.Fill(propensity, 0.5);
        var task = new UpliftTask(x, BinnedFeatures.Of(x, all), treated, propensity, outcome, true, all);
        return ((AutoLearner)UpliftLearners.Create(UpliftLearners.Auto)).FitWithReport(task, all, new FitContext(seed)).Report.Detected;
    }
}
