using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class AipwTests
{
    [Fact]
    public void EffectScores_ByHand_FollowTheFormula()
    {
        // Treated: 0.5 − 0.2 + (1 − 0.5)/0.25 = 2.3. Control: 0.5 − 0.2 − (1 − 0.2)/0.75 = 0.3 − 16/15.
        double[] scores = Aipw.EffectScores([1, 1], [true, false], [0.25, 0.25], [0.2, 0.2], [0.5, 0.5]);
        Assert.Equal(2.3, scores[0], 1e-12);
        Assert.Equal(0.3 - 16 / 15.0, scores[1], 1e-12);
    }

    [Fact]
    public void EffectScores_WrongOutcomeModel_StillUnbiased()
    {
        // Truth: effect 1; propensity depends on x and so does the baseline. The outcome model is nonsense (0 and 0), e is right.
        var random = new SeededRandom(7);
        const int n = 200_000;
        double[] y = new double[n], e = new double[n], zero = new double[n];
        bool[] t = new bool[n];
        for (int i = 0; i < n; i++)
        {
            double x = random.NextDouble();
            e[i] = 0.2 + 0.6 * x;
            t[i] = random.NextDouble() < e[i];
            y[i] = 2 * x + (t[i] ? 1 : 0) + random.NextNormal();
        }
        double[] scores = Aipw.EffectScores(y, t, e, zero, zero);
        double mean = scores.Average();
        double error = Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / n / n);
        Assert.InRange(mean, 1 - 4 * error, 1 + 4 * error);
        Assert.True(error < 0.03);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void EffectScores_PropensityAtTheEdge_Throws(double propensity) =>
        Assert.Throws<ArgumentException>(() => Aipw.EffectScores([1], [true], [propensity], [0], [0]));

    [Fact]
    public void Loss_ByHand_IsTheMeanSquare() => Assert.Equal((1 + 4) / 2.0, Aipw.Loss([1, 2], [0, 4]), 1e-12);

    [Fact]
    public void Value_TreatAll_IsMeanNetOfCosts()
    {
        var policy = new TreatmentPolicy(Margin: 10, Discount: 2, ContactCost: 0.5);
        // Gains: 10·0.3 − 2·0.5 − 0.5 = 1.5; 10·0.1 − 2·0.5 − 0.5 = −0.5.
        PolicyValue all = policy.Value([true, true], [0.3, 0.1], [0.5, 0.5], [0, 1]);
        Assert.Equal(0.5, all.Value, 1e-12);
        Assert.Equal(1, all.StandardError, 1e-12); // deviations ±1: sqrt(2·2/1)/2
        PolicyValue none = policy.Value([false, false], [0.3, 0.1], [0.5, 0.5], [0, 1]);
        Assert.Equal(0, none.Value);
        Assert.Equal(0.75, policy.Value([true, false], [0.3, 0.1], [0.5, 0.5], [0, 1]).Value, 1e-12);
    }

    [Fact]
    public void Treats_AtTheThreshold_DoesNot()
    {
        var policy = new TreatmentPolicy(Margin: 8, Discount: 2, ContactCost: 0);
        Assert.False(policy.Treats(uplift: 0.125, mu1: 0.5));
        Assert.True(policy.Treats(uplift: 0.126, mu1: 0.5));
    }
}
