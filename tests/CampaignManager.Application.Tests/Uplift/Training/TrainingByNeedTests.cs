using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.FirstSteps;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>A schedule's training that waits for customers to learn from, and versions that come into use by themselves.</summary>
public sealed class TrainingByNeedTests
{
    private const int Customers = 1_600;

    private static readonly TrainingRequest ByNeed = new(
        Outcome: "converted", Learner: "t", Seed: 1, LeastNewTreated: 500, Promotion: TrainingRequest.Automatic);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_NobodyNewSinceTheVersionInUse_TrainsNothingAndSaysSo()
    {
        await using var shop = await ShopAsync(last: new APastCampaign(4));
        var first = await shop.TrainAsync(ByNeed);
        Assert.True(first.Result?.Promoted, first.Run.Error);

        var again = await shop.TrainAsync(ByNeed);

        Assert.Equal(JobState.Succeeded, again.Run.State);
        Assert.Null(again.Result);
        Assert.Contains("Nothing was trained: 0 customers were treated since version 1 learnt, and 500 are asked for.", await LogAsync(shop, again));
        Assert.Single((await shop.Room.Get<ModelService>().ListAsync(new PageRequest(), Cancel)).Items);
    }

    [Theory]
    // Another offer turns the tables: who bought often before comes now, who came before does not.
    [InlineData("100-40", -0.1, 0.5, true)]
    // The old offer again: the version in use ranks it as well.
    [InlineData("200-30", 0.3, -0.1, false)]
    public async Task Run_ANewCampaignHasClosed_IsPutIntoUseWhereItRanksItBetter(string offer, double effect, double onHeavy, bool wins)
    {
        var last = new APastCampaign(4, effect, Offer: offer, OnHeavy: onHeavy);
        await using var shop = await ShopAsync(last);
        var first = (await shop.TrainAsync(ByNeed)).Result!.ModelId;
        await shop.BringAsync("campaigns", """{ "zone": "UTC" }""", ("last.csv", APastShop.Campaigns([last])));
        await shop.BringAsync("exposures", """{ "zone": "UTC" }""", ("last-groups.csv", APastShop.Groups([last], Customers)));

        var second = await shop.TrainAsync(ByNeed);

        Assert.True(second.Result is not null, second.Run.Error);
        var log = await LogAsync(shop, second);
        Assert.Contains(log, line => line.StartsWith(wins ? "Put into use:" : "Not put into use:", StringComparison.Ordinal));
        var champion = await shop.Room.Get<ModelService>().ChampionAsync(ModelVersion.ShopScope, Cancel);
        Assert.Equal(wins ? second.Result.ModelId : first, champion?.Id);
    }

    [Fact]
    public async Task Run_NoNewCampaign_LeavesItToAnAdmin()
    {
        await using var shop = await ShopAsync(last: new APastCampaign(4));
        var first = (await shop.TrainAsync(ByNeed)).Result!.ModelId;

        var second = await shop.TrainAsync(ByNeed with { LeastNewTreated = null, Seed = 2 });

        Assert.Contains(await LogAsync(shop, second), line => line.StartsWith("Left for an admin to decide:", StringComparison.Ordinal));
        Assert.Equal(first, (await shop.Room.Get<ModelService>().ChampionAsync(ModelVersion.ShopScope, Cancel))?.Id);
    }

    [Fact]
    public async Task CompleteAsync_WhatAnExperimentCannotWaitFor_IsRefused()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(TrainingData.ATable.Experiment(rows: 200));
        var refused = await room.Get<TrainingService>().CompleteAsync(ByNeed with { ExperimentId = experiment }, Cancel);
        Assert.Equal(["leastNewTreated", "promotion"], refused.Failure!.Errors!.Keys.Order());
        Assert.Contains("leastNewTreated", (await room.Get<TrainingService>().CompleteAsync(ByNeed with { ExperimentId = experiment, Promotion = null, LeastNewTreated = 0 }, Cancel)).Failure!.Errors!.Keys);
        Assert.Contains("promotion", (await room.Get<TrainingService>().CompleteAsync(new TrainingRequest(ExperimentId: experiment, Promotion: "soon"), Cancel)).Failure!.Errors!.Keys);
    }

    /// <summary>Orders of four campaigns; of the last one nobody has told yet.</summary>
    private static async Task<APastShop> ShopAsync(APastCampaign last)
    {
        var known = Enumerable.Range(1, 3).Select(n => new APastCampaign(n, 0.3, OnHeavy: last.OnHeavy is null ? null : -0.1)).ToList();
        var shop = new APastShop();
        await shop.BringAsync("orders", """{ "currency": "CNY", "zone": "UTC" }""", ("orders.csv", APastShop.Orders([.. known, last], Customers)));
        await shop.BringAsync("campaigns", """{ "zone": "UTC" }""", ("campaigns.csv", APastShop.Campaigns(known)));
        await shop.BringAsync("exposures", """{ "zone": "UTC" }""", ("groups.csv", APastShop.Groups(known, Customers)));
        return shop;
    }

    private static async Task<IReadOnlyList<string>> LogAsync(APastShop shop, TrainingRunView view) =>
        [.. (await shop.Room.Get<JobService>().LogAsync(view.Run.Id, Cancel)).Select(l => l.Text)];
}
