using System.Globalization;
using Bunit;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Uplift;

public sealed class RivalsPanelTests : BunitContext
{
    private static readonly UpliftOutcome Converted = new("converted", UpliftOutcome.Binary), Margin = new("margin", UpliftOutcome.Money, "CNY");

    private static readonly Estimate None = new(double.NaN, double.NaN, double.NaN), Some = new(0.12, 0.08, 0.16);

    public RivalsPanelTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Services.AddMudServices();
        Services.AddWords();
        Services.AddScoped<ShopNames>();
        Services.AddScoped<UpliftWords>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    private static Rival[] Rivals(Estimate qini, double uniform) =>
    [
        new(Rival.Model, qini, Some, Some, new Estimate(0.05, 0.01, 0.09), 0.4), new(Rival.Random, qini, Some, Some, Some, 0.4), new(Rival.Response, qini, Some, Some, Some, 0.6),
        new(Rival.Rule, qini, Some, Some, Some, 0.5), new(Rival.Uniform, None, None, None, new Estimate(0, 0, 0), uniform),
    ];

    [Fact]
    public void Render_Rivals_EachWithIntervalAndTheUniformPolicyByName()
    {
        var rows = Render<RivalsPanel>(p => p.Add(r => r.Rivals, Rivals(Some, 0)).Add(r => r.Outcome, Converted)).FindAll("tbody tr").Select(r => r.QuerySelectorAll("td").Select(c => c.TextContent.Trim()).ToList()).ToList();
        Assert.Equal(["By this model", "As many at random", "By who buys (response)", "By the best single rule", "Nobody (best uniform policy)"], rows.Select(r => r[0]));
        Assert.Equal(("0.1200 [0.0800 .. 0.1600]", "40%"), (rows[0][1], rows[0][3]));
        Assert.Equal("+5.0 pp [+1.0 .. +9.0 pp]", rows[0][4]);
        Assert.Equal(("–", "–"), (rows[4][1], rows[4][2]));
    }

    [Fact]
    public void Render_NoNormalisedScore_ShowsTheArea()
    {
        var panel = Render<RivalsPanel>(p => p.Add(r => r.Rivals, Rivals(None, 1)).Add(r => r.Outcome, Margin));
        Assert.Contains("0.1200", panel.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("CNY", panel.FindAll("tbody tr")[0].QuerySelectorAll("td")[4].TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Everybody", panel.FindAll("tbody tr")[4].QuerySelector("td")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_Binary_SaysWhatItIsAndHowWellItTells()
    {
        var report = new ResponseReport(new ResponseMetrics(0.31, 0.4, 0.71, 0.52, 0.66, 0.4, 0.6, 0.48), 0.36, 0.22, 0.45, 0.23, 0.225);
        var panel = Render<ResponsePanel>(p => p.Add(r => r.Response, report).Add(r => r.Outcome, Converted));
        Assert.Contains("ranks by who buys, not by who is moved", panel.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Contains("at least 22.0%", panel.Markup, StringComparison.Ordinal);
        Assert.Equal(
            ["0.3100; 0.3600 if the mean were said of everybody", "0.4000", "0.7100", "0.5200", "66.0%", "40.0%", "60.0%", "0.4800", "45.0%", "23.0%; predicted 22.5%"],
            panel.FindAll("dd").Select(d => d.TextContent));
    }

    [Fact]
    public void Response_Money_HasErrorsInItsCurrencyOnly()
    {
        const double No = double.NaN;
        var panel = Render<ResponsePanel>(p => p.Add(r => r.Response, new ResponseReport(new ResponseMetrics(3.5, 9, No, No, No, No, No, No), 4, No, No, 5, 5.5)).Add(r => r.Outcome, Margin));
        Assert.Equal(3, panel.FindAll("dd").Count);
        Assert.Contains("CNY", panel.FindAll("dd")[0].TextContent, StringComparison.Ordinal);
    }
}
