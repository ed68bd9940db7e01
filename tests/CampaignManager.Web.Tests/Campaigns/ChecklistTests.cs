using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using CampaignManager.Engine.Planning;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.Wizard;

namespace CampaignManager.Web.Tests.Campaigns;

public sealed class ChecklistTests
{
    private static readonly DateTime Now = new(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly CampaignRules Good = new()
    {
        Schedule = new Schedule { Start = new DateOnly(2026, 11, 1), End = new DateOnly(2026, 11, 11) },
        Limits = new Limits { Budget = 1000 },
    };

    private static readonly CheckFacts Facts = new(Now, new ScopeSize(10, 100, 0.2), 100_000, new ConversionHistory(100_000, 8_000, Now, 14), new OverlapReport([], 3));

    [Fact]
    public void Of_ASoundDraft_IsEmpty() => Assert.Empty(Of(Good));

    [Theory]
    [InlineData("NoBudget")]
    [InlineData("NoEnd")]
    [InlineData("NoStart")]
    [InlineData("StartPassed")]
    [InlineData("StartSoon")]
    [InlineData("NoHoldout")]
    [InlineData("AllHeldOut")]
    [InlineData("DeepDiscount")]
    [InlineData("CodeUnlimited")]
    [InlineData("NoCodeToLimit")]
    public void Of_OneThingOdd_NamesJustThat(string key)
    {
        var rules = key switch
        {
            "NoBudget" => Good with { Limits = new Limits() },
            "NoEnd" => Good with { Schedule = Good.Schedule with { End = null } },
            "NoStart" => Good with { Schedule = Good.Schedule with { Start = null } },
            "StartPassed" => Good with { Schedule = Good.Schedule with { Start = new DateOnly(2026, 9, 1) } },
            "StartSoon" => Good with { Schedule = Good.Schedule with { Start = new DateOnly(2026, 10, 2) } },
            "NoHoldout" => Good with { Experiment = new ExperimentPlan { HoldoutPercent = 0 } },
            "AllHeldOut" => Good with { Experiment = new ExperimentPlan { HoldoutPercent = 100 } },
            "DeepDiscount" => Good with { Offer = new PercentOff { Tiers = [new PercentTier(null, 60)] } },
            "CodeUnlimited" => Good with { Trigger = new Trigger { Code = "FALL" } },
            _ => Good with { Limits = Good.Limits with { UsesPerCode = 1 } },
        };
        var item = Assert.Single(Of(rules));
        Assert.Equal((key, false), (item.Key, item.IsMissing));
    }

    [Fact]
    public void Of_TheLastDayHasPassed_HoldsItBack()
    {
        var item = Assert.Single(Of(Good with { Schedule = Good.Schedule with { Start = new DateOnly(2026, 9, 1), End = new DateOnly(2026, 9, 2) } }));
        Assert.Equal(("EndPassed", true, WizardStep.Limits), (item.Key, item.IsMissing, item.Step));
    }

    [Fact]
    public void Of_FactsAboutGoodsPeopleAndOthers_AreNamedOnTheirSteps()
    {
        var clash = new CampaignOverlap(Guid.Empty, "x", CampaignStatus.Live, Good, new ScheduleInterval(null, null), 1, null, null, [new Clash(ClashKind.SameCode), new Clash(ClashKind.SameGoods)]);
        var facts = new CheckFacts(Now, new ScopeSize(0, 100, 0), 0, null, new OverlapReport([clash], 0));
        Assert.Equal([(WizardStep.Scope, "NoGoods"), (WizardStep.Audience, "NobodyInAudience"), (WizardStep.Combining, "Clash")], Of(Good, facts).Select(i => (i.Step, i.Key)));
    }

    [Fact]
    public void Of_SegmentsGoneOrByAnEarlierVersion_AreNamed()
    {
        var rules = Good with { Audience = new Audience { AnyOf = ["uplift:top30", "new"], NoneOf = ["vip"] } };
        AudienceSegment[] Known(bool inUse) =>
        [
            new("new", SegmentKind.Lifecycle, "New customers", "新客", 5, Now),
            new("uplift:top30", SegmentKind.Uplift, "Top", "前", 5, Now, new SegmentScores(Guid.NewGuid(), 3, inUse, false)),
        ];
        var items = Of(rules, Facts with { Segments = Known(inUse: false) });
        Assert.All(items, i => Assert.Equal((WizardStep.Audience, false), (i.Step, i.IsMissing)));
        Assert.Equal([("SegmentOutdated", "uplift:top30, 3"), ("SegmentUnknown", "vip")], items.Select(i => (i.Key, string.Join(", ", i.Arguments))));
        Assert.Equal(["SegmentUnknown"], Of(rules, Facts with { Segments = Known(inUse: true) }).Select(i => i.Key));
        // Before anything was computed nobody knows which segments there are.
        Assert.Empty(Of(rules));
    }

    [Fact]
    public void Of_AnAudienceTooSmallToTell_SaysSo() => Assert.Equal(["WeakPower"], Of(Good, Facts with { Audience = 500 }).Select(i => i.Key));

    [Fact]
    public void Of_ALiftBelowWhatCanBeDetected_SaysBothFigures()
    {
        var item = Assert.Single(Of(Good, Facts with { Forecast = Forecast(uplift: 0.001, cost: 500) }));
        Assert.Equal(("LiftTooSmall", WizardStep.Audience, "0.1"), (item.Key, item.Step, item.Arguments[0]));
        Assert.Empty(Of(Good, Facts with { Forecast = Forecast(uplift: 0.05, cost: 500) }));
    }

    [Fact]
    public void Of_AForecastThatCostsMoreThanTheBudget_SaysBothAmounts()
    {
        var item = Assert.Single(Of(Good, Facts with { Forecast = Forecast(uplift: 0.05, cost: 1_500) }));
        Assert.Equal(("CostOverBudget", WizardStep.Limits, "¥1,500", "¥1,000"), (item.Key, item.Step, item.Arguments[0], item.Arguments[1]));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public void Of_UniqueCodesWanted_SaysWhenNoneIsIssued(int issued, bool said)
    {
        var rules = Good with { Trigger = new Trigger { UniqueCodes = true } };
        Assert.Equal(said, Of(rules, Facts with { IssuedCodes = issued }).Any(i => i.Key == "NoCodesIssued"));
    }

    [Fact]
    public void Of_ManySeriousClashes_NamesFiveAndCountsTheRest()
    {
        var clash = new CampaignOverlap(Guid.Empty, "x", CampaignStatus.Live, Good, new ScheduleInterval(null, null), 1, null, null, [new Clash(ClashKind.SameCode)]);
        var items = Of(Good, Facts with { Overlaps = new OverlapReport([.. Enumerable.Repeat(clash, 7)], 0) });
        Assert.Equal(["Clash", "Clash", "Clash", "Clash", "Clash", "MoreClashes"], items.Select(i => i.Key));
        Assert.Equal(2, items[^1].Arguments[0]);
    }

    [Fact]
    public void Of_ACodeThatAnotherCampaignTakes_IsNamedOnce()
    {
        var rules = Good with { Trigger = new Trigger { Code = "SAME" }, Limits = Good.Limits with { UsesPerCustomer = 1 } };
        var clash = new CampaignOverlap(Guid.Empty, "x", CampaignStatus.Live, Good, new ScheduleInterval(null, null), 1, null, null, [new Clash(ClashKind.SameCode), new Clash(ClashKind.LosesThreshold)]);
        var facts = Facts with { Overlaps = new OverlapReport([clash], 0), Warnings = [new RuleError("trigger.code", "code-shared", "", ["'x'"])] };
        var items = Of(rules, facts).Where(i => i.Key is "Clash" or "CodeShared").ToList();
        Assert.Equal(["Clash", "CodeShared"], items.Select(i => i.Key));
        Assert.Equal((WizardStep.Limits, "'x'"), (items[1].Step, items[1].Arguments[0]));
    }

    private static CampaignPrediction Forecast(double uplift, double cost)
    {
        var total = new SegmentPrediction("total", "total", 100_000, 0.08, uplift, uplift - 0.01, uplift + 0.01, 10, 100, cost, 0, 100 - cost, 0, 0, null);
        return new CampaignPrediction(Guid.Empty, false, [], total, "CNY", 0, 9, 9_000, 10, 0);
    }

    [Fact]
    public void Of_WrongFields_ComeFirstAndLeadToTheirSteps()
    {
        var form = CampaignForm.Of("", null, [], Good);
        (form.Budget, form.HoldoutPercent) = (-1, null);
        var items = Checklist.Of(form, form.Check(), Facts);
        Assert.All(items, i => Assert.True(i.IsMissing));
        Assert.Equal([WizardStep.Details, WizardStep.Audience, WizardStep.Limits], items.Select(i => i.Step));
    }

    private static IReadOnlyList<CheckItem> Of(CampaignRules rules, CheckFacts? facts = null)
    {
        var form = CampaignForm.Of("Autumn", null, [], rules);
        return Checklist.Of(form, form.Check(), facts ?? Facts);
    }
}
