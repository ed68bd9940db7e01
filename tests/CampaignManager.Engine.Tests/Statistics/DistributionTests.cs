using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Statistics;

/// <summary>Against published table values.</summary>
public sealed class DistributionTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-3, 0.00134989803163009)]
    [InlineData(-8, 6.22096057427178e-16)]
    public void NormalCdf_Table_Matches(double z, double p) => Assert.Equal(1, Normal.Cdf(z) / p, 1e-11);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.975)]
    [InlineData(0.0001)]
    [InlineData(1e-12)]
    [InlineData(0.31)]
    public void NormalQuantile_ThenCdf_ReturnsP(double p) => Assert.Equal(1, Normal.Cdf(Normal.Quantile(p)) / p, 1e-11);

    [Fact]
    public void NormalQuantile_Edges_AreInfinite()
    {
        Assert.Equal(double.NegativeInfinity, Normal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, Normal.Quantile(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Normal.Quantile(1.1));
    }

    [Theory]
    [InlineData(0.975, 1, 12.7062047361747)]
    [InlineData(0.975, 7, 2.36462425159278)]
    [InlineData(0.95, 10, 1.81246112281168)]
    [InlineData(0.995, 30, 2.74999565356723)]
    [InlineData(0.975, 1000, 1.96233908082641)]
    public void StudentTQuantile_Table_Matches(double p, double df, double t)
    {
        Assert.Equal(t, StudentT.Quantile(p, df), 1e-9);
        Assert.Equal(p, StudentT.Cdf(t, df), 1e-11);
        Assert.Equal(-t, StudentT.Quantile(1 - p, df), 1e-9);
    }

    [Fact]
    public void StudentT_InfiniteFreedom_IsNormal() => Assert.Equal(Normal.Quantile(0.9), StudentT.Quantile(0.9, double.PositiveInfinity), 1e-12);

    [Theory]
    [InlineData(3.841458820694124, 1, 0.05)]
    [InlineData(10.82756617, 1, 0.001)]
    [InlineData(18.30703805, 10, 0.05)]
    [InlineData(0, 3, 1)]
    public void ChiSquaredSurvival_Table_Matches(double x, double df, double p) => Assert.Equal(p, ChiSquared.Survival(x, df), 1e-9);

    [Fact]
    public void LogGamma_Factorials_Match()
    {
        Assert.Equal(Math.Log(3628800), SpecialFunctions.LogGamma(11), 1e-11);
        Assert.Equal(Math.Log(Math.PI) / 2, SpecialFunctions.LogGamma(0.5), 1e-12);
    }

    [Fact]
    public void Beta_Symmetric_AddsToOne() => Assert.Equal(1, SpecialFunctions.Beta(2.5, 4, 0.3) + SpecialFunctions.Beta(4, 2.5, 0.7), 1e-13);

    [Fact]
    public void SortedQuantile_Type7_Interpolates()
    {
        Assert.Equal(2.5, Sample.SortedQuantile([1, 2, 3, 4], 0.5), 1e-12);
        Assert.Equal(1.75, Sample.SortedQuantile([1, 2, 3, 4], 0.25), 1e-12);
        Assert.Equal(4, Sample.SortedQuantile([1, 2, 3, 4], 1));
        Assert.Equal(2, Sample.Quantile([double.NaN, 3, 1], 0.5));
    }
}
