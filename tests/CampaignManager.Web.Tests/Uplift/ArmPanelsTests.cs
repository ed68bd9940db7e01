using System.Globalization;
using Bunit;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift.Learners.Auto;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>What is said of why groups and customers differ, and when nothing is.</summary>
public sealed class ArmPanelsTests : BunitContext
{
    private static readonly UpliftOutcome Converted = new("converted", UpliftOutcome.Binary), Margin = new("margin", UpliftOutcome.Money, "CNY");

    public ArmPanelsTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Services.AddMudServices();
        Services.AddWords();
        Services.AddScoped<ShopNames>();
        Services.AddScoped<UpliftWords>();
        JSInterop.Mode = JSRuntimeMode.Loose;
        Render<MudBlazor.MudPopoverProvider>();
    }

    [Theory]
    [InlineData(0.01, true)]
    [InlineData(0.4, false)]
    public void Explanation_IsThereOnlyWhereDifferencesAreClaimed(double pValue, bool explained)
    {
        var manifest = Explained(Converted, 0.02);
        var panels = Render<ArmPanels>(p => p.Add(a => a.Manifest, manifest with { Choices = [new AutoReport([], 0.1, 1, 2, pValue, 1, 400)] }).Add(a => a.Arm, 0));
        Assert.Equal(explained, panels.Markup.Contains("What moves the predicted uplift", StringComparison.Ordinal));
    }

    [Fact]
    public void Explanation_OfALearnerThatWasChosenByHand_IsThere() =>
        Assert.Contains("What moves the predicted uplift", Render<ArmPanels>(p => p.Add(a => a.Manifest, Explained(Converted, 0.02)).Add(a => a.Arm, 0)).Markup, StringComparison.Ordinal);

    [Fact]
    public void Found_ReasonsThatRoundToNothing_AreLeftOut()
    {
        var found = Found(Converted, [0.0212, -0.00049, 0.00051], [0.0004, -0.0001]);
        Assert.Equal(["age > 30 +5.0 pp [+1.0 .. +9.0 pp] · 40% of customers · moved by recency (+2.1 pp), channel (+0.1 pp)", "age ≤ 30 +5.0 pp [+1.0 .. +9.0 pp] · 60% of customers"], found);
    }

    [Fact]
    public void Found_ReasonsInMoney_AreMeasuredByItsDecimals()
    {
        var found = Found(Margin, [-0.006], [0.004]);
        Assert.Equal(["age > 30 0.05 CNY [0.01 .. 0.09 CNY] · 40% of customers · moved by recency (−0.01 CNY)", "age ≤ 30 0.05 CNY [0.01 .. 0.09 CNY] · 60% of customers"], found);
    }

    private string[] Found(UpliftOutcome outcome, double[] above, double[] below)
    {
        FoundGroup[] groups = [Group(true, 0.4, above), Group(false, 0.6, below)];
        return [.. Render<FoundSegments>(p => p.Add(f => f.Groups, groups).Add(f => f.Outcome, outcome)).FindAll(".plain-list li").Select(li => string.Join(' ', li.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
    }

    private static FoundGroup Group(bool isAbove, double share, double[] why) => new(
        [new FoundCondition("x_age", "age", EncodedKind.Value, null, isAbove, 30)], 100, share, 0.05, 0.01, 0.09,
        [.. why.Zip(["recency", "visits", "channel"], (value, name) => new FeatureContribution("x_" + name, name, value))]);

    private static ModelManifest Explained(UpliftOutcome outcome, double size)
    {
        var manifest = AManifest.Of(outcome, 0.01);
        return manifest with { Evaluation = [manifest.Evaluation[0] with { Explanation = new ArmExplanation(0.9, [new FeatureContribution("x_age", "age", size)]) }] };
    }
}
