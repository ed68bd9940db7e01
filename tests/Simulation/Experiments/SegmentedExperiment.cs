using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>Segments of several dimensions, all of the same customers: how often one of them is called different.</summary>
/// <param name="Group">Which table.</param>
/// <param name="Customers">In both arms.</param>
/// <param name="HeldOut">Share of control.</param>
/// <param name="Baskets">What buyers bring; null reads conversion.</param>
/// <param name="MoreBuyers">With the campaign so many times as many buy, everywhere but in one half of the first dimension.</param>
/// <param name="MoreThere">The same there; equal where segments do not differ.</param>
public sealed record SegmentedExperiment(string Group, long Customers, double HeldOut, Baskets? Baskets, double MoreBuyers, double MoreThere)
    : ExperimentSimulation(Group, FormattableString.Invariant($"{Baskets?.Name ?? "conversion"}|{Customers:#,0}|{100 * HeldOut:0} %|{MoreBuyers:0.##}|{MoreThere:0.00}"))
{
    /// <summary>Σ of the share of what is called different that is not; runs in which the first dimension is; in which any cell alone is below .05.</summary>
    public const string False = "false", First = "first", AnyCell = "any-cell";

    private const double Rate = 0.05, FalseDiscovery = 0.1;
    private static readonly int[] Levels = [2, 3, 4, 5];
    private static readonly int Cells = Levels.Aggregate((a, b) => a * b);

    /// <inheritdoc />
    protected override void Run(SeededRandom random, Figures figures)
    {
        // Rows: dimension and level, columns: arm.
        var sums = Levels.Select(l => new (OutcomeSums Sums, long Buyers)[l, 2]).ToArray();
        foreach (var arm in new[] { 0, 1 })
        {
            var all = arm == 0 ? (long)Math.Round(Customers * HeldOut) : Customers - (long)Math.Round(Customers * HeldOut);
            var sizes = Draws.Multinomial(random, all, [.. Enumerable.Repeat(1.0, Cells)]);
            for (var cell = 0; cell < Cells; cell++)
            {
                var times = arm == 0 ? 1 : cell % Levels[0] == 0 ? MoreThere : MoreBuyers;
                var buyers = Draws.Binomial(random, sizes[cell], Rate * times);
                var part = Baskets is null ? OutcomeSums.OfProportion(buyers, sizes[cell]) : new OutcomeSums(sizes[cell] - buyers, 0, 0, 0);
                for (var i = 0L; i < buyers && Baskets is not null; i++) part += OutcomeSums.Of(Baskets.Draw(random));
                for (int d = 0, rest = cell; d < Levels.Length; rest /= Levels[d++])
                    sums[d][rest % Levels[d], arm] = (sums[d][rest % Levels[d], arm].Sums + part, sums[d][rest % Levels[d], arm].Buyers + buyers);
            }
        }
        Judge(sums, figures);
    }

    private void Judge((OutcomeSums Sums, long Buyers)[][,] sums, Figures figures)
    {
        var any = false;
        List<double> asked = [];
        List<int> of = [];
        for (var d = 0; d < Levels.Length; d++)
        {
            List<EffectInterval> told = [];
            for (var l = 0; l < Levels[d]; l++)
            {
                var ((none, noneBuyers), (one, oneBuyers)) = (sums[d][l, 0], sums[d][l, 1]);
                if (Gates.Weight(oneBuyers, noneBuyers, HeldOut) < Gates.FewestSuccesses) continue;
                var effect = Baskets is null ? MeanDifference.Welch(one.Moments(), none.Moments()) : MeanDifference.SkewCorrected(one.Moments(), none.Moments()).Interval;
                any |= effect.PValue < 0.05;
                if (effect is { Reason: null, StandardError: > 0 }) told.Add(effect);
            }
            if (Heterogeneity.Of([.. told.Select(t => t.Estimate!.Value)], [.. told.Select(t => t.StandardError!.Value)])?.PValue is not { } p) continue;
            asked.Add(p);
            of.Add(d);
        }
        var adjusted = MultipleTests.BenjaminiHochberg([.. asked]);
        var differ = of.Where((_, i) => adjusted[i] <= FalseDiscovery).ToList();
        figures.Add(False, differ.Count == 0 ? 0 : (double)differ.Count(d => d != 0 || MoreThere.Equals(MoreBuyers)) / differ.Count);
        figures.Count(First, differ.Contains(0));
        figures.Count(AnyCell, any);
    }
}
