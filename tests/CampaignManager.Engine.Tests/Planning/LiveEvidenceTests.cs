using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class LiveEvidenceTests
{
    private static readonly IReadOnlyDictionary<string, double> Reached = new Dictionary<string,
        double>
    { ["new"] = 300, ["loyal"] = 100, ["lapsed"] = 2 };

    [Fact]
    public void Of_EarlyEntrants_AreReweightedToWhomTheOfferReaches()
    {
        // Nine of ten early entrants were loyal, a quarter of those reached now are.
        MeasuredSegment[] measured =
        [
            new("new", new ArmMoments(50, 5, 100, 0), new ArmMoments(50, 3, 100, 0)),
            new("loyal", new ArmMoments(450, 9, 100, 0), new ArmMoments(450, 10, 100, 0)),
        ];
        var evidence = LiveEvidence.Of(measured, Reached, 14)!;
        Assert.Equal(0.75 * 2 + 0.25 * -1, evidence.Effect, 9);
        Assert.Equal(Math.Sqrt(0.75 * 0.75 * 4 + 0.25 * 0.25 * (100.0 / 450 * 2)), evidence.Error, 9);
        Assert.Equal((1_000, 14), (evidence.Customers, evidence.Days));
    }

    [Fact]
    public void Of_SegmentThatMattersTooSmall_None()
    {
        MeasuredSegment large = new("new", new ArmMoments(50, 5, 100, 0), new ArmMoments(50, 3, 100, 0));
        Assert.Null(LiveEvidence.Of([large], Reached, 14));
        Assert.Null(LiveEvidence.Of([large, new("loyal", new ArmMoments(400, 1, 1, 0), new ArmMoments(29, 1, 1, 0))], Reached, 14));
    }
}
