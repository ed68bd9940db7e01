using System.Globalization;
using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Benchmarks;

/// <summary>Which experiments are simulated.</summary>
internal static class ExperimentRows
{
    public const string NoEffect = "no-effect", Coverage = "coverage", Peeking = "peeking", Plans = "plans", Covariates = "cuped", Segments = "segments", Splits = "sample-ratio";

    private static readonly double[] HeldOut = [0.1, 0.2, 0.5], Baselines = [0.005, 0.015, 0.05];
    private static readonly long[] Sizes = [20_000, 100_000];

    public static IEnumerable<ExperimentSimulation> All()
    {
        var hillstrom = Hillstrom();
        if (hillstrom is null)
            Console.WriteLine("There is no hillstrom.csv (folder ../shared/data or HILLSTROM_DATA): rows with its buyers are left out.\n");
        Baskets?[] metrics = [null, new LogNormalBaskets(0.8), new LogNormalBaskets(1.2), new LogNormalBaskets(1.6), .. hillstrom is null ? [] : new[] { hillstrom }];
        foreach (var baskets in metrics)
            foreach (var baseline in baskets == hillstrom && hillstrom is not null ? [0.009, 0.05] : Baselines)
                foreach (var size in Sizes)
                    foreach (var share in HeldOut)
                        yield return new ClosedExperiment(NoEffect, size, share, baseline, baskets);
        foreach (var baskets in metrics)
            foreach (var size in Sizes)
                foreach (var share in HeldOut)
                    foreach (var (buyers, larger) in new[] { (1.1, 1.0), (0.9, 1.0), (1.05, 1.1) })
                        if (baskets is not null || larger == 1)
                            yield return new ClosedExperiment(Coverage, size, share, 0.05, baskets, buyers, larger);
        foreach (var baskets in metrics)
            foreach (var size in Sizes)
                foreach (var share in HeldOut)
                    yield return ClosedExperiment.AsPlanned(Plans, size, share, 0.05, baskets);
        foreach (var row in Looks().Concat(Others()))
            yield return row;
    }

    private static IEnumerable<ExperimentSimulation> Looks()
    {
        foreach (var baskets in new Baskets?[] { null, new LogNormalBaskets(1.2) })
            foreach (var (launch, share) in new[] { (0.0, 0.5), (0.5, 0.5), (0.0, 0.1), (0.5, 0.1) })
                yield return new PeekedCampaign(Peeking, 20_000, launch, share, baskets);
        yield return new PeekedCampaign(Peeking, 20_000, 0, 0.2, new LogNormalBaskets(1.6));
        yield return new PeekedCampaign(Peeking, 100_000, 0, 0.1, null);
        yield return new PeekedCampaign(Peeking, 20_000, 0, 0.5, null, HasEnd: false);
        yield return new PeekedCampaign(Peeking, 20_000, 0.5, 0.1, new LogNormalBaskets(1.2), HasEnd: false);
        yield return new PeekedCampaign(Peeking, 20_000, 0, 0.5, null, 1.1);
        yield return new PeekedCampaign(Peeking, 20_000, 0.5, 0.5, null, 1.1);
        yield return new PeekedCampaign(Peeking, 20_000, 0, 0.2, new LogNormalBaskets(1.2), 1.25);
    }

    private static IEnumerable<ExperimentSimulation> Others()
    {
        foreach (var share in new[] { 0.1, 0.5 })
            foreach (var (sigma, likeness, more) in new[] { (0.8, 0.5, 1.0), (1.2, 0.5, 1.1), (1.6, 0.9, 0.9) })
                yield return new CovariateExperiment(Covariates, 20_000, share, sigma, likeness, more);
        foreach (var baskets in new Baskets?[] { null, new LogNormalBaskets(1.2) })
            foreach (var share in new[] { 0.1, 0.5 })
                foreach (var (more, there) in new[] { (1.0, 1.0), (1.1, 1.1), (1.3, 0.9) })
                    yield return new SegmentedExperiment(Segments, 50_000, share, baskets, more, there);
        foreach (var (size, share) in new[] { (20_000L, 0.5), (20_000L, 0.1), (100_000L, 0.1) })
            foreach (var lost in new[] { 0, 0.02, 0.05, 0.1 })
                yield return new SplitWatch(Splits, size, share, lost);
        yield return new SplitWatch(Splits, 100_000, 0.1, 0.3, OneSegment: true);
    }

    // Everybody who paid in Hillstrom's experiment, in any arm; .9 % did.
    private static RealBaskets? Hillstrom()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("HILLSTROM_DATA") ?? Path.Combine("..", "shared", "data"), "hillstrom.csv");
        if (!File.Exists(file))
            return null;
        var spends = File.ReadLines(file).Skip(1).Select(l => decimal.Parse(l[(l.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture));
        return new RealBaskets("money, Hillstrom's buyers", [.. spends.Where(s => s > 0).Select(s => (long)(100 * s))]);
    }
}
