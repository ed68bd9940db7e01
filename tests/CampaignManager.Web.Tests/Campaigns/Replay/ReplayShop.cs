using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Campaigns.Replay;

/// <summary>Three orders of the last days: 250, 190 and 50. With 30 off from 200 one gets it, and one is 10 short.</summary>
internal static class ReplayShop
{
    public static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static CampaignRules Rules(decimal off = 30) => new() { Offer = new FullReduction { Tiers = [new SpendTier(200, off)] }, Limits = new Limits { Budget = 20 } };

    public static void Stock(WebApp app)
    {
        var lake = app.Services.GetRequiredService<DataLake>();
        using var connection = lake.Open();
        using var batch = lake.Begin("test");
        batch.Add(connection, LakeTable.Orders, $"""
            SELECT * FROM (VALUES ('O1', 'C1', TIMESTAMP '2026-06-01', 'app', 25000, 0, 1000, 26000, NULL, NULL), ('O2', 'C2', TIMESTAMP '2026-06-02', 'app', 19000, 0, 1000, 20000, NULL, NULL),
                                  ('O3', 'C1', TIMESTAMP '2026-06-03', 'web', 5000, 0, 1000, 6000, NULL, NULL), ('O4', 'C1', TIMESTAMP '2026-06-03', 'web', 0, 0, 0, 0, NULL, NULL)) AS t({LakeTable.Orders.ColumnList})
            """, "orders");
        batch.Add(connection, LakeTable.OrderLines, $"""
            SELECT * FROM (VALUES ('O1', 'C1', TIMESTAMP '2026-06-01', 'S', 'shoes', 1, 25000, 0, NULL, NULL), ('O2', 'C2', TIMESTAMP '2026-06-02', 'T', 'kitchen', 2, 9500, 0, NULL, NULL),
                                  ('O3', 'C1', TIMESTAMP '2026-06-03', 'M', 'kitchen', 1, 5000, 0, NULL, NULL)) AS t({LakeTable.OrderLines.ColumnList})
            """, "lines");
        batch.Commit();
    }

    public static async Task<Guid> DraftAsync(WebApp app, CampaignRules? rules = null) =>
        (await app.Services.GetRequiredService<CampaignService>().CreateDraftAsync("Tried", rules ?? Rules(), Mia, Cancel)).Value;

    /// <summary>Waits for a run to end.</summary>
    public static async Task<JobRun> EndedAsync(WebApp app, Guid run)
    {
        var jobs = app.Services.GetRequiredService<JobService>();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = app.Services.GetRequiredService<JobNotifier>().Subscribe(async id =>
        {
            if (id == run && await jobs.FindAsync(run, CancellationToken.None) is { State: not (JobState.Queued or JobState.Running) })
                ended.TrySetResult();
        });
        if (await jobs.FindAsync(run, Cancel) is { State: JobState.Queued or JobState.Running })
            await ended.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        return (await jobs.FindAsync(run, Cancel))!;
    }

    public static async Task ReplayAsync(WebApp app, Guid campaign, int days = 30)
    {
        var run = (await app.Services.GetRequiredService<ReplayService>().StartAsync(campaign, days, Mia, Cancel)).Value;
        var ended = await EndedAsync(app, run);
        Assert.True(ended.State == JobState.Succeeded, ended.Error);
    }
}
