using System.Globalization;
using System.Text.Json;
using AngleSharp.Dom;
using Bunit;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using CampaignManager.Web.Campaigns.Predict;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.Predict;

[Collection(TrainedApp.Shared)]
public sealed class PredictTabTests(TrainedApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Tab_Draft_ShowsEverySegmentAsABarAndAsARow()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide);
        var bars = Bars(circuit);
        var rows = tab.FindAll("table.figures.wide tbody tr");

        Assert.Equal(5, bars.Count);
        Assert.Equal(["Active", "Lapsed", "Lapsing", "Loyal", "New customers"], bars.Select(b => b.Label).Order(StringComparer.Ordinal));
        Assert.All(bars, b => Assert.True(b.Low < b.Value && b.Value < b.High, $"{b}"));
        Assert.Equal(bars.OrderByDescending(b => b.Value), bars);
        Assert.Equal([.. bars.Select(b => b.Label), "Whole audience"], rows.Select(r => r.QuerySelector("th")!.TextContent));
        foreach (var (bar, row) in bars.Zip(rows))
        {
            Assert.Equal(Figures.Points(bar.Value) + Figures.PointsInterval(bar.Low, bar.High), row.QuerySelectorAll("td")[4].TextContent);
            Assert.Equal(10, row.Children.Length);
        }
    }

    [Fact]
    public async Task Tab_FavouriteCategoryChosen_ShowsThose()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide);
        tab.FindAll(".predict-grid .mud-toggle-item").Single(b => b.TextContent.Contains("Favourite", StringComparison.Ordinal)).Click();

        tab.WaitForAssertion(() => Assert.Equal(13, tab.FindAll("table.figures.wide tbody tr").Count), Patience);
        await tab.DrawnAsync();
        Assert.Equal(12, Bars(circuit).Count);
        Assert.All(Bars(circuit), b => Assert.StartsWith("Favourite: ", b.Label, StringComparison.Ordinal));
        Assert.Equal("Figures by favourite category", tab.Find("#predict-figures").TextContent);
    }

    [Fact]
    public async Task Tab_ProductsWithoutUnitCost_SaysThatTheirMarginIsAssumed()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide);
        var prediction = (await app.Services.GetRequiredService<PredictionService>().PredictAsync(TrainedApp.StoreWide, TestContext.Current.CancellationToken)).Value;

        Assert.InRange(prediction.MarginAssumedShare, 0.005, 0.5);
        Assert.StartsWith(Figures.Percent(prediction.MarginAssumedShare, 0) + " of the products have no unit cost", tab.Find(".margin-assumed").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Basis_EveryCostKnown_SaysNothingOfMargins()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var prediction = (await app.Services.GetRequiredService<PredictionService>().PredictAsync(TrainedApp.StoreWide, TestContext.Current.CancellationToken)).Value;
        var basis = circuit.Render<PredictionBasis>(p => p.Add(b => b.Prediction, prediction with { MarginAssumedShare = 0 }));

        Assert.Contains(prediction.Exposures.ToString("N0", CultureInfo.GetCultureInfo("en")), basis.Markup, StringComparison.Ordinal);
        Assert.Empty(basis.FindAll(".margin-assumed"));
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(120, true)]
    public async Task Tab_OfferOutsideThoseTried_Warns(int off, bool warns)
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide with { Offer = new FullReduction { Tiers = [new SpendTier(200, off)] } });

        Assert.Equal(warns, tab.Markup.Contains("outside those ever tried", StringComparison.Ordinal));
        var outside = tab.FindAll(".predict-outside li").Select(l => l.TextContent).ToList();
        Assert.Equal(warns ? 1 : 0, outside.Count);
        Assert.All(outside, line => Assert.Matches(@"^No past campaign took so much off\. 60%; tried so far: \d+% to \d+%\.$", line.Trim()));
    }

    [Fact]
    public async Task Tab_Draft_SaysForWhomAndForHowLong()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var rules = TrainedApp.StoreWide with { Experiment = new ExperimentPlan { HoldoutPercent = 25 } };
        var tab = await OpenAsync(circuit, rules);
        var total = (await app.Services.GetRequiredService<PredictionService>().PredictAsync(rules, TestContext.Current.CancellationToken)).Value.Total;

        Assert.Equal(Math.Round(total.Size * 0.75), total.Treated, 1.0);
        Assert.Equal(
            $"Orders, margin, cost and profit: {Figures.Count(total.Treated)} customers who get the offer, of {Figures.Count(total.Size)} in the audience "
            + "(25% held out), over the 14 days after a customer enters.",
            tab.Find(".predict-period").TextContent.Trim());
        Assert.Empty(tab.FindAll(".predict-over"));
    }

    [Fact]
    public async Task Tab_CampaignIsOver_SaysSo()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var id = await app.DraftAsync(TrainedApp.StoreWide);
        var tab = circuit.Render<PredictTab>(p => p.Add(t => t.CampaignId, id).Add(t => t.Version, 1).Add(t => t.Over, true));

        Assert.Contains("This campaign is over", tab.WaitForElement(".predict-over", Patience).TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.001, 1, -5, 7, "0", true, false)]
    [InlineData(-0.001, 9, 2, 16, "9", false, true)]
    [InlineData(0.001, 9, -2, 16, "9", false, false)]
    public async Task Table_OrdersAgainstTheUplift_AreZeroOrExplained(
        double uplift, double orders, double low, double high, string shown, bool zero, bool differ)
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var line = new SegmentPrediction("total", "total", 100, 0.1, uplift, -0.1, 0.1, orders, 5, 4, 1, 1, -1, 3, 0.25)
        {
            IncrementalOrdersLow = low,
            IncrementalOrdersHigh = high,
        };
        var table = circuit.Render<PredictionTable>(p => p
            .Add(t => t.Segments, []).Add(t => t.Total, line).Add(t => t.Currency, "CNY")
            .Add(t => t.Names, circuit.Services.GetRequiredService<ShopNames>()));

        Assert.Equal($"{shown}[{Figures.Count(low)} .. {Figures.Count(high)}]", table.FindAll("tbody td")[5].TextContent);
        Assert.Equal((zero, differ), (table.FindAll(".orders-zero").Count > 0, table.FindAll(".orders-differ").Count > 0));
        Assert.Contains("ROI has no interval", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tab_NobodyInTheAudience_SaysSoInsteadOfZeros()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var id = await app.DraftAsync(TrainedApp.StoreWide with { Audience = new Audience { Regions = ["nowhere"] } });
        var tab = circuit.Render<PredictTab>(p => p.Add(t => t.CampaignId, id).Add(t => t.Version, 1));

        Assert.Contains("Nobody is in this audience", tab.WaitForElement(".empty-state", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(tab.FindAll("table.figures"));
    }

    [Fact]
    public async Task Tab_OfferNobodyCanPredictYet_SaysSoInsteadOfWaitingForAModel()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var id = await app.DraftAsync(TrainedApp.StoreWide with { Offer = new Gift { Tiers = [new GiftTier("G-1", Spend: 100)] } });
        var tab = circuit.Render<PredictTab>(p => p.Add(t => t.CampaignId, id).Add(t => t.Version, 1));

        var words = tab.WaitForElement(".empty-state", Patience).TextContent;
        Assert.Contains("This campaign cannot be predicted", words, StringComparison.Ordinal);
        Assert.Contains("not this kind of offer", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_FullReduction_DrawsNetProfitOverTheThresholdAndMarksTheDraft()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide);
        await tab.UntilAsync(() => Assert.NotEmpty(Specs(circuit, "lines")));
        var curve = Specs(circuit, "lines")[^1];

        Assert.Equal(200, curve.GetProperty("markX").GetDouble());
        Assert.StartsWith("Threshold ¥200", tab.Find(".what-if-now").TextContent.Trim(), StringComparison.Ordinal);
        Assert.All(curve.GetProperty("lines")[0].GetProperty("data").EnumerateArray(), p => Assert.True(p[2].GetDouble() < p[1].GetDouble() && p[1].GetDouble() < p[3].GetDouble()));
    }

    [Fact]
    public async Task WhatIf_OfferWithoutNumbersToTurn_IsNotThere()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide with { Offer = new PercentOff { Tiers = [new PercentTier(null, 10)] } });

        Assert.Empty(tab.FindAll(".what-if"));
        Assert.Empty(Specs(circuit, "lines"));
    }

    private async Task<IRenderedComponent<PredictTab>> OpenAsync(ACircuit circuit, CampaignRules rules)
    {
        var id = await app.DraftAsync(rules);
        var tab = circuit.Render<PredictTab>(p => p.Add(t => t.CampaignId, id).Add(t => t.Version, 1).Add(t => t.Editable, true));
        tab.WaitForElement("table.figures.wide", Patience);
        await tab.DrawnAsync();
        return tab;
    }

    [Fact]
    public async Task Tab_Draft_SaysWhyAndWhatWouldTurnItRound()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide);

        var sentence = tab.WaitForElement("#why .why-sentence", Patience).TextContent;
        Assert.Matches(@"pp.*everybody in the audience: [+−][\d.]+ pp", sentence.ReplaceLineEndings(" "));
        Assert.Contains("What matters most", sentence, StringComparison.Ordinal);
        tab.WaitForElement("#flips", Patience);
        Assert.Matches(@"up to ¥[\d,]+ to people who would buy anyway.*at least ¥[\d,]+",
            tab.Find("#money-split").TextContent.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task Tab_AllAtOnce_WidensTheIntervalsOfTheSegments()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var tab = await OpenAsync(circuit, TrainedApp.StoreWide);
        var alone = Bars(circuit);
        tab.Find(".predict-grid .mud-switch input").Change(true);
        tab.WaitForAssertion(() =>
            Assert.All(Bars(circuit).Zip(alone), p => Assert.True(p.First.Low < p.Second.Low && p.First.High > p.Second.High)), Patience);
    }

    /// <summary>What the page asked to be drawn last.</summary>
    private static List<Bar> Bars(ACircuit circuit) =>
        [.. Specs(circuit, "bars").Last(s => s.GetProperty("bars")[0].TryGetProperty("low", out var low)
            && low.ValueKind == JsonValueKind.Number).GetProperty("bars").EnumerateArray().Select(b => new Bar(
            b.GetProperty("label").GetString()!, b.GetProperty("value").GetDouble(), b.GetProperty("low").GetDouble(), b.GetProperty("high").GetDouble()))];

    private static List<JsonElement> Specs(ACircuit circuit, string kind) =>
        [.. circuit.JSInterop.Invocations["charts.show"].Select(i => JsonDocument.Parse((string)i.Arguments[1]!).RootElement).Where(s => s.GetProperty("kind").GetString() == kind)];

    private sealed record Bar(string Label, double Value, double Low, double High);
}
