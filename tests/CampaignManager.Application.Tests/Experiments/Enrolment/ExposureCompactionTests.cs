using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.Data;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>From the database into the lake, exactly once, whatever happens in between.</summary>
public class ExposureCompactionTests(PostgresServer server)
{
    private sealed class Death : Exception;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite, "begun")]
    [InlineData(DatabaseOptions.Sqlite, "written")]
    [InlineData(DatabaseOptions.Sqlite, "finished")]
    [InlineData(DatabaseOptions.PostgreSql, "written")]
    public async Task Run_KilledAtAnyStep_LosesAndDoublesNothing(string provider, string step)
    {
        await using var shop = await OpenAsync(provider, server);
        await shop.LaunchAsync();
        for (var i = 0; i < 5; i++)
            await shop.First.QuoteAsync(Cart($"C-{i}"));
        shop.First.Compaction.Step = at =>
        {
            if (at == step)
                throw new Death();
        };
        await Assert.ThrowsAsync<Death>(() => shop.First.Compaction.RunAsync(Stop));

        // More come in before the next process takes it up.
        var next = shop.Start();
        await next.QuoteAsync(Cart("C-5"));
        await next.Compaction.RunAsync(Stop);
        Assert.Equal(0, await next.Compaction.RunAsync(Stop));

        var there = await shop.ExposuresAsync();
        Assert.Equal(6, there.Count);
        Assert.Equal(there.Select(e => $"{e.CustomerId}|1|{e.Arm}"), shop.InLake());
        Assert.Null(await next.Compaction.WaitingSinceAsync(Stop));
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Run_TwoNodesWhileCustomersComeIn_EachIsThereOnce(string provider)
    {
        await using var shop = await OpenAsync(provider, server);
        await shop.LaunchAsync();
        var other = provider == DatabaseOptions.PostgreSql ? shop.Start() : shop.First;

        await Task.WhenAll(
            Task.Run(() => Parallel.ForAsync(0, 60, Stop, async (i, _) => await (i % 2 == 0 ? shop.First : other).QuoteAsync(Cart($"C-{i % 40}")))),
            Task.Run(() => shop.First.Compaction.RunAsync(Stop)), Task.Run(() => other.Compaction.RunAsync(Stop)));
        await shop.First.Compaction.RunAsync(Stop);

        var there = await shop.ExposuresAsync();
        Assert.Equal(40, there.Count);
        Assert.Equal(there.Select(e => $"{e.CustomerId}|1|{e.Arm}").Order(StringComparer.Ordinal), shop.InLake().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_RowsInTheLake_SayEverythingOfTheEntry()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync(holdout: 10);
        await shop.First.QuoteAsync(Cart("C-1"));
        await shop.First.Compaction.RunAsync(Stop);

        var (exposure, epoch) = (Assert.Single(await shop.ExposuresAsync()), Assert.Single(await shop.EpochsAsync()));
        Assert.NotNull(epoch.VersionId);
        Assert.Equal(
            [$"{id}|{id}|1|{epoch.VersionId}|C-1|C-1|2026-11-02 00:00:00|{exposure.Arm}|0.9|true"],
            shop.InLake("experiment_id, campaign_id, epoch, version_id, customer_id, assignment_id, assigned_at, arm, propensity, randomised"));
    }

    [Fact]
    public async Task Run_EpochThatHasEnded_LeavesTheDatabaseOnceTheLakeHasIt()
    {
        await using var shop = await OpenAsync();
        var (over, running) = (await shop.LaunchAsync(), await shop.LaunchAsync());
        await shop.First.QuoteAsync(Cart("C-1"));
        CampaignFixture.Done(await shop.Transitions.EndAsync(over, null, CampaignFixture.Max, Stop));

        Assert.Equal(2, await shop.First.Compaction.RunAsync(Stop));

        var epoch = Assert.Single(await shop.EpochsAsync(), e => e.ExperimentId == running);
        Assert.Equal(epoch.Id, Assert.Single(await shop.ExposuresAsync()).EpochId);
        Assert.Equal(2, shop.InLake().Count);
    }
}
