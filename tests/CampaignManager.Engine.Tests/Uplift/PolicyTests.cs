using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class PolicyTests
{
    [Fact]
    public void Find_WorkedByHand_StopsBeforeTheLosers()
    {
        // By falling uplift the gains sum to 3, 5, 4: the best depth is two of three.
        var depth = TargetingDepth.Find(([0.3, 0.2, 0.1], [3, 2, -1]), ([0.25, 0.2, 0.05, 0.01], [2, 4, -2, -4]), [0, 1, 2, 3]);
        Assert.Equal(0.2, depth.Threshold);
        Assert.Equal(0.5, depth.Share);
        Assert.Equal(6 / 4.0, depth.Value.Value);
        Assert.Equal(0, depth.All.Value);
        Assert.Equal(1.5, depth.OverAll.Value);
        Assert.Equal([new(0, 0), new(0.25, 0.5), new(0.5, 1.5), new(0.75, 1), new(1, 0)], depth.Curve);
    }

    [Fact]
    public void Find_TiesAtTheCut_EnterTogether()
    {
        var depth = TargetingDepth.Find(([0.2, 0.2, 0.1], [5, -4, -3]), ([0.2, 0.1], [1, 1]), [0, 1]);
        Assert.Equal(0.2, depth.Threshold);
        Assert.Equal(0.5, depth.Share);
    }

    [Fact]
    public void Find_EverybodyGains_TreatsAll()
    {
        var depth = TargetingDepth.Find(([0.3, 0.2, 0.1], [1, 1, 1]), ([0.5, -5], [1, 1]), [0, 1]);
        Assert.Equal(1, depth.Share);
        Assert.False(depth.Detected);
    }

    [Fact]
    public void Find_EverybodyLoses_TreatsNobody() => Assert.Equal(0, TargetingDepth.Find(([0.3, 0.2], [-1, -1]), ([0.5, 0.1], [-1, -1]), [0, 1]).Share);

    [Fact]
    public void Compare_ArmsThatSuitDifferentCustomers_PersonalWins()
    {
        var random = new SeededRandom(1);
        double[][] Scores(int n) => [.. Enumerable.Range(0, 3).Select(a => Enumerable.Range(0, n).Select(i => (a == 0 ? 1 : a == 1 + i % 2 ? 1.5 : 1.0 + 0.1 * a) + random.NextNormal()).ToArray())];
        double[][] held = Scores(2000);
        double[][] uplift = [.. Enumerable.Range(1, 2).Select(a => Enumerable.Range(0, 2000).Select(i => a == 1 + i % 2 ? 0.5 : 0.1).ToArray())];
        var choice = ArmChoice.Compare(Scores(2000), held, uplift, [.. Enumerable.Range(0, 2000)]);
        Assert.True(choice.Detected);
        Assert.Equal(0.5, choice.Shares[1], 1e-9);
        Assert.Equal(2, choice.Uniform);
    }

    [Fact]
    public void Compare_OneArmBestForAll_InventsNoGain()
    {
        double[][] scores = [[1, 1, 1], [2, 2, 2], [1, 1, 1]];
        var choice = ArmChoice.Compare(scores, scores, [[1, 1, 1], [0.2, 0.3, 0.1]], [0, 1, 2]);
        Assert.Equal(1, choice.Uniform);
        Assert.Equal(0, choice.Difference.Value);
        Assert.False(choice.Detected);
        Assert.Equal([0, 1, 0], choice.Shares.Select(s => Math.Round(s, 9)));
    }
}
