using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Overview;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Application.TrainingData;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Experiments;

/// <summary>What the overview measures on generated shops, against what the generator knows.</summary>
public sealed class DemoShopEffectTests
{
    private const int Customers = 6_000;

    private static readonly DateOnly End = new(2026, 7, 1);

    [Fact]
    public async Task ReadAsync_DemoShop_IntervalsCoverTheTrueEffects()
    {
        int covered = 0, intervals = 0;
        for (var seed = 1; seed <= 3; seed++)
        {
            var world = new DemoWorld(new DemoOptions { Customers = Customers, Seed = seed }, End);
            var truth = Truth(world);
            var effects = await MeasureAsync(world);

            Assert.Equal(10, effects.Campaigns.Count);
            foreach (var campaign in effects.Campaigns)
            {
                var (low, high) = (campaign.Effect.Conversion.Low, campaign.Effect.Conversion.High);
                intervals++;
                covered += truth[campaign.Id] >= low && truth[campaign.Id] <= high ? 1 : 0;
            }

            var average = effects.Campaigns.Sum(c => c.Effect.Treated * truth[c.Id]) / effects.Total.Treated;
            Assert.InRange(effects.Total.Conversion.Value, average - 0.015, average + 0.015);
            Assert.True(effects.Total.Margin.Low < effects.Total.Margin.Value && effects.Total.Discount > 0);
        }

        // Of 30 intervals of 95 %, fewer than 25 would come about once in three hundred times.
        Assert.Equal(30, intervals);
        Assert.InRange(covered, 25, 30);
    }

    [Fact]
    public async Task ReadAsync_ShopWhereNothingWorks_ZeroIsCoveredForEveryMetric()
    {
        int covered = 0, intervals = 0;
        for (var seed = 11; seed <= 13; seed++)
        {
            var effects = await MeasureAsync(new DemoWorld(new DemoOptions { Customers = Customers, Seed = seed }, End, ResponseShape.NoEffect));
            foreach (var metric in effects.Campaigns.SelectMany(c => (Measured[])[c.Effect.Conversion, c.Effect.Revenue]))
            {
                intervals++;
                covered += metric.Low <= 0 && metric.High >= 0 ? 1 : 0;
            }
        }

        // Conversion and revenue of a campaign move together, so this is less than 60 independent trials.
        Assert.Equal(60, intervals);
        Assert.InRange(covered, 52, 60);
    }

    [Fact]
    public async Task ReadAsync_DemoShop_AgreesWithTheTrainingTable()
    {
        using var lake = new ALake();
        using var database = await ADatabase.EmptyAsync();
        var world = new DemoWorld(new DemoOptions { Customers = 2_000 }, End);
        var effects = await MeasureAsync(world, lake, database);
        var settings = new SettingsService(database);
        var table = new TrainingTable(lake.Lake, AShop.PartsOf(lake.Lake, database), database);
        var cancel = TestContext.Current.CancellationToken;
        await table.WriteAsync(world.Calendar.Midnight(world.Calendar.Days), await settings.GetAsync(cancel), _ => Task.CompletedTask, null, cancel);

        using var connection = lake.Lake.Open();
        var sums = connection.Query(
            $"SELECT count(*) FILTER (arm = 1), count(*) FILTER (arm = 0), sum(y_discount) FILTER (arm = 1), avg(y_converted) FILTER (arm = 1 AND campaign_id = '{effects.Campaigns[0].Id}') - avg(y_converted) FILTER (arm = 0 AND campaign_id = '{effects.Campaigns[0].Id}'), (avg(y_margin) FILTER (arm = 1 AND campaign_id = '{effects.Campaigns[0].Id}') - avg(y_margin) FILTER (arm = 0 AND campaign_id = '{effects.Campaigns[0].Id}')) FROM {lake.Lake.SourceOf(TrainingTable.Folder + "/table.parquet")}",
            r => (Treated: r.GetInt64(0), Control: r.GetInt64(1), Discount: r.GetDouble(2), Lift: r.GetDouble(3), Margin: r.GetDouble(4)))[0];
        Assert.Equal((effects.Total.Treated, effects.Total.Control), (sums.Treated, sums.Control));
        Assert.Equal(effects.Total.Discount, sums.Discount, 1e-6);
        Assert.Equal(effects.Campaigns[0].Effect.Conversion.Value, sums.Lift, 1e-9);
        Assert.Equal(effects.Campaigns[0].Effect.Margin.Value, sums.Margin * effects.Campaigns[0].Effect.Treated, 1e-6);
    }

    /// <summary>True conversion lift of the treated, by campaign: the mean over the very customers that were treated.</summary>
    private static Dictionary<Guid, double> Truth(DemoWorld world)
    {
        var sums = new Dictionary<Guid, (double Sum, int Count)>();
        var journey = new DemoJourney(world)
        {
            Drawn = (window, treated, p0, p1) =>
            {
                if (treated)
                {
                    var (sum, count) = sums.GetValueOrDefault(window.Campaign.Id);
                    sums[window.Campaign.Id] = (sum + p1 - p0, count + 1);
                }
            },
        };
        for (var i = 0; i < world.Customers; i++)
            journey.Run(world.Customer(i), null);
        return sums.ToDictionary(s => s.Key, s => s.Value.Sum / s.Value.Count);
    }

    private static async Task<PeriodEffects> MeasureAsync(DemoWorld world)
    {
        using var lake = new ALake();
        using var database = await ADatabase.EmptyAsync();
        return await MeasureAsync(world, lake, database);
    }

    private static async Task<PeriodEffects> MeasureAsync(DemoWorld world, ALake lake, ADatabase database)
    {
        var cancel = TestContext.Current.CancellationToken;
        await new DemoGenerator(lake.Lake).WriteAsync(world, _ => { }, cancel);
        await new DemoCampaignRows(database, lake.Lake).WriteAsync(world, cancel);
        using var effects = new EffectService(lake.Lake, database, new SettingsService(database), new FakeTimeProvider(world.Calendar.Midnight(world.Calendar.Days)));
        return (await effects.ReadAsync(365, cancel))!;
    }
}
