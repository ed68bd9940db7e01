using CampaignManager.Simulation;

namespace CampaignManager.Engine.Tests.Uplift;

/// <summary>The simulated truth is what the simulated customers do.</summary>
public class SimulationsTests
{
    private const int Rows = 30_000;

    public static TheoryData<string> Names => [.. Simulations.All.Select(process => process.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_Outcomes_AgreeWithTheTruth(string name)
    {
        SimulatedExperiment drawn = Process(name).DrawTest(Rows, 1);

        foreach (bool arm in new[] { false, true })
        {
            double[] truth = arm ? drawn.TrueMu1 : drawn.TrueMu0;
            // Weighted by feature 0 too: the truth must hold for kinds of customers, not only on average.
            foreach (Func<int, bool> kind in new Func<int, bool>[] { _ => true, i => drawn.X.Row(i)[0] > 0.3, i => drawn.X.Row(i)[0] < -0.3 })
            {
                double[] misses = [.. Enumerable.Range(0, Rows).Where(i => drawn.Treated[i] == arm && kind(i)).Select(i => drawn.Outcome[i] - truth[i])];
                double error = Math.Sqrt(misses.Average(m => m * m) / misses.Length);
                Assert.InRange(misses.Average() / error, -4, 4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_Arms_FollowThePropensity(string name)
    {
        SimulatedExperiment drawn = Process(name).DrawTest(Rows, 2);

        double expected = drawn.Propensity.Sum(), variance = drawn.Propensity.Sum(e => e * (1 - e));
        Assert.InRange((drawn.Treated.Count(t => t) - expected) / Math.Sqrt(variance), -4, 4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_SameSeed_SameData(string name)
    {
        SimulatedExperiment one = Process(name).Draw(1000, 3), two = Process(name).Draw(1000, 3), other = Process(name).Draw(1000, 4);

        Assert.Equal(one.Outcome, two.Outcome);
        Assert.Equal(one.Treated, two.Treated);
        for (int i = 0; i < one.Rows; i++) Assert.True(one.X.Row(i).SequenceEqual(two.X.Row(i)));
        Assert.NotEqual(one.Treated, other.Treated);
    }

    [Fact]
    public void All_BinaryProcesses_AreSizedAsInAShop()
    {
        foreach (SimulatedExperiment drawn in Simulations.All.Select(process => process.DrawTest(Rows, 5)).Where(drawn => drawn.Binary))
        {
            (double low, double high) = drawn.Name == "rare" ? (0.004, 0.01) : (0.05, 0.2);
            Assert.InRange(drawn.TrueMu0.Average(), low, high);
            Assert.InRange(drawn.TrueEffect.Average(), 0, 0.05);
            Assert.All(drawn.TrueMu0.Concat(drawn.TrueMu1), mu => Assert.InRange(mu, 0.0005, 0.6));
        }
    }

    [Fact]
    public void All_KnownShapes_AreWhatTheirNamesSay()
    {
        Assert.All(Process("none").Draw(500, 1).TrueEffect, tau => Assert.Equal(0, tau));
        Assert.All(Process("constant").Draw(500, 1).TrueEffect, tau => Assert.Equal(0.03, tau, 1e-12));
        Assert.Equal(250, Process("small").Draw(1000, 1).Rows);
        Assert.Contains(Process("negative").Draw(500, 1).TrueEffect, tau => tau < -0.03);
        Assert.Equal(3, Process("strata").Draw(500, 1).Propensity.Distinct().Count());
        SimulatedExperiment odds = Process("proportional").Draw(500, 1);
        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal(0.35, Logit(odds.TrueMu1[i]) - Logit(odds.TrueMu0[i]), 1e-9));

        static double Logit(double p) => Math.Log(p / (1 - p));
    }

    private static SimulatedProcess Process(string name) => Simulations.All.Single(process => process.Name == name);
}
