using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Engine.Experiments;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Epochs that begin and end by themselves.</summary>
public class EpochTurnsTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launch_Campaign_BeginsEpochOneWithItsOwnSalt()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        await using var context = shop.Database.CreateDbContext();
        var campaign = await context.Set<Application.Campaigns.Campaign>().SingleAsync(c => c.Id == id, Stop);

        var epoch = Assert.Single(await shop.EpochsAsync());

        Assert.Equal((1, campaign.HoldoutSalt, true, null), (epoch.Number, epoch.Salt, epoch.Measured, epoch.EndedAt));
        Assert.Equal(0, await shop.First.Turns.TurnAsync(Stop));
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Turn_CampaignWithoutAnEnd_IsCutAfter28DaysOnceByTwoNodes(string provider)
    {
        await using var shop = await OpenAsync(provider, server);
        await shop.LaunchAsync(endless: true);
        await shop.First.QuoteAsync(Cart("C-1"));
        shop.Time.Advance(TimeSpan.FromDays(28) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await shop.First.Turns.TurnAsync(Stop));
        shop.Time.Advance(TimeSpan.FromSeconds(1));

        var other = shop.Start();
        var cuts = await Task.WhenAll(Task.Run(() => shop.First.Turns.TurnAsync(Stop)), Task.Run(() => other.Turns.TurnAsync(Stop)));

        Assert.Equal(1, cuts.Sum());
        var epochs = await shop.EpochsAsync();
        Assert.Equal([1, 2], epochs.Select(e => e.Number));
        Assert.NotEqual(epochs[0].Salt, epochs[1].Salt);
        Assert.Equal((epochs[1].BeganAt, epochs[0].ArmsJson), (epochs[0].EndedAt!.Value, epochs[1].ArmsJson));
        await shop.First.QuoteAsync(Cart("C-1"));
        var there = await shop.ExposuresAsync();
        Assert.Equal(epochs.Select(e => e.Id), there.Select(e => e.EpochId));
        Assert.Equal(new ArmCuts(0.5, []).Of(epochs[1].Salt, "C-1"), there[1].Arm);
    }

    [Fact]
    public async Task Turn_CampaignWithAnEnd_StaysOneEpoch()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync();
        shop.Time.Advance(TimeSpan.FromDays(40));
        Assert.Equal(0, await shop.First.Turns.TurnAsync(Stop));
    }

    [Fact]
    public async Task Turn_CampaignsOfAnEarlierRelease_AreAdoptedAndNobodysArmChanges()
    {
        await using var shop = await OpenAsync();
        var (measured, not) = (await shop.LaunchAsync(), await shop.LaunchAsync());
        await using (var context = shop.Database.CreateDbContext())
            await context.Set<Application.Campaigns.Epochs.ExperimentEpoch>().ExecuteDeleteAsync(Stop);
        var before = (await shop.First.QuoteAsync(Cart("C-9"))).DiscountTotal;
        // As an earlier release's files have it.
        using (var connection = shop.Lake.Open())
        using (var batch = shop.Lake.Begin("test"))
        {
            batch.Add(connection, LakeTable.Exposures, $"SELECT '{measured}' AS campaign_id, 'C-1' AS customer_id, TIMESTAMP '2026-11-01' AS assigned_at, 1 AS arm, 0.5 AS propensity", "x");
            batch.Commit();
        }

        Assert.Equal(2, await shop.First.Turns.TurnAsync(Stop));
        Assert.Equal(0, await shop.First.Turns.TurnAsync(Stop));

        var epochs = await shop.EpochsAsync();
        Assert.Equal((true, false), (epochs.Single(e => e.ExperimentId == measured).Measured, epochs.Single(e => e.ExperimentId == not).Measured));
        Assert.All(epochs, e => Assert.True(e is { Number: 1, Adopted: true, EndedAt: null }));
        Assert.Equal(before, (await shop.Start().QuoteAsync(Cart("C-9"))).DiscountTotal);

        // Who was exposed already stays as they were; others come beside.
        var node = shop.Start();
        await node.QuoteAsync(Cart("C-1"));
        await node.QuoteAsync(Cart("C-2"));
        await node.Compaction.RunAsync(Stop);
        Assert.Equal(["C-1|2026-11-01 00:00:00", "C-2|2026-11-02 00:00:00", "C-9|2026-11-02 00:00:00"], shop.InLake("customer_id, assigned_at"));
    }
}
