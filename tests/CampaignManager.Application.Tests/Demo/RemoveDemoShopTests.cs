using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Demo;

/// <summary>The demo shop goes whole, and nothing of a shop's own comes in before.</summary>
public sealed class RemoveDemoShopTests : IAsyncDisposable
{
    private static readonly Actor Ada = Actor.Of("a", "Ada", Roles.Admin);

    private readonly AnImportRoom room = new(("Demo:Customers", "1000"), ("Demo:EndDate", "2026-07-01"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DemoShopService Demo => room.Get<DemoShopService>();

    [Fact]
    public async Task Remove_AWholeShop_LeavesPeoplesOwnAndLetsFilesIn()
    {
        var experiment = await room.ImportAsync(AnImportRoom.Small, AnImportRoom.Mapping());
        await RunAsync((await Demo.StartAsync(Ada, Stop)).Value);
        var orders = (await room.Imports.UploadAsync(AnImportRoom.Marketer, "o.csv", new MemoryStream("a,b\n1,2\n"u8.ToArray()), Stop, "orders")).Value;
        Assert.Equal(DemoRefusal.Code, (await room.Imports.StartAsync(AnImportRoom.Marketer, orders, new ShopMapping(), Stop)).Failure!.Code);

        await RunAsync((await Demo.RemoveAsync(Ada, "demo shop ", Stop)).Value);

        Assert.False(await Demo.IsPresentAsync(Stop));
        Assert.All(LakeTable.All, t => Assert.False(room.Lake.HasRows(t), t.Name));
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Stop);
        Assert.Equal((0, 0, 0), (await context.Campaigns.CountAsync(Stop), await context.Segments.CountAsync(Stop), await context.ModelVersions.CountAsync(Stop)));
        Assert.All(await context.JobRuns.Where(r => r.Kind == TrainModelJob.Kind).ToListAsync(Stop), r => Assert.Equal(JobState.Cancelled, r.State));
        Assert.NotNull(await room.Experiments.ManifestAsync(experiment.ExperimentId!.Value, Stop));
        Assert.True((await room.Imports.StartAsync(AnImportRoom.Marketer, orders, new ShopMapping(), Stop)).Succeeded);
        // And what is the shop's own now keeps another demo shop out.
        Assert.Equal("demo-shop-gone", (await Demo.RemoveAsync(Ada, DemoShopService.Name, Stop)).Failure!.Code);
    }

    [Fact]
    public async Task Remove_KilledHalfWayAndStartedAgain_EndsTheSame()
    {
        await RunAsync((await Demo.StartAsync(Ada, Stop)).Value);
        var removal = (await Demo.RemoveAsync(Ada, DemoShopService.Name, Stop)).Value;
        // As if killed after the first tables: the ready file still stands.
        Directory.Delete(room.Lake.FolderOf(LakeTable.Customers), recursive: true);
        Assert.True(await Demo.IsPresentAsync(Stop));

        await RunAsync(removal);

        Assert.False(await Demo.IsPresentAsync(Stop));
        Assert.DoesNotContain(room.LakeFiles(), f => f.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Remove_WithoutItsNameOrByAMarketer_ChangesNothing()
    {
        await Demo.StartAsync(Ada, Stop);
        Assert.Equal(FailureKind.Forbidden, (await Demo.RemoveAsync(AnImportRoom.Marketer, DemoShopService.Name, Stop)).Failure!.Kind);
        Assert.Equal("demo-shop-name", (await Demo.RemoveAsync(Ada, "demo", Stop)).Failure!.Code);
        Assert.Equal("demo-shop-building", (await Demo.RemoveAsync(Ada, DemoShopService.Name, Stop)).Failure!.Code);
        Assert.True(await Demo.IsPresentAsync(Stop));
    }

    private async Task RunAsync(Guid run)
    {
        await room.Get<JobRunner>().ExecuteAsync(run, CancellationToken.None);
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Stop);
        var ended = await context.JobRuns.SingleAsync(r => r.Id == run, Stop);
        Assert.True(ended.State == JobState.Succeeded, ended.Error);
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
