using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Tests.Experiments;

public class ArmCutsTests
{
    private static readonly ArmCuts Four = new(0.1, [0.2, 0.15]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0999, 0)]
    [InlineData(0.1, 2)]
    [InlineData(0.2999, 2)]
    [InlineData(0.31, 3)]
    [InlineData(0.4499, 3)]
    [InlineData(0.4501, 1)]
    [InlineData(0.9999, 1)]
    public void At_PlaceOfTheBucket_ControlThenVariantsThenCurrent(double bucket, int arm) => Assert.Equal(arm, Four.At(bucket));

    [Fact]
    public void Of_ControlArm_IsWhomTheHoldoutAlwaysHeld()
    {
        var cuts = new ArmCuts(0.3, []);
        for (var i = 0; i < 2_000; i++)
            Assert.Equal(Assignment.IsControl("salt", $"C{i}", 0.3), cuts.Of("salt", $"C{i}") == ArmCuts.Held);
    }

    [Fact]
    public void Of_MoreVariants_LeavesControlWhereItWas()
    {
        for (var i = 0; i < 2_000; i++)
            Assert.Equal(new ArmCuts(0.1, []).Of("salt", $"C{i}") == ArmCuts.Held, Four.Of("salt", $"C{i}") == ArmCuts.Held);
    }

    [Fact]
    public void Of_ManyCustomers_SharesAreThoseAsked()
    {
        const int N = 40_000;
        var counts = new int[4];
        for (var i = 0; i < N; i++)
            counts[Four.Of("epoch", $"C{i}")]++;
        for (var arm = 0; arm < 4; arm++)
        {
            var share = Four.ShareOf(arm);
            Assert.InRange(counts[arm] / (double)N, share - (4 * Math.Sqrt(share * (1 - share) / N)), share + (4 * Math.Sqrt(share * (1 - share) / N)));
        }
    }

    [Fact]
    public void Propensity_TwoArms_IsThatOfTreatmentOnBoth()
    {
        var two = new ArmCuts(0.1, []);
        Assert.Equal((0.9, 0.9), (two.PropensityOf(ArmCuts.Held), two.PropensityOf(ArmCuts.Current)));
        Assert.Equal((0.1, 0.55, 0.2, 0.15), (Four.PropensityOf(0), Math.Round(Four.PropensityOf(1), 12), Four.PropensityOf(2), Four.PropensityOf(3)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, true)]
    [InlineData(1, false)]
    public void Compare_OneArmAlone_TellsNothing(double control, bool compares) => Assert.Equal(compares, new ArmCuts(control, []).Compare);
}
