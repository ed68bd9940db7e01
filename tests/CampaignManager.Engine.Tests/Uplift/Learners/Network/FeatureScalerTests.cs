using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Network;

public class FeatureScalerTests
{
    [Fact]
    public void Fit_Outlier_IsWinsorisedAtThePercentilesOfTheTrainingRowsOnly()
    {
        // 0..200 and one row outside training: the 0.5 and 99.5 percentile lie exactly at 1 and 199.
        FeatureMatrix x = Column([.. Enumerable.Range(0, 201).Select(i => (float)i), 1e9f]);
        FeatureScaler scaler = FeatureScaler.Fit(x, [.. Enumerable.Range(0, 201)]);

        ScaledColumn column = Assert.Single(scaler.Columns);
        Assert.Equal(1f, column.Low);
        Assert.Equal(199f, column.High);
        Assert.Equal(100f, column.Mean);
        // Σ of squares about 100: 2·(1² + … + 99²) + 2·99² for the two clamped ends = 656,700 + 19,602.
        Assert.Equal(Math.Sqrt(201 / 676_302.0), column.Scale, 1e-7);
        Assert.Equal(column.Of(199), column.Of(1e9f));
    }

    [Fact]
    public void Fit_ConstantColumn_IsDroppedAndARareFlagIsKept()
    {
        var x = new FeatureMatrix(1000, 3);
        for (int i = 0; i < 1000; i++)
        {
            x.Row(i)[0] = 7;
            x.Row(i)[1] = i == 500 ? 1 : 0;
            x.Row(i)[2] = -1;
        }

        FeatureScaler scaler = FeatureScaler.Fit(x, [.. Enumerable.Range(0, 1000)], [float.NaN, float.NaN, -1]);

        Assert.Equal(1, Assert.Single(scaler.Columns).Feature);
        Span<float> inputs = stackalloc float[1];
        scaler.Write(x.Row(500), inputs);
        // A flag of share p has mean p and deviation √(p(1 − p)).
        Assert.Equal(0.999 / Math.Sqrt(0.000999), inputs[0], 1e-2);
    }

    [Fact]
    public void Of_FillValue_IsTheMeanAndDoesNotCountInIt()
    {
        FeatureMatrix x = Column([-9, -9, 2, 4]);

        ScaledColumn column = Assert.Single(FeatureScaler.Fit(x, [0, 1, 2, 3], [-9]).Columns);

        Assert.Equal(3f, column.Mean);
        Assert.Equal(0f, column.Of(-9));
        Assert.Equal(column.Of(4), -column.Of(2));
    }

    private static FeatureMatrix Column(float[] values)
    {
        var x = new FeatureMatrix(values.Length, 1);
        for (int i = 0; i < values.Length; i++) x.Row(i)[0] = values[i];
        return x;
    }
}
