using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Jobs;
using CampaignManager.Application.Tests.Planning;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>Features in parts of a bucket each: whoever does which part, and however often one is begun, the files are the same byte for byte.</summary>
public sealed class FeaturePartsTests
{
    private static readonly string[] Files =
        [FeatureService.CurrentFile, SegmentService.CurrentFile, $"{TrainingTable.Folder}/table.parquet", $"{TrainingTable.Folder}/manifest.json"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compute_ManyWorkersInAnyOrder_GivesTheBytesOfOne()
    {
        var gate = new PartGate();
        await using var shop = await OpenAsync(gate);
        var alone = await HashesAsync(shop);
        gate.Begun.Clear();

        var release = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        gate.Before = async (part, _) =>
        {
            // The run's own worker is held at its first part until others have done the rest.
            if (part == 0 && reached.TrySetResult())
                await release.Task;
        };
        var id = await StartAsync(shop);
        var running = shop.RunAsync(id);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        var helpers = Enumerable.Range(0, 3).Select(_ => Helper(shop).Open(id, DescribeBucketPart.Customers)).ToList();
        await Task.WhenAll(helpers.Select(h => h.TakeAsync(Cancel)));
        release.SetResult();

        Assert.Equal(JobState.Succeeded, (await running).State);
        foreach (var helper in helpers)
            await helper.DisposeAsync();
        Assert.Equal(alone, await HashesAsync(shop));
        Assert.Empty(Left(shop));
    }

    [Fact]
    public async Task Compute_KilledAtAPart_GoesOnFromThereAndEndsInTheSameBytes()
    {
        var gate = new PartGate();
        await using var shop = await OpenAsync(gate);
        var whole = await HashesAsync(shop);
        foreach (var file in Files)
            File.Delete(shop.Get<DataLake>().PathTo(file));
        gate.Begun.Clear();

        using var shutdown = new CancellationTokenSource();
        gate.Before = async (part, stop) =>
        {
            if (part != 5)
                return;
            await shutdown.CancelAsync();
            stop.ThrowIfCancellationRequested();
        };
        var id = await StartAsync(shop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Get<JobRunner>().ExecuteAsync(id, shutdown.Token));
        Assert.All(Files, file => Assert.False(File.Exists(shop.Get<DataLake>().PathTo(file)), file));
        gate.Before = null;
        Assert.Equal(1, await shop.Get<JobTakeover>().TakeUpAsync(Cancel));

        var run = await shop.RunAsync(id);

        Assert.Equal((JobState.Succeeded, 2), (run.State, run.Attempt));
        Assert.Equal(whole, await HashesAsync(shop));
        Assert.Equal([0, 1, 2, 3, 4, 5, 5, 6, 7], gate.Begun);
        Assert.Empty(Left(shop));
    }

    [Fact]
    public async Task Compute_LakeChangedBetweenTries_IsDoneAnew()
    {
        var gate = new PartGate();
        await using var shop = await OpenAsync(gate);
        gate.Begun.Clear();
        using var shutdown = new CancellationTokenSource();
        gate.Before = async (part, stop) =>
        {
            if (part != 5)
                return;
            await shutdown.CancelAsync();
            stop.ThrowIfCancellationRequested();
        };
        var id = await StartAsync(shop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Get<JobRunner>().ExecuteAsync(id, shutdown.Token));
        gate.Before = null;
        gate.Begun.Clear();
        await shop.Get<JobTakeover>().TakeUpAsync(Cancel);

        // A file more in the lake: what was described before it came is of no use.
        using (var connection = shop.Get<DataLake>().Open())
        {
            using var batch = shop.Get<DataLake>().Begin("late");
            var none = $"SELECT * FROM {shop.Get<DataLake>().Source(LakeTable.Orders)} LIMIT 1";
            batch.Add(connection, LakeTable.Orders, $"SELECT {LakeTable.Orders.ColumnList} FROM ({none})", "late");
            batch.Commit();
        }

        Assert.Equal(JobState.Succeeded, (await shop.RunAsync(id)).State);
        Assert.Equal(Enumerable.Range(0, 8), gate.Begun);
    }

    private static async Task<PlannedShop> OpenAsync(PartGate gate)
    {
        var shop = await PlannedShop.OpenAsync(600, seed: 5, learner: null, more: services =>
        {
            gate.Guard<DescribeBucketPart>(services, DescribeBucketPart.Customers);
            // One part at a time, so that which are done at a moment is known.
            services.AddSingleton(provider => new DataLake(
                Options.Create(provider.GetRequiredService<IOptions<LakeOptions>>().Value with { Threads = 1 }), provider.GetRequiredService<TimeProvider>()));
        });
        Assert.Equal(8, shop.Get<DataLake>().Buckets);
        return shop;
    }

    private static Task<Guid> StartAsync(PlannedShop shop) => shop.Get<JobService>().StartAsync(
        ComputeFeaturesJob.Kind, new ComputeFeatures(shop.World.Calendar.Midnight(shop.World.Calendar.Days)), PlannedShop.Admin, Cancel);

    private static JobParts Helper(PlannedShop shop) => new(
        shop.Get<IServiceScopeFactory>(), shop.Get<IDbContextFactory<AppDbContext>>(), new PartsAtWork(), new JobNode(), shop.Get<INews>(),
        shop.Get<TimeProvider>(), NullLogger<JobParts>.Instance);

    private static async Task<List<string>> HashesAsync(PlannedShop shop)
    {
        var hashes = new List<string>();
        foreach (var file in Files)
            hashes.Add($"{file} {await ModelStore.HashAsync(shop.Get<DataLake>().PathTo(file), Cancel)}");
        return hashes;
    }

    private static string[] Left(PlannedShop shop) => Directory.GetDirectories(shop.Get<DataLake>().PathTo(".staging"), "parts-*");
}
