using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Jobs;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Offers.Replay;

public sealed class ReplayRunTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Twice_KeepsOneResultAndTheSame()
    {
        await using var room = await ASmallShop.OpenAsync();
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers);
        await room.ReplayAsync(draft);
        var first = Assert.Single(await room.KeptAsync());
        await room.ReplayAsync(draft);
        Assert.Equal(first, Assert.Single(await room.KeptAsync()));
    }

    [Fact]
    public async Task Run_HostGoesDownWhilePricing_TheNextStartEndsInTheSameResult()
    {
        await using var room = await ASmallShop.OpenAsync();
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers);
        var run = await room.StartAsync(draft);
        using var shutdown = new CancellationTokenSource();
        using (OnPricing(room, run, () => shutdown.Cancel()))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room.ExecuteAsync(run, shutdown.Token));
        Assert.Equal(JobState.Running, (await room.RunAsync(run)).State);
        Assert.Empty(await room.KeptAsync());

        // The draft goes on in the meantime; what was asked for is what is replayed.
        Assert.True((await room.Get<CampaignService>().SaveAsync(draft, new CampaignDraft("Autumn", ASmallShop.TwoTiers with { Offer = new FreeShipping() }), 1, AReplayRoom.Mia, Stop)).Succeeded);
        Assert.Equal(1, await room.Get<JobTakeover>().TakeUpAsync(Stop));
        await room.ExecuteAsync(run);
        Assert.Equal((JobState.Succeeded, 2), ((await room.RunAsync(run)).State, (await room.RunAsync(run)).Attempt));
        var resumed = Assert.Single(await room.KeptAsync());
        Assert.Equal(resumed, AReplayRoom.Json(await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers))));
        Assert.True((await room.Replays.ResultAsync(draft, run, Stop))!.Stale);
    }

    [Fact]
    public async Task Cancel_WhilePricing_StopsAndKeepsNothing()
    {
        await using var room = await ASmallShop.OpenAsync();
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers);
        var run = await room.StartAsync(draft);
        Assert.Equal(FailureKind.Forbidden, (await room.Replays.CancelAsync(draft, run, Actor.Of("noa", "Noa", Roles.Marketer), Stop)).Failure?.Kind);
        using (OnPricing(room, run, () => room.Get<JobCancellations>().Cancel(run)))
            await room.ExecuteAsync(run);
        Assert.Equal(JobState.Cancelled, (await room.RunAsync(run)).State);
        Assert.Empty(await room.KeptAsync());
        Assert.Equal("run-ended", (await room.Replays.CancelAsync(draft, run, AReplayRoom.Mia, Stop)).Failure?.Code);
    }

    [Fact]
    public async Task Run_ManyOrders_IsTheSameHoweverTheyAreCut()
    {
        var results = new List<string>();
        foreach (var buckets in (int[])[1, 5])
        {
            await using var room = await AReplayRoom.OpenAsync(buckets);
            // 9,000 orders of 700 customers over 60 days, one to three lines each: many batches, cut in other places.
            room.Put(LakeTable.Orders, """
                SELECT 'O' || i AS order_id, 'C' || (i * 7919 % 700) AS customer_id, TIMESTAMP '2026-08-01' + to_minutes(i::BIGINT * 9 % 86400) AS "at", ['app', 'web'][1 + i % 2] AS channel,
                       0 AS list_minor, 0 AS discount_minor, 1000 AS shipping_minor, 0 AS total_minor, NULL AS campaign_id, NULL AS campaign_discount_minor FROM range(9000) r(i)
                """);
            room.Put(LakeTable.OrderLines, """
                SELECT 'O' || i AS order_id, 'C' || (i * 7919 % 700) AS customer_id, TIMESTAMP '2026-08-01' + to_minutes(i::BIGINT * 9 % 86400) AS "at", 'S' || (i * 31 + j * 17) % 97 AS sku,
                       'k' || (i * 31 + j * 17) % 7 AS category, 1 + (i + j) % 3 AS quantity, 999 + (i * 31 + j * 17) % 97 * 131 AS unit_price_minor, 0 AS discount_minor, NULL AS unit_cost_minor,
                       NULL AS campaign_discount_minor FROM range(9000) r(i), range(3) s(j) WHERE j <= i % 3
                """);
            await room.CampaignAsync(new CampaignRules { Offer = new PercentOff { Tiers = [new PercentTier(150, 12.5m)], Cap = 40 }, Combining = new Combining { Priority = 1 } }, CampaignStatus.Live);
            var result = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Limits = new Limits { UsesPerCustomer = 3 } }), days: 60);
            Assert.Equal((9_000, 9_000, 700), (result.OrdersRead, result.Orders, result.Customers));
            Assert.True(result.Reached > 1_000 && result.Beside.Orders > 500);
            results.Add(AReplayRoom.Json(result with { Beside = result.Beside with { Overlaps = [.. result.Beside.Overlaps.Select(o => o with { CampaignId = Guid.Empty })] } }));
        }

        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public async Task Start_WhileTheSameIsUnderWay_GivesThatRun()
    {
        await using var room = await ASmallShop.OpenAsync();
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers);
        var run = await room.StartAsync(draft);
        Assert.Equal(run, await room.StartAsync(draft));
        Assert.NotEqual(run, await room.StartAsync(draft, days: 7));
    }

    [Fact]
    public async Task Start_BadDaysStrangerOrNoCampaign_IsRefused()
    {
        await using var room = await AReplayRoom.OpenAsync();
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers);
        Assert.Contains("days", (await room.Replays.StartAsync(draft, 0, AReplayRoom.Mia, Stop)).Failure!.Errors!.Keys);
        Assert.Contains("days", (await room.Replays.StartAsync(draft, 731, AReplayRoom.Mia, Stop)).Failure!.Errors!.Keys);
        Assert.Equal(FailureKind.Forbidden, (await room.Replays.StartAsync(draft, 30, Actor.Of("x", "X"), Stop)).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await room.Replays.StartAsync(Guid.NewGuid(), 30, AReplayRoom.Mia, Stop)).Failure?.Kind);
        Assert.Null(await room.Replays.NewestAsync(draft, Stop));
    }

    [Fact]
    public async Task Shown_RulesChangedNameChanged_OnlyTheRulesMakeItStale()
    {
        await using var room = await ASmallShop.OpenAsync();
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers);
        Assert.Null((await room.Replays.ShownAsync(draft, 30, Stop)).Value);
        await room.ReplayAsync(draft);
        var campaigns = room.Get<CampaignService>();
        Assert.True((await campaigns.SaveAsync(draft, new CampaignDraft("Renamed", ASmallShop.TwoTiers), 1, AReplayRoom.Mia, Stop)).Succeeded);
        Assert.Equal((1, false), await SeenAsync());
        Assert.True((await campaigns.SaveAsync(draft, new CampaignDraft("Renamed", ASmallShop.TwoTiers with { Offer = new FreeShipping() }), 2, AReplayRoom.Mia, Stop)).Succeeded);
        Assert.Equal((1, true), await SeenAsync());
        await room.ReplayAsync(draft);
        Assert.Equal((3, false), await SeenAsync());
        Assert.Null((await room.Replays.ShownAsync(draft, 90, Stop)).Value);

        async Task<(int Version, bool Stale)> SeenAsync() => (await room.Replays.ShownAsync(draft, 30, Stop)).Value is { } shown ? (shown.Version, shown.Stale) : default;
    }

    /// <summary>Does something once, when the run has priced its first orders.</summary>
    private static IDisposable OnPricing(AReplayRoom room, Guid run, Action then)
    {
        // The first change is the claim, the second the first stage.
        var changes = 0;
        return room.Get<JobNotifier>().Subscribe(id =>
        {
            if (id == run && Interlocked.Increment(ref changes) == 3)
                then();
        });
    }
}
