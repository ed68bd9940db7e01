using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class ResponseCalibrationTests
{
    [Fact]
    public void Of_TwoGroups_ComparesEachWithWhatHappened()
    {
        bool[] outcome = [false, false, false, true, true, true, true, false];
        var calibration = ResponseCalibration.Of(outcome, [0.1, 0.2, 0.3, 0.2, 0.9, 0.8, 0.7, 0.6], 2);

        Assert.Equal([(4, 0.2, 0.25), (4, 0.75, 0.75)], calibration.Groups.Select(g => (g.Customers, Math.Round(g.Predicted, 12), g.Realised)));
        Assert.Equal(0.025, calibration.ExpectedError, 12);
        // Wilson's interval of 1 in 4, as statsmodels gives it.
        Assert.Equal((0.0456, 0.6994), (Math.Round(calibration.Groups[0].Low, 4), Math.Round(calibration.Groups[0].High, 4)));
    }

    [Fact]
    public void Of_FewerCustomersThanGroups_HasNoEmptyOnes()
    {
        Assert.Equal(2, ResponseCalibration.Of([true, false], [0.2, 0.1]).Groups.Count);
        Assert.True(double.IsNaN(ResponseCalibration.Of([], []).ExpectedError));
    }
}
