using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Tests.Experiments;

public sealed class PowerTests
{
    // The smallest groups for 80 % at two-sided 5 %, as R's power.prop.test finds them.
    [Theory]
    [InlineData(0.10, 0.15, 686)]
    [InlineData(0.50, 0.75, 58)]
    [InlineData(0.05, 0.06, 8158)]
    public void Of_ReferenceSizes_AreTheSmallestForEightyPercent(double p0, double p1, long n)
    {
        Assert.True(Power.Of(p0, p1 - p0, n, n) >= 0.8);
        Assert.True(Power.Of(p0, p1 - p0, n - 1, n - 1) < 0.8);
    }

    [Theory]
    [InlineData(0.08, 9000, 1000)]
    [InlineData(0.08, 1000, 9000)]
    [InlineData(0.02, 50_000, 50_000)]
    [InlineData(0, 5000, 500)]
    [InlineData(0.97, 500, 500)]
    public void DetectableLift_AnySizes_IsWhereThePowerIsReached(double baseline, long treated, long control)
    {
        var lift = Power.DetectableLift(baseline, treated, control)!.Value;
        Assert.Equal(0.8, Power.Of(baseline, lift, treated, control), 1e-6);
        Assert.True(Power.Of(baseline, lift * 0.9, treated, control) < 0.8);
    }

    [Fact]
    public void DetectableLift_MoreCustomers_IsSmaller()
    {
        long[] sizes = [500, 2_000, 10_000, 100_000];
        var lifts = sizes.Select(n => Power.DetectableLift(0.08, n - n / 10, n / 10)!.Value).ToList();
        Assert.Equal(lifts.OrderDescending(), lifts);
    }

    // For large arms the rough rule (1.96 + 0.84) · √(p(1−p)(1/n₁+1/n₀)) must agree: written out here by hand.
    [Fact]
    public void DetectableLift_LargeArms_AgreesWithTheRoughRule()
    {
        var rough = 2.8015852 * Math.Sqrt(0.08 * 0.92 * (1 / 900_000.0 + 1 / 100_000.0));
        Assert.Equal(rough, Power.DetectableLift(0.08, 900_000, 100_000)!.Value, rough * 0.02);
    }

    [Theory]
    [InlineData(0.08, 0, 100)]
    [InlineData(0.08, 100, 0)]
    [InlineData(0.5, 2, 2)]
    [InlineData(1, 1000, 1000)]
    public void DetectableLift_NothingToSee_IsNull(double baseline, long treated, long control) => Assert.Null(Power.DetectableLift(baseline, treated, control));

    [Fact]
    public void Of_NoLift_IsHalfTheLevel() => Assert.Equal(0.025, Power.Of(0.1, 0, 1000, 1000), 1e-9);

    [Theory]
    [InlineData(-0.1, 0.1, 0.05)]
    [InlineData(0.9, 0.2, 0.05)]
    [InlineData(0.1, 0.1, 0)]
    [InlineData(0.1, 0.1, 1)]
    public void Of_OutOfRange_Throws(double baseline, double lift, double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Power.Of(baseline, lift, 100, 100, alpha));
}
