using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Checks;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Tests.Uplift.Checks;

public sealed class ChecksTests
{
    private static (BinnedFeatures Bins, bool[] Treated, double[] Propensity, double[] Outcome, int[] Rows) Data(ulong seed, double armLeak = 0, double outcomeLeak = 0, double honest = 0)
    {
        const int N = 4000;
        var random = new SeededRandom(seed);
        var x = new FeatureMatrix(N, 12);
        bool[] treated = new bool[N];
        double[] outcome = new double[N];
        int[] rows = [.. Enumerable.Range(0, N)];
        foreach (int i in rows)
        {
            treated[i] = random.NextDouble() < 0.3;
            for (int j = 0; j < 12; j++) x.Row(i)[j] = (float)random.NextNormal();
            x.Row(i)[4] += (float)(armLeak * (treated[i] ? 1 : 0));
            outcome[i] = random.NextDouble() < 1 / (1 + Math.Exp(2.5 - honest * x.Row(i)[2])) ? 1 : 0;
            x.Row(i)[7] += (float)(outcomeLeak * outcome[i]);
        }
        return (BinnedFeatures.Of(x, rows), treated, [.. rows.Select(_ => 0.3)], outcome, rows);
    }

    [Fact]
    public void Test_FeatureThatTellsTheArm_Alarms()
    {
        var d = Data(1, armLeak: 0.3);
        var result = RandomisationCheck.Test(d.Bins, d.Treated, d.Propensity, d.Rows);
        Assert.True(result.Alarm);
        Assert.Equal(4, result.Feature);
        Assert.True(result.Z > 0);
    }

    [Fact]
    public void Test_RandomArms_AlarmsInOneOfAThousand()
    {
        // 300 experiments of 12 features: 0.3 alarms expected; three have a probability below 1 in 250.
        var results = Enumerable.Range(1, 300).Select(s => Data((ulong)s)).Select(d => RandomisationCheck.Test(d.Bins, d.Treated, d.Propensity, d.Rows)).ToList();
        Assert.InRange(results.Count(r => r.Alarm), 0, 2);
        // And it is a p value: below .2 in about a fifth (Bonferroni a little less), none of which is an alarm by itself.
        Assert.InRange(results.Count(r => r.PValue < 0.2), 30, 80);
    }

    [Fact]
    public void Test_ShareOtherThanPlanned_IsNotThisChecksBusiness()
    {
        var d = Data(3);
        Assert.False(RandomisationCheck.Test(d.Bins, d.Treated, [.. d.Rows.Select(_ => 0.5)], d.Rows).Alarm);
    }

    [Fact]
    public void Find_FeatureFilledInAfterwards_IsNamed()
    {
        var d = Data(4, outcomeLeak: 8);
        Assert.Equal(7, Assert.Single(LeakCheck.Find(d.Bins, d.Outcome, d.Rows)).Feature);
    }

    [Fact]
    public void Find_StrongHonestFeature_IsLeftInPeace()
    {
        // A slope of 3 on the logit scale: area about .93.
        var d = Data(5, honest: 3);
        Assert.Empty(LeakCheck.Find(d.Bins, d.Outcome, d.Rows));
    }

    [Fact]
    public void Find_Area_IsTheShareOfPairsInOrder()
    {
        // Buyers at 3 and 1, others at 2 and 0: three of four pairs are in order; 60 times over.
        var x = new FeatureMatrix(240, 1);
        double[] y = new double[240];
        for (int i = 0; i < 240; i++) (x.Row(i)[0], y[i]) = (i % 4, i % 2);
        int[] rows = [.. Enumerable.Range(0, 240)];
        Assert.Empty(LeakCheck.Find(BinnedFeatures.Of(x, rows), y, rows));
        for (int i = 0; i < 240; i++) y[i] = i % 4 >= 2 ? 1 : 0;
        Assert.Equal(1.0, Assert.Single(LeakCheck.Find(BinnedFeatures.Of(x, rows), y, rows)).Area);
    }
}
