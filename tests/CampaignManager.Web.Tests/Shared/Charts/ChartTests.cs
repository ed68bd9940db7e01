using System.Text.Json;
using Bunit;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Charts;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Shared.Charts;

public sealed class ChartTests : IAsyncLifetime
{
    private readonly BunitContext context = new();

    public ValueTask InitializeAsync()
    {
        context.Services.AddMudServices();
        context.Services.AddWords();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Render<MudBlazor.MudPopoverProvider>();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private JsonElement Drawn() => JsonDocument.Parse((string)context.JSInterop.Invocations["charts.show"][^1].Arguments[1]!).RootElement;

    [Fact]
    public void IntervalBarChart_Intervals_ColourOnlyWhereZeroIsOutside()
    {
        context.Render<IntervalBarChart>(p => p.Add(c => c.Title, "Uplift").Add(c => c.LabelName, "Segment").Add(c => c.ValueName, "Uplift").Add(c => c.Number, ChartNumber.Points)
            .Add(c => c.Bars, [new("a", 0.03, 0.01, 0.05), new("b", -0.03, -0.05, -0.01), new("c", 0.01, -0.01, 0.03), new("d", double.NaN, null, null)]));
        var bars = Drawn().GetProperty("bars").EnumerateArray().ToList();
        Assert.Equal(["treated", "loss", "control", "control"], bars.Select(b => b.GetProperty("role").GetString()));
        Assert.Equal(JsonValueKind.Null, bars[3].GetProperty("value").ValueKind);
    }

    [Fact]
    public void LineChart_ShowAsTable_HasTheSameFigures()
    {
        var chart = context.Render<LineChart>(p => p.Add(c => c.Title, "Qini").Add(c => c.XLabel, "Share").Add(c => c.XNumber, ChartNumber.Percent).Add(c => c.YNumber, ChartNumber.Whole)
            .Add(c => c.Lines, [new("model", ChartRole.Treated, [new(0, 0), new(0.5, 30, 20, 40)]), new("random", ChartRole.Control, [new(0, 0), new(1, 50)], true)]));
        Assert.Empty(chart.FindAll("table"));
        chart.FindAll(".chart-tools button")[0].Click();
        var rows = chart.FindAll("tbody tr").Select(r => r.QuerySelectorAll("td").Select(d => d.TextContent).ToArray()).ToArray();
        Assert.Equal(["50.0%", "30", "20", "40", "–"], rows[1]);
        Assert.Equal(["100.0%", "–", "–", "–", "50"], rows[2]);
    }

    [Fact]
    public void ToCsv_TextAndFigures_AreQuotedAndInvariant()
    {
        var table = new ChartTable(["Segment, name", "Uplift"], [], [["say \"hi\"", 0.5], ["x", double.NaN]]);
        Assert.Equal("\"Segment, name\",Uplift\n\"say \"\"hi\"\"\",0.5\nx,\n", table.ToCsv());
    }

    [Theory]
    [InlineData(0.0123, "+1.2 pp")]
    [InlineData(-0.0123, "−1.2 pp")]
    [InlineData(0, "0 pp")]
    [InlineData(double.NaN, "–")]
    public void Write_Points_CarryTheirSignAndUnit(double value, string expected) => Assert.Equal(expected, ChartNumber.Points.Write(value, "pp"));
}
