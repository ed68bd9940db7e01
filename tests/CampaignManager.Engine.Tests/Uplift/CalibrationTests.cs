using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class CalibrationTests
{
    [Fact]
    public void ByDecile_TwentyRows_PairsInOrder()
    {
        // Rows 2d and 2d+1 share decile d+1: a treated with y = 1 for even d, a control with y = 0 throughout. Predicted 10 − d.
        double[] y = new double[20], score = new double[20];
        bool[] treated = new bool[20];
        for (int i = 0; i < 20; i++)
        {
            int d = i / 2;
            score[i] = 10 - d;
            treated[i] = i % 2 == 0;
            y[i] = treated[i] && d % 2 == 0 ? 1 : 0;
        }
        CalibrationReport report = Calibration.ByDecile(y, treated, score);
        Assert.Equal(10, report.Deciles.Count);
        Assert.Equal(10, report.Deciles[0].Predicted, 1e-12);
        Assert.Equal(1, report.Deciles[0].Realised.Estimate, 1e-12);
        Assert.Equal(0, report.Deciles[1].Realised.Estimate, 1e-12);
        // |10−1| + |9−0| + |8−1| + |7−0| + ... = 9+9+7+7+5+5+3+3+1+1 = 50 over ten equal deciles.
        Assert.Equal(5, report.ExpectedError, 1e-12);
    }

    [Fact]
    public void ByDecile_DecileWithoutControl_IsLeftOutOfTheError()
    {
        double[] y = [1, 1, 0, 0];
        CalibrationReport report = Calibration.ByDecile(y, [true, true, true, false], [4, 3, 2, 1]);
        Assert.Equal(4, report.Deciles.Count);
        Assert.All(report.Deciles, decile => Assert.Equal(double.NaN, decile.Realised.Estimate));
        Assert.Equal(double.NaN, report.ExpectedError);
    }
}
