using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Auto;
using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Auto;

public sealed class RefinementTests
{
    private const int Rows = 4000;

    private readonly double[] _cut = new double[Rows], _other = new double[Rows], _noise = new double[Rows];
    private readonly int[] _customers = [.. Enumerable.Range(0, Rows)];

    public RefinementTests()
    {
        var random = new SeededRandom(21);
        for (int i = 0; i < Rows; i++) (_cut[i], _other[i], _noise[i]) = (i % 2 == 0 ? 1 : -1, random.NextNormal(), random.NextNormal());
    }

    private Refinement? Of(double cutEffect, double otherEffect, double[]? fitted = null) => Refinement.Of(
        [.. _noise.Select((e, i) => cutEffect * _cut[i] + otherEffect * _other[i] + e)], [.. _cut.Select((c, i) => 0.6 * c + 0.4 * _other[i])], _cut, fitted ?? _cut, _customers);

    [Fact]
    public void Of_WhatTheAverageAddsIsNoise_LeavesTheCutAlone()
    {
        var refinement = Of(0.3, 0)!;
        Assert.InRange(refinement.Coarse, 0.2, 0.4);
        Assert.Equal(0, refinement.Fine);
        double[] slopes = refinement.Slopes([0.6, 0.4], 0);
        Assert.Equal(refinement.Coarse, slopes[0], 1e-12);
        Assert.Equal(0, slopes[1]);
    }

    [Fact]
    public void Of_TheAverageAddsSomething_TakesBothAsFarAsTheyShow()
    {
        var refinement = Of(0.3, 0.2)!;
        Assert.Equal(0.6, refinement.Overlap, 0.05);
        // The average holds .4 of what it adds: a slope of .5 makes .2 of it.
        Assert.Equal(0.5, refinement.Fine, 0.15);
        double[] slopes = refinement.Slopes([0.6, 0.4], 0);
        Assert.Equal(0.4 * refinement.Fine, slopes[1], 1e-12);
        Assert.Equal(0.3, slopes[0], 0.1);
    }

    [Fact]
    public void Of_ACutThatIsNotBeyondDoubt_LeavesTheAverageAsItIs() => Assert.Null(Of(0.04, 0.2));

    [Fact]
    public void Of_ACutThatFallsElsewhereOnAllRows_LeavesTheAverageAsItIs() => Assert.Null(Of(0.3, 0, [.. _cut.Select((c, i) => i % 3 == 0 ? c : -c)]));

    [Fact]
    public void Fit_OneCutIsAllThereIs_CustomersOnOneSideTie()
    {
        var experiment = AnExperiment.Of(x => x[2] == 1 ? 0.15 : 0.01, 8000, 31);
        var auto = new AutoLearner([new("rule", new BestRule(), 3), new("s-linear", new SLearner(BaseLearner.Linear), 4), new("t-linear", new TLearner(BaseLearner.Linear))], new AutoOptions(Repeats: 1));
        var fit = auto.FitWithReport(experiment.Task, experiment.Rows, new FitContext(1, 2));
        Assert.True(fit.Report.Detected);
        Assert.Equal(1, fit.Report.Candidates[0].Weight, 1e-12);
        double[] uplift = experiment.Uplift(fit.Model);
        Assert.Equal(2, uplift.Distinct().Count());
        Assert.All(experiment.Rows, i => Assert.Equal(experiment.Task.X.Row(i)[2] == 1, uplift[i] > uplift.Average()));
        // What is said of rows it had not seen is on the same scale.
        Assert.Equal(uplift.Max() - uplift.Min(), experiment.Rows.Max(i => fit.Uplift[i]) - experiment.Rows.Min(i => fit.Uplift[i]), 0.03);
    }
}
