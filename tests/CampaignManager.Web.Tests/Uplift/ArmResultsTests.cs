using System.Globalization;
using Bunit;
using CampaignManager.Application.Uplift;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Uplift;

public sealed class ArmResultsTests : IAsyncLifetime
{
    private readonly BunitContext context = new();

    public ValueTask InitializeAsync()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        context.Services.AddMudServices();
        context.Services.AddLocalization();
        context.Services.AddScoped<ShopNames>();
        context.Services.AddScoped<UpliftWords>();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Render<MudBlazor.MudPopoverProvider>();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static ModelManifest Manifest(UpliftOutcome outcome, double slopeP)
    {
        var random = new SeededRandom(2);
        double[] y = new double[400], score = new double[400];
        var treated = new bool[400];
        for (var i = 0; i < 400; i++)
        {
            score[i] = random.NextDouble();
            treated[i] = i % 2 == 0;
            y[i] = random.NextDouble() < 0.2 + (treated[i] ? 0.4 * score[i] : 0) ? outcome.IsBinary ? 1 : 50 : 0;
        }

        var ranking = new UpliftRanking(y, treated, score);
        var arm = new ArmEvaluation("letter", 400, 200, 0.2, UpliftBootstrap.Intervals(ranking), ranking.QiniCurve(), Calibration.ByDecile(y, treated, score),
            new HeterogeneityResult(1, 0.1, slopeP), null, TargetingDepth.Find((score, y), (score, y), [.. Enumerable.Range(0, 400)]), [new FeatureImportance("x_recency_days", "recency", 0.01, 0.001)], [new MeasuredSegment("c_lifecycle", "lifecycle", "new", 100, 0.1, 0.05, 0.15)], new ArmExplanation(0.9, []), []);
        return new ModelManifest(Guid.NewGuid(), "shop", null, "x", true, outcome, "s", "trees", [], 1, ["none", "letter"], null, null, 400, 0, 400, 400, "h", [], "1", DateTime.UnixEpoch, 1, [arm], null, [], [],
            new Dictionary<string, string>());
    }

    private IRenderedComponent<ArmResults> Render(ModelManifest manifest) => context.Render<ArmResults>(p => p.Add(c => c.Manifest, manifest).Add(c => c.Arm, manifest.Evaluation[0]));

    [Fact]
    public void Render_BinaryOutcome_ShowsEveryEstimateWithItsInterval()
    {
        var page = Render(Manifest(new UpliftOutcome("converted", UpliftOutcome.Binary), slopeP: 0.01));
        Assert.Equal(7, page.FindAll("section tbody tr").Count);
        foreach (var cell in page.FindAll("section tbody tr td:last-child"))
            Assert.Matches(@"^\[.+ \.\. .+\]$", cell.TextContent);
        Assert.Contains("Customers differ", page.Markup, StringComparison.Ordinal);
        Assert.Equal(4, context.JSInterop.Invocations["charts.show"].Count);
    }

    [Fact]
    public void Render_NothingDetected_SaysNotToNarrow() =>
        Assert.Contains("do not narrow the scope", Render(Manifest(new UpliftOutcome("converted", UpliftOutcome.Binary), slopeP: 0.4)).Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_Money_CarriesTheCurrencyAndNoNormalisedScore()
    {
        var page = Render(Manifest(new UpliftOutcome("margin", UpliftOutcome.Money, "CNY"), slopeP: 0.4));
        Assert.Contains("CNY", page.Find(".tiles").TextContent, StringComparison.Ordinal);
        Assert.Equal("–", page.FindAll("section tbody tr")[0].QuerySelectorAll("td")[1].TextContent);
    }
}
