using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Statistics;

public sealed class MaximallySelectedTests
{
    [Fact]
    public void PValue_OneCut_IsTheTwoSidedNormal() => Assert.Equal(0.05, MaximallySelected.PValue(1.959964, 1, 0.5), 1e-6);

    [Fact]
    public void PValue_ManyCuts_IsMillerAndSiegmund()
    {
        // b = 3, ε = .1: φ(3) = .00443185; 4φ/3 = .00590913; φ·(3 − 1/3)·ln 81 = .05193425; together .05784338. Bonferroni for 60 cuts is .162.
        Assert.Equal(0.05784, MaximallySelected.PValue(3, 60, 0.1), 1e-4);
        Assert.Equal(0.0027, MaximallySelected.PValue(3, 1, 0.1), 1e-4);
    }

    [Fact]
    public void PValue_SimulatedWalks_BoundsTheFalseAlarms()
    {
        // The best of 81 cuts of 1,000 normal numbers: |t| ≥ 3 in about 5 % of 2,000 runs, never clearly more than the bound says.
        var random = new SeededRandom(5);
        int alarms = 0;
        double[] values = new double[1000];
        for (int run = 0; run < 2000; run++)
        {
            double total = 0;
            for (int i = 0; i < values.Length; i++) total += values[i] = random.NextNormal();
            double sum = 0, best = 0;
            for (int i = 0; i < 900; i++)
            {
                sum += values[i];
                int n = i + 1;
                if (n >= 100 && n % 10 == 0) best = Math.Max(best, Math.Abs(sum - n / 1000.0 * total) / Math.Sqrt(n * (1 - n / 1000.0)));
            }
            if (best >= 3) alarms++;
        }
        double bound = MaximallySelected.PValue(3, 81, 0.1);
        Assert.InRange(alarms / 2000.0, bound / 2, bound + 3 * Math.Sqrt(bound / 2000));
    }
}
