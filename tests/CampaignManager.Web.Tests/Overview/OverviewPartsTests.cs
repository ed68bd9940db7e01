using System.Globalization;
using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Overview;
using CampaignManager.Web.Overview;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Overview;

/// <summary>The overview's parts, each over figures made by hand.</summary>
public sealed class OverviewPartsTests : IAsyncLifetime
{
    private readonly BunitContext context = new();

    public ValueTask InitializeAsync()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        context.Services.AddMudServices();
        context.Services.AddWords();
        context.Services.AddScoped<ShopNames>();
        context.Services.AddSingleton(TimeProvider.System);
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Render<MudBlazor.MudPopoverProvider>();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    [Fact]
    public void EffectTiles_Intervals_ColourOnlyWhereZeroIsOutside()
    {
        var summary = AnOverview.Summary(revenue: new(1200, 300, 2100), margin: new(400, -50, 850), roi: new(-0.4, -0.7, -0.1), conversion: new(0.012, 0.002, 0.022));
        var tiles = context.Render<EffectTiles>(p => p.Add(t => t.Effects, AnOverview.Of(summary, AnOverview.Nothing)));

        var figures = tiles.FindAll(".tile-figure");
        Assert.Equal(["+¥1,200", "+¥400", "¥600", "−0.40", "+1.2 pp"], figures.Select(f => f.TextContent));
        Assert.Equal(["gain", "", "", "loss", "gain"], figures.Select(f => f.ClassName!.Replace("tile-figure", "", StringComparison.Ordinal).Trim()));
        Assert.Equal("[¥300 .. ¥2,100]", tiles.FindAll(".tile")[0].QuerySelectorAll(".tile-note")[0].TextContent);
        Assert.Contains("4,000 treated and 1,000 held-out", tiles.Markup, StringComparison.Ordinal);
        Assert.Contains("before: no campaign", tiles.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void EffectTiles_ArmsNotAsPlanned_WarnsByName()
    {
        var effects = AnOverview.Of(AnOverview.Nothing, AnOverview.Nothing) with { Campaigns = [new(Guid.NewGuid(), "Broken", new DateOnly(2026, 6, 1), Mismatch: true, AnOverview.Nothing)] };

        Assert.Contains("Broken: the arms do not have the sizes", context.Render<EffectTiles>(p => p.Add(t => t.Effects, effects)).Markup, StringComparison.Ordinal);
        var table = context.Render<CampaignEffects>(p => p.Add(t => t.Effects, effects));
        Assert.Contains("do not trust", table.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("pp", table.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void HeatMap_Cells_SayTheirIntervalAndColourOnlyWhereItExcludesZero()
    {
        var effects = AnOverview.Of(AnOverview.Nothing, AnOverview.Nothing) with
        {
            Heat = new UpliftHeat(["new"], ["home", "food", "books", "toys"],
            [
                new("new", "home", 3, 5000, 300, 0.04, new(0.03, 0.01, 0.05)),
                new("new", "food", 3, 5000, 300, 0.04, new(0.01, -0.01, 0.03)),
                new("new", "books", 1, 40, 3, 0.04, null),
                new("new", "toys", 0, 0, 0, 0, null),
            ]),
        };
        var map = context.Render<HeatMap>(p => p.Add(m => m.Effects, effects));

        var cells = map.FindAll(".heat-cell");
        Assert.Equal(["heat-gain-3", "heat-open", "heat-empty", "heat-empty"], cells.Select(c => c.ClassList[c.ClassList.Length - 1]));
        Assert.Equal(["+3.0", "+1.0", "·", ""], cells.Select(c => c.TextContent));
        cells[0].Click();
        Assert.Equal("New customers, Home: +3.0 pp [+1.0 .. +5.0], held-out 4.0%, n = 5,000 in 3 campaigns", map.Find(".heat-detail").TextContent);
        Assert.Contains("never in scope", map.FindAll(".heat-cell")[3].GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void LivePanel_SpendingAheadOfTime_SaysWhenTheBudgetEnds()
    {
        var campaign = new BudgetPace(
            Guid.NewGuid(), "Welcome", CampaignStatus.Live, new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 6, 15, 0, 0, 0, DateTimeKind.Utc), "UTC", "CNY",
            100_000, 75_000, 0.75, 0.5, Pace.Ahead, new DateTime(2026, 6, 10, 8, 0, 0, DateTimeKind.Utc));
        var panel = context.Render<LivePanel>(p => p.Add(l => l.Live, new Paged<BudgetPace>([campaign], 1)));

        Assert.Contains("at this pace the budget ends on 10 Jun", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("¥750 of ¥1,000", panel.Markup, StringComparison.Ordinal);
        Assert.Equal($"/campaigns/{campaign.Id}", panel.Find(".live-name a").GetAttribute("href"));
    }

    [Fact]
    public void AttentionPanel_NothingTrainedAndAFailure_CallsForBoth()
    {
        var panel = context.Render<AttentionPanel>(p => p.Add(
            a => a.Attention, new OverviewAttention(2, 0, 0, null, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-5), 100, 200, 300, new JobCounts(1, 3))));

        Assert.Equal(
            ["2 campaigns wait for you", "No model yet: train one", "Jobs running or queued: 1"], panel.FindAll("li.attention-calls a").Select(a => a.TextContent));
        Assert.Contains("Newest record 5 hours ago", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("3 failed in the last 7 days", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void AttentionPanel_FirstModelInTraining_SaysSoAndCallsForNothing()
    {
        var panel = context.Render<AttentionPanel>(p => p.Add(a => a.Attention, new OverviewAttention(0, 0, 0, null, null, 100, 200, 300, new JobCounts(1, 0, Training: true))));

        Assert.Contains("The first model is in training", panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("No model yet", panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(panel.FindAll("li.attention-calls a"), a => a.GetAttribute("href") == "/training");
    }
}

internal static class AnOverview
{
    public static readonly EffectSummary Nothing = new(0, 0, 0, new(0, 0, 0), new(0, 0, 0), 0, null, new(double.NaN, double.NaN, double.NaN), double.NaN);

    public static EffectSummary Summary(Measured revenue, Measured margin, Measured roi, Measured conversion) => new(2, 4000, 1000, revenue, margin, 600, roi, conversion, 0.08);

    public static PeriodEffects Of(EffectSummary total, EffectSummary before) =>
        new(new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 30), "CNY", total, before, [], [], new UpliftHeat([], [], []), []);
}
