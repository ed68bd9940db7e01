using Bunit;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns.Wizard;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.Predict;

/// <summary>What the editor says of a holdout, in a shop with orders.</summary>
[Collection(TrainedApp.Shared)]
public sealed class PowerTableTests(TrainedApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Table_ADraft_ShowsWhatEachShareSeesAfterEachTime()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var rules = TrainedApp.StoreWide with { Experiment = new ExperimentPlan { HoldoutPercent = 15, AttributionDays = 14 } };
        var table = circuit.Render<PowerTable>(p => p.Add(t => t.Rules, rules));
        table.WaitForElement("#power-target", Patience);

        Assert.Equal(["5%", "10%", "15%", "20%", "50%"], table.FindAll("tbody tr").Select(r => r.Children[0].TextContent));
        Assert.Equal(["7 days", "14 days", "28 days"], table.FindAll("thead th").Skip(2).Select(h => h.TextContent));
        Assert.Equal("15%", Assert.Single(table.FindAll("tr.row-on")).Children[0].TextContent);
        Assert.StartsWith("Detects +", table.Find("strong").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggestion_ASmallerOrLargerShare_IsTakenByOneClick()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        // One that gives much is easy to judge: its break-even is far off.
        var rules = TrainedApp.StoreWide with
        {
            Offer = new FullReduction { Tiers = [new SpendTier(100, 25)] },
            Experiment = new ExperimentPlan { HoldoutPercent = 1, AttributionDays = 14 },
        };
        var advice = (await circuit.Services.GetRequiredService<ExperimentAdvisor>().AdviseAsync(rules, null, TestContext.Current.CancellationToken))!;
        decimal? taken = null;
        var table = circuit.Render<PowerTable>(p => p.Add(t => t.Rules, rules).Add(t => t.Use, EventCallback.Factory.Create<decimal>(this, v => taken = v)));
        table.WaitForElement("#power-target", Patience);

        if (advice is { Verdict: FirstExperimentVerdict.Sees, SuggestedShare: { } share, Target: not null })
        {
            table.Find("#power-suggestion button").Click();
            Assert.Equal((decimal)(100 * share), taken);
        }
        else
        {
            Assert.Empty(table.FindAll("#power-suggestion"));
            Assert.Single(table.FindAll("#power-verdict"));
        }
    }

    [Fact]
    public async Task Table_MoreGivenThanEarned_SaysThatItCannotPay()
    {
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var rules = TrainedApp.StoreWide with { Offer = new PercentOff { Tiers = [new PercentTier(null, 90)] } };
        var table = circuit.Render<PowerTable>(p => p.Add(t => t.Rules, rules));
        table.WaitForElement("#power-target", Patience);

        Assert.StartsWith("No experiment is needed: it cannot pay.", table.Find("#power-target").TextContent, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("table"));
    }
}
