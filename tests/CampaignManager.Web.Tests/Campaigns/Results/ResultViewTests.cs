using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Application.Tests.Experiments.Results;
using CampaignManager.Web.Campaigns.Results;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Tests.Hosting;

namespace CampaignManager.Web.Tests.Campaigns.Results;

/// <summary>What a manager reads, in each of its states, from sums made by hand.</summary>
public sealed class ResultViewTests : PageOverServices
{
    private static readonly ArmCell Control = ASums.Arm("control", 4000, 400, 10_000);

    [Theory]
    [InlineData(640, "It pays: keep it", "higher a customer than without it, most likely [", "good")]
    [InlineData(250, "It loses money: stop", "without it the shop earned more", "bad")]
    [InlineData(400, "No clear win, no clear loss", "neither a gain nor a loss is shown", "open")]
    public void View_Closed_SaysTheDecisionFirstWithItsFigures(int buyers, string title, string why, string tone)
    {
        var view = Show(ASums.Closed(Control, ASums.Arm("current", 4000, buyers, 10_000)));

        Assert.Equal(title, view.Find("#result-decision").TextContent);
        Assert.Contains(why, view.Find(".banner-why").TextContent, StringComparison.Ordinal);
        Assert.Contains(tone, view.Find("#result-banner").ClassList);
        Assert.DoesNotContain("{", view.Find(".banner-why").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void View_Closed_ShowsMoneyFirstAndTheCapBesideTheWhole()
    {
        var result = ResultReader.Read(ASums.Closed(Control, ASums.Arm("current", 4000, 640, 10_000, discount: 300)), ASums.Design());
        var view = Show(result);
        var profit = result.Now!.Comparisons[0].Metric("netProfit")!;

        Assert.Equal(["netProfit", "netProfit-raw", "conversion", "orders", "revenue", "margin", "discount", "returns"], view.FindAll("tr[data-metric]").Select(r => r.GetAttribute("data-metric")));
        Assert.Contains("each customer counts at most ¥200.00", view.Find("tr[data-metric=netProfit]").TextContent, StringComparison.Ordinal);
        Assert.Contains(Figures.Amount(profit.Capped!.Effect.Estimate!.Value, "CNY", sign: true), view.Find("#tile-decision").TextContent, StringComparison.Ordinal);
        Assert.Contains(Figures.Money(profit.Total.Estimate!.Value, "CNY", sign: true), view.Find("#tile-total").TextContent, StringComparison.Ordinal);
        // 640 × 3.00 given; 400 of 640 would have bought anyway.
        Assert.Contains("¥1,920", view.Find("#tile-discount").TextContent, StringComparison.Ordinal);
        Assert.Contains("up to ¥1,200 (62%)", view.Find("#tile-discount").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("p <", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void View_TooFewBuyers_SaysHowManyThereAre()
    {
        var view = Show(ASums.Closed(ASums.Arm("control", 4000, 10, 10_000), ASums.Arm("current", 4000, 20, 10_000)));

        Assert.Equal("Not enough data yet", view.Find("#result-decision").TextContent);
        Assert.StartsWith("15 of the 60 buyers", view.Find(".banner-why").TextContent, StringComparison.Ordinal);
        Assert.Contains("not enough data", view.Find("#tile-decision").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void View_Running_SwitchesBetweenReadingsWithTheirDates()
    {
        var current = ASums.Arm("current", 4000, 440, 10_000);
        var view = Show(ASums.Of(12, 20_000, 42, ASums.Epoch(
            ASums.Halves, ASums.Reading(OutcomeReading.SoFar, 0, Control, current), ASums.Reading(OutcomeReading.FirstDays, 7, Control, current))));

        Assert.Equal("Too early to decide", view.Find("#result-decision").TextContent);
        Assert.Contains("About 30 days left", view.Find(".banner-why").TextContent, StringComparison.Ordinal);
        Assert.Contains("True money so far", view.Find("#result-period").TextContent, StringComparison.Ordinal);
        view.FindAll("#result-readings .mud-toggle-item").Single(b => b.TextContent.Contains("First 7 days", StringComparison.Ordinal)).Click();
        Assert.Contains("the first 7 days of each count", view.Find("#result-period").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void View_Alarm_PutsTheFiguresBehindAWarning()
    {
        var sums = ASums.Closed(Control, ASums.Arm("current", 4000, 640, 10_000));
        AssignedCount[] lopsided = [new(new DateOnly(2026, 9, 7), "", "", "control", 4000), new(new DateOnly(2026, 9, 7), "", "", "current", 4600)];
        var view = Show(sums with { Epochs = [sums.Epochs[0] with { Assigned = lopsided }] });

        Assert.Equal("Something is wrong with the measurement", view.Find("#result-decision").TextContent);
        Assert.Contains("sizes are not as planned", view.Find(".banner-why").TextContent, StringComparison.Ordinal);
        Assert.Single(view.FindAll(".result-doubtful"));
        Assert.Contains("off by 7.0% from the plan", view.Find(".result-health").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void View_NobodyAssigned_SaysWhatWillCome()
    {
        var view = Show(ASums.Of(0, null, 42));

        Assert.Contains("Nobody has been assigned yet", view.Find(".empty-state").TextContent, StringComparison.Ordinal);
        Assert.Empty(view.FindAll("table"));
    }

    [Fact]
    public void View_SegmentsThatDiffer_AreOpenedAndShrunk()
    {
        ArmCell Of(string arm, int n, int buyers) => ASums.Arm(arm, n, buyers, 10_000);
        SegmentCell Cell(string segment, int control, int current) => new("value", segment, [Of("control", 1000, control), Of("current", 1000, current)]);
        var reading = new ReadingSums(OutcomeReading.Final, 0, [Control, Of("current", 4000, 640)], [Cell("high", 100, 400), Cell("low", 100, 110)]);
        var view = Show(ASums.Of(60, 20_000, 42, ASums.Epoch(ASums.Halves, reading)));

        var dimension = view.Find("details.result-dimension");
        Assert.True(dimension.HasAttribute("open"));
        Assert.Contains("These segments do differ.", dimension.TextContent, StringComparison.Ordinal);
        Assert.Equal(["high", "low"], dimension.QuerySelectorAll("tbody td:first-child").Select(c => c.TextContent));
    }

    [Fact]
    public void View_ThreeArms_SaysWhichOneItSpeaksOf()
    {
        PlannedArm[] arms = [new("control", 1 / 3.0), new("current", 1 / 3.0), new("b", 1 / 3.0)];
        var view = Show(ASums.Of(60, 20_000, 42, ASums.Epoch(
            arms, ASums.Reading(OutcomeReading.Final, 0, Control, ASums.Arm("current", 4000, 402, 10_000), ASums.Arm("b", 4000, 700, 10_000)))));

        Assert.Contains("This speaks of: b", view.Find("#result-banner").TextContent, StringComparison.Ordinal);
        Assert.Equal(3, view.FindAll("#result-arms .mud-toggle-item").Count);
    }

    [Fact]
    public void View_Chinese_SpeaksItThroughout()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        var view = Show(ASums.Closed(Control, ASums.Arm("current", 4000, 640, 10_000)));

        Assert.Equal("有效，值得继续", view.Find("#result-decision").TextContent);
        Assert.DoesNotMatch("[a-z]{4}", string.Concat(view.FindAll("h2, th, .banner-why, .tile").Select(e => e.TextContent)));
    }

    private IRenderedComponent<ResultView> Show(ExperimentSums sums) => Show(ResultReader.Read(sums, ASums.Design()));

    private IRenderedComponent<ResultView> Show(ExperimentResult result)
    {
        Context.Render<MudBlazor.MudPopoverProvider>();
        return Context.Render<ResultView>(p => p.Add(v => v.Result, result));
    }
}
