using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.Jobs;
using CampaignManager.Application.TrainingData;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.TrainingData;

public sealed class FeaturesAfterImportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_FilesThatFollowEachOther_AreOneRunUntilItHasBegun()
    {
        await using var room = await AJobRoom.OpenAsync();
        var after = new FeaturesAfterImport(room.Get<IDbContextFactory<AppDbContext>>(), room.Get<JobService>());

        await after.StartAsync(Cancel);
        await after.StartAsync(Cancel);
        Assert.Equal(1, await CountAsync(room));

        // It may have read past what came in since.
        await using (var context = await room.ContextAsync())
            await context.JobRuns.ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Running), Cancel);
        await after.StartAsync(Cancel);
        Assert.Equal(2, await CountAsync(room));
    }

    private static async Task<int> CountAsync(AJobRoom room)
    {
        await using var context = await room.ContextAsync();
        return await context.JobRuns.CountAsync(r => r.Kind == ComputeFeaturesJob.Kind, Cancel);
    }
}
