using CampaignManager.Application.Demo;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Experiments;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Experiments.Outcomes;

public sealed class DemoShopOutcomeTests
{
    [Fact]
    public async Task ReadAsync_DemoShop_FirstDaysAreWhatTheOverviewMeasures()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var lake = new ALake();
        using var database = await ADatabase.EmptyAsync();
        var world = new DemoWorld(new DemoOptions { Customers = 1_500 }, new DateOnly(2026, 7, 1));
        await new DemoGenerator(lake.Lake).WriteAsync(world, _ => { }, cancel);
        await new DemoCampaignRows(database, lake.Lake).WriteAsync(world, cancel);
        var clock = new FakeTimeProvider(world.Calendar.Midnight(world.Calendar.Days));
        using var effects = new EffectService(lake.Lake, database, new SettingsService(database), clock);
        using var outcomes = new OutcomeService(lake.Lake, database, new SettingsService(database), clock);

        var overview = (await effects.ReadAsync(365, cancel))!;

        Assert.NotEmpty(overview.Campaigns);
        foreach (var campaign in overview.Campaigns)
        {
            var sums = (await outcomes.ReadAsync(campaign.Id, cancel))!;
            var epoch = Assert.Single(sums.Epochs);
            Assert.Equal(0, epoch.Mismatches);
            Assert.Equal(["control", "current"], epoch.Arms.Select(a => a.Key));
            Assert.Equal(0.8, epoch.Arms[1].Share, 1e-9);
            var first = epoch.Readings.Single(r => r.Reading == OutcomeReading.FirstDays && r.Days == ResponseModel.WindowDays);
            var (held, treated) = (first.Arms[0].Metrics, first.Arms[1].Metrics);
            Assert.Equal((campaign.Effect.Control, campaign.Effect.Treated), (held[OutcomeMetric.Orders].Count, treated[OutcomeMetric.Orders].Count));
            Assert.Equal(campaign.Effect.Discount, (double)treated[OutcomeMetric.Discount].Sum / 100, 1e-6);
            var lift = ((double)treated[OutcomeMetric.Revenue].Sum / treated[OutcomeMetric.Revenue].Count)
                - ((double)held[OutcomeMetric.Revenue].Sum / held[OutcomeMetric.Revenue].Count);
            Assert.Equal(campaign.Effect.Revenue.Value, lift * campaign.Effect.Treated / 100, 1e-6);
            Assert.Equal(
                campaign.Effect.Conversion.Value,
                Welch.DifferenceOfProportions(
                    (long)treated[OutcomeMetric.Conversion].Sum, campaign.Effect.Treated, (long)held[OutcomeMetric.Conversion].Sum, campaign.Effect.Control).Estimate,
                1e-9);
            Assert.True(treated[OutcomeMetric.NetProfit].Sum < treated[OutcomeMetric.Margin].Sum);
            Assert.Equal(treated[OutcomeMetric.NetProfit].Sum, treated[OutcomeMetric.Margin].Sum - treated[OutcomeMetric.Discount].Sum);
        }

        var live = world.Campaigns.First(c => !c.Campaign.IsPast).Campaign.Id;
        var running = (await outcomes.ReadAsync(live, cancel))!.Epochs[0].Readings;
        Assert.DoesNotContain(running, r => r.Reading == OutcomeReading.Final);
        Assert.Contains(running, r => r.Reading == OutcomeReading.FirstDays && r.Days == 3);
    }
}
