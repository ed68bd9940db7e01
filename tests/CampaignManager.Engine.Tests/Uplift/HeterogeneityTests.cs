using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class HeterogeneityTests
{
    private static HeterogeneityResult Run(ulong seed, double slope, int n = 2000)
    {
        var random = new SeededRandom(seed);
        double[] predicted = new double[n], scores = new double[n];
        int[] customers = new int[n];
        for (int i = 0; i < n; i++)
        {
            predicted[i] = random.NextNormal();
            scores[i] = 0.3 + slope * predicted[i] + 3 * random.NextNormal();
            customers[i] = i;
        }
        return Heterogeneity.Test(scores, predicted, customers);
    }

    [Fact]
    public void Test_PredictionsRight_SlopeIsOne()
    {
        HeterogeneityResult result = Run(1, slope: 1);
        Assert.InRange(result.Slope, 1 - 4 * result.StandardError, 1 + 4 * result.StandardError);
        Assert.Equal(3 / Math.Sqrt(2000), result.StandardError, 0.01);
        Assert.True(result.Detected);
    }

    [Fact]
    public void Test_PredictionsNoise_FalseAlarmsAtFivePercent()
    {
        int alarms = Enumerable.Range(0, 400).Count(seed => Run((ulong)seed, slope: 0, n: 300).Detected);
        Assert.InRange(alarms, 4, 38);
    }

    [Fact]
    public void Test_PredictionsReversed_NotDetected() => Assert.False(Run(2, slope: -1).Detected);

    [Fact]
    public void Test_ConstantPrediction_NotDetected() => Assert.False(Heterogeneity.Test([1, 2, 3, 4], [0.1, 0.1, 0.1, 0.1], [0, 1, 2, 3]).Detected);
}
