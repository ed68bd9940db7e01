using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public class ResponseMetricsTests
{
    [Fact]
    public void Of_BinaryOutcome_IsWorkedByHand()
    {
        ResponseMetrics m = ResponseMetrics.Of([1, 0, 1, 0, 0], [0.8, 0.6, 0.4, 0.4, 0.1], binary: true);

        Assert.Equal((0.2 + 0.6 + 0.6 + 0.4 + 0.1) / 5, m.Mae, 1e-12);
        Assert.Equal(Math.Sqrt((0.04 + 0.36 + 0.36 + 0.16 + 0.01) / 5), m.Rmse, 1e-12);
        // Pairs of converter and other: .8 beats three, .4 beats .1, ties with .4 and loses to .6.
        Assert.Equal(4.5 / 6, m.RocAuc, 1e-12);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.4) + Math.Log(0.4) + Math.Log(0.6) + Math.Log(0.9)) / 5, m.LogLoss, 1e-12);
        // At one half: .8 (hit) and .6 (false alarm) are predicted to convert.
        Assert.Equal(3 / 5.0, m.Accuracy, 1e-12);
        Assert.Equal(1 / 2.0, m.Precision, 1e-12);
        Assert.Equal(1 / 2.0, m.Recall, 1e-12);
        Assert.Equal(1 / 2.0, m.F1, 1e-12);
    }

    [Fact]
    public void Of_AllScoresEqual_RanksNobody()
    {
        ResponseMetrics m = ResponseMetrics.Of([1, 0, 0, 1], [0.2, 0.2, 0.2, 0.2], binary: true);

        Assert.Equal(0.5, m.RocAuc, 1e-12);
        Assert.Equal(double.NaN, m.Precision);
        Assert.Equal(0, m.Recall);
        Assert.Equal(0, m.F1);
    }

    [Fact]
    public void Of_OneClassOnly_HasNoRocAuc()
    {
        Assert.Equal(double.NaN, ResponseMetrics.Of([0, 0], [0.1, 0.9], binary: true).RocAuc);
        Assert.Equal(double.NaN, ResponseMetrics.Of([1, 1], [0.1, 0.9], binary: true).RocAuc);
    }

    [Fact]
    public void Of_CertainAndWrong_HasAFiniteLogLoss()
    {
        Assert.Equal(-Math.Log(1e-15), ResponseMetrics.Of([1], [0], binary: true).LogLoss, 1e-9);
    }

    [Fact]
    public void Of_Money_HasErrorsOnly()
    {
        ResponseMetrics m = ResponseMetrics.Of([10, 0, 50], [13, 4, 50], binary: false);

        Assert.Equal(7 / 3.0, m.Mae, 1e-12);
        Assert.Equal(Math.Sqrt(25 / 3.0), m.Rmse, 1e-12);
        Assert.Equal(double.NaN, m.RocAuc);
        Assert.Equal(double.NaN, m.F1);
    }

    [Fact]
    public void Of_DifferentLengthsOrNoRows_Throws()
    {
        Assert.Throws<ArgumentException>(() => ResponseMetrics.Of([1], [], binary: true));
        Assert.Throws<ArgumentException>(() => ResponseMetrics.Of([], [], binary: true));
    }
}
