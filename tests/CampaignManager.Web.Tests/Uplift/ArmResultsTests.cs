using System.Globalization;
using Bunit;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
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
        context.Services.AddWords();
        context.Services.AddScoped<ShopNames>();
        context.Services.AddScoped<UpliftWords>();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Render<MudBlazor.MudPopoverProvider>();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private IRenderedComponent<ArmResults> Render(ModelManifest manifest) => context.Render<ArmResults>(p => p.Add(c => c.Manifest, manifest).Add(c => c.Arm, manifest.Evaluation[0]));

    [Fact]
    public void Render_BinaryOutcome_ShowsEveryEstimateWithItsInterval()
    {
        var page = Render(AManifest.Of(new UpliftOutcome("converted", UpliftOutcome.Binary), slopeP: 0.01));
        Assert.Equal(7, page.FindAll("section tbody tr").Count);
        foreach (var cell in page.FindAll("section tbody tr td:last-child"))
            Assert.Matches(@"^\[.+ \.\. .+\]$", cell.TextContent);
        Assert.DoesNotMatch(@"pp \.\.", page.Markup);
        Assert.Contains("Customers differ", page.Markup, StringComparison.Ordinal);
        Assert.Equal(4, context.JSInterop.Invocations["charts.show"].Count);
    }

    [Fact]
    public void Render_NothingDetected_SaysNotToNarrow() =>
        Assert.Contains("do not narrow the scope", Render(AManifest.Of(new UpliftOutcome("converted", UpliftOutcome.Binary), slopeP: 0.4)).Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_Money_CarriesTheCurrencyAndNoNormalisedScore()
    {
        var page = Render(AManifest.Of(new UpliftOutcome("margin", UpliftOutcome.Money, "CNY"), slopeP: 0.4));
        Assert.Contains("CNY", page.Find(".tiles").TextContent, StringComparison.Ordinal);
        // The plain area, under its own name, and no rows for scores that money cannot have.
        Assert.StartsWith("Qini area", page.Find(".tile-label").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(["Qini area, per treated customer", "Uplift at 10%"], page.FindAll("section tbody tr td:first-child").Take(2).Select(c => c.TextContent));
    }
}
