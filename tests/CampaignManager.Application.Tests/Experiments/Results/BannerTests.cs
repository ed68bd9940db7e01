using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Engine.Experiments.Decisions;

namespace CampaignManager.Application.Tests.Experiments.Results;

/// <summary>What the page says first, from sums made by hand.</summary>
public sealed class BannerTests
{
    private static readonly ArmCell Control = ASums.Arm("control", 4000, 400, 10_000);

    public static TheoryData<int, string, string> AtClose => new()
    {
        { 640, "Keep", DecisionReason.IntervalAbove },
        { 250, "Stop", DecisionReason.IntervalBelow },
        { 400, "Inconclusive", DecisionReason.Narrow },
    };

    [Theory]
    [MemberData(nameof(AtClose))]
    public void Banner_AtClose_FollowsTheInterval(int buyers, string decision, string reason)
    {
        var banner = ResultReader.Read(ASums.Closed(Control, ASums.Arm("current", 4000, buyers, 10_000)), ASums.Design()).Banner;

        Assert.Equal((decision, reason, "current"), (banner.Decision.ToString(), banner.Reason, banner.Arm));
    }

    [Fact]
    public void Banner_WiderThanTheTarget_AsksToRepeat() => Assert.Equal(
        (Decision.Repeat, DecisionReason.TooWide), Said(ASums.Closed(Control, ASums.Arm("current", 4000, 410, 10_000)), ASums.Design(target: 0.5)));

    [Fact]
    public void Banner_NoTarget_TakesWhatGoesToSureBuyers()
    {
        // A discount of 3.00 an order, a tenth buys anyway: 0.30 a customer has to come in.
        var result = ResultReader.Read(ASums.Closed(Control, ASums.Arm("current", 4000, 410, 10_000, discount: 300)), ASums.Design(target: null));

        Assert.Equal(0.30, result.Banner.Target!.Value, 10);
        Assert.Equal(Decision.Repeat, result.Banner.Decision);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Banner_NotWholeWeeks_AsksToRepeat(int days) => Assert.Equal(
        (Decision.Repeat, DecisionReason.NotWholeWeeks), Said(ASums.Closed(Control, ASums.Arm("current", 4000, 640, 10_000)), ASums.Design(days: days)));

    [Theory]
    [InlineData(100, 20, false)]
    [InlineData(100, 140, true)]
    public void Banner_BuyersBelowTheGate_IsNoData(int control, int treated, bool passes)
    {
        var said = Said(ASums.Closed(ASums.Arm("control", 4000, control / 2, 10_000), ASums.Arm("current", 4000, treated, 10_000)), ASums.Design());

        Assert.Equal(passes, said != (Decision.NoData, DecisionReason.Gate));
    }

    [Fact]
    public void Banner_WithoutACap_TakesTwoHundredBuyers()
    {
        ArmCell few = ASums.Arm("control", 4000, 100, 10_000), more = ASums.Arm("current", 4000, 290, 10_000);

        Assert.Equal((Decision.NoData, DecisionReason.Gate), Said(ASums.Closed(few, more, cap: null), ASums.Design()));
        Assert.Equal((Decision.Keep, DecisionReason.IntervalAbove), Said(ASums.Closed(few, ASums.Arm("current", 4000, 310, 10_000), cap: null), ASums.Design()));
    }

    [Fact]
    public void Banner_NoSpread_IsNoData()
    {
        // Everybody buys for the same: no arm has any spread.
        ArmCell Same(string key) => ASums.Arm(key, 1, 1, 10_000);

        Assert.Equal(Decision.NoData, Said(ASums.Closed(Same("control"), Same("current")), ASums.Design()).Item1);
    }

    [Fact]
    public void Banner_DoNoHarm_KeepsWhatIsShownNotToLose()
    {
        // Many alike customers: the loss of less than 1 % of control's margin is excluded, a profit is not.
        ArmCell control = ASums.Arm("control", 400_000, 399_000, 10_000, returned: 0), current = ASums.Arm("current", 400_000, 399_100, 10_002, returned: 0);
        var sums = ASums.Closed(control, current);

        Assert.Equal((Decision.Inconclusive, DecisionReason.Narrow), Said(sums, ASums.Design()));
        Assert.Equal((Decision.Keep, DecisionReason.NoHarm), Said(sums, ASums.Design(DecisionPreset.DoNoHarm)));
    }

    [Fact]
    public void Banner_GuardrailProvesHarm_IsNotKept() => Assert.Equal(
        (Decision.Inconclusive, DecisionReason.Guardrail), Said(ASums.Closed(Control, ASums.Arm("current", 4000, 640, 10_000, returned: 0.14)), ASums.Design()));

    [Fact]
    public void Banner_EndMoved_IsReadAtTheSequencesLevel()
    {
        var sums = ASums.Closed(Control, ASums.Arm("current", 4000, 470, 10_000));

        Assert.Equal(Decision.Keep, Said(sums, ASums.Design()).Item1);
        Assert.NotEqual(Decision.Keep, Said(sums, ASums.Design(endMoved: true)).Item1);
    }

    [Theory]
    [InlineData(640, "PositiveSoFar", DecisionReason.SequenceAbove)]
    [InlineData(200, "Stop", DecisionReason.SequenceBelow)]
    [InlineData(400, "DaysLeft", DecisionReason.StillOpen)]
    public void Banner_BeforeClose_FollowsTheSequenceAndNeverKeeps(int buyers, string decision, string reason)
    {
        var current = ASums.Arm("current", 4000, buyers, 10_000);
        var sums = ASums.Of(12, 20_000, 42, ASums.Epoch(
            ASums.Halves, ASums.Reading(OutcomeReading.SoFar, 0, Control, current), ASums.Reading(OutcomeReading.FirstDays, 7, Control, current)));
        var banner = ResultReader.Read(sums, ASums.Design(planned: 8_000)).Banner;

        Assert.Equal((decision, reason, 30), (banner.Decision.ToString(), banner.Reason, banner.DaysLeft));
    }

    [Fact]
    public void Banner_BeforeAHundredConversionsInEachArm_DoesNotLook()
    {
        ArmCell control = ASums.Arm("control", 4000, 99, 10_000), current = ASums.Arm("current", 4000, 900, 10_000);
        var sums = ASums.Of(12, 20_000, 42, ASums.Epoch(
            ASums.Halves, ASums.Reading(OutcomeReading.SoFar, 0, control, current), ASums.Reading(OutcomeReading.FirstDays, 7, control, current)));

        Assert.Equal((Decision.DaysLeft, DecisionReason.BeforeFirstLook), Said(sums, ASums.Design()));
    }

    [Fact]
    public void Banner_Alarm_ComesBeforeEverything()
    {
        var closed = ASums.Closed(Control, ASums.Arm("current", 4000, 640, 10_000));

        Assert.Equal((Decision.Unhealthy, HealthAlarm.Audit), Said(closed with { Epochs = [closed.Epochs[0] with { Mismatches = 1 }] }, ASums.Design()));
    }

    [Fact]
    public void Banner_NobodyAssigned_IsNoData() => Assert.Equal((Decision.NoData, DecisionReason.Gate), Said(ASums.Of(0, null, 42), ASums.Design()));

    [Fact]
    public void Decisions_SeveralArms_AreJudgedByHolm()
    {
        // Alone the variant's interval would exclude 0; beside a second arm that shows nothing it does not.
        PlannedArm[] arms = [new("control", 1 / 3.0), new("current", 1 / 3.0), new("b", 1 / 3.0)];
        ArmCell none = ASums.Arm("current", 4000, 402, 10_000), some = ASums.Arm("b", 4000, 464, 10_000);
        var three = ASums.Of(60, 20_000, 42, ASums.Epoch(arms, ASums.Reading(OutcomeReading.Final, 0, Control, none, some)));
        var two = ASums.Closed(Control, some with { Arm = "current" });
        var result = ResultReader.Read(three, ASums.Design());

        Assert.Equal(Decision.Keep, ResultReader.Read(two, ASums.Design()).Banner.Decision);
        var b = result.Decisions.Single(d => d.Arm == "b");
        Assert.Equal((2 * b.PValue!.Value, Decision.Inconclusive), (b.Adjusted!.Value, b.Banner.Decision));
        Assert.Equal([("current", "control"), ("b", "control"), ("b", "current")], result.Now!.Comparisons.Select(c => (c.Arm, c.Against)));
    }

    private static (Decision, string) Said(ExperimentSums sums, ExperimentDesign design) =>
        ResultReader.Read(sums, design).Banner is var banner ? (banner.Decision, banner.Reason) : default;
}
