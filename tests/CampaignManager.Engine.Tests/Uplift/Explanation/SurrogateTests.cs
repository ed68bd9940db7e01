using CampaignManager.Engine.Tests.Uplift.Learners;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Tests.Uplift.Explanation;

public sealed class SurrogateTests
{
    private static (AnExperiment E, double[] Uplift, int[] Fitted, int[] Judged) Data()
    {
        var e = AnExperiment.Of(row => (row[2] == 1 ? 0.1 : 0) + 0.02 * row[0], rows: 3000);
        return (e, e.Truth, [.. e.Rows.Where(i => i % 3 != 0)], [.. e.Rows.Where(i => i % 3 == 0)]);
    }

    [Fact]
    public void Of_PredictionOfTwoFeatures_IsImitatedAndExplainedByThem()
    {
        var (e, uplift, fitted, judged) = Data();
        var surrogate = Surrogate.Of(e.Task.X, e.Task.Bins, uplift, fitted, judged, new FitContext(1, 2));
        Assert.InRange(surrogate.Fidelity, 0.97, 1);
        double[][] why = surrogate.Explain(e.Task.X, judged, 2);
        for (int i = 0; i < judged.Length; i += 37)
        {
            Assert.Equal(uplift[judged[i]], surrogate.Expected + why[i].Sum(), 0.03);
            // 0.1 against the mean of 0.04: +0.06 for those who are, −0.04 for the others.
            Assert.Equal(e.Task.X.Row(judged[i])[2] == 1 ? 0.06 : -0.04, why[i][2], 0.012);
            Assert.Equal(0, why[i][4] + why[i][5], 0.005);
        }
    }

    [Fact]
    public void Of_TinyDifferences_AreImitatedToo()
    {
        var (e, uplift, fitted, judged) = Data();
        var surrogate = Surrogate.Of(e.Task.X, e.Task.Bins, [.. uplift.Select(u => 0.05 + 1e-6 * u)], fitted, judged, new FitContext(1, 2));
        Assert.InRange(surrogate.Fidelity, 0.97, 1);
        Assert.Equal(0.05, surrogate.Expected, 1e-5);
    }

    [Fact]
    public void Of_SameEffectForAll_HasNothingToExplain()
    {
        var (e, _, fitted, judged) = Data();
        var surrogate = Surrogate.Of(e.Task.X, e.Task.Bins, [.. e.Rows.Select(_ => 0.05)], fitted, judged, new FitContext(1));
        Assert.Empty(surrogate.Trees);
        Assert.Equal(0.05, surrogate.Expected, 1e-12);
        Assert.All(surrogate.Explain(e.Task.X, judged), row => Assert.All(row, value => Assert.Equal(0, value)));
    }
}
