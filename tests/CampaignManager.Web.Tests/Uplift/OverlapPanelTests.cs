using System.Globalization;
using Bunit;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift.Learners.Propensity;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>What a reader is told of data that were not randomised.</summary>
public sealed class OverlapPanelTests : BunitContext
{
    public OverlapPanelTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Services.AddMudServices();
        Services.AddWords();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Render_LeftOutRows_AreCountedWithTheRangeKept()
    {
        var panel = Render<OverlapPanel>(p => p.Add(o => o.Overlap, [new ArmOverlap("letter", 2000, 150, 90, 0.0213, 0.9604, PropensityForm.Average, 0.512, 0.693)]));

        Assert.Contains("not assigned at random", panel.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Equal("Observational", panel.Find(".tag").TextContent);
        var cells = panel.FindAll("tbody td").Select(c => c.TextContent).ToList();
        Assert.Equal(["letter", "150 of 2,000 (7.5%), 90 of them treated", "2.1% .. 96.0%", "Mean of regression and trees", "0.512 (0.693)"], cells);
    }

    [Fact]
    public void Tag_Randomised_IsNotShown() => Assert.Equal("", Render<ObservationalTag>(p => p.Add(t => t.Shown, false)).Markup.Trim());
}
