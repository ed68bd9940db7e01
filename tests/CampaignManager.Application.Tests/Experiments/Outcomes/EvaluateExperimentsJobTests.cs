using System.Text.Json;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Jobs;
using CampaignManager.Application.Tests.Planning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Experiments.Outcomes;

public sealed class EvaluateExperimentsJobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_KilledAtAPart_GoesOnFromThereAndEndsInWhatAWholeRunGives()
    {
        var gate = new PartGate();
        await using var shop = await PlannedShop.OpenAsync(600, seed: 5, learner: null, more: services =>
        {
            gate.Guard<EvaluateBucketPart>(services, EvaluateBucketPart.Work);
            services.AddSingleton(provider => new DataLake(
                Options.Create(provider.GetRequiredService<IOptions<LakeOptions>>().Value with { Threads = 1 }), provider.GetRequiredService<TimeProvider>()));
        });
        var (lake, outcomes) = (shop.Get<DataLake>(), shop.Get<OutcomeService>());
        gate.Begun.Clear();
        using var shutdown = new CancellationTokenSource();
        gate.Before = async (part, stop) =>
        {
            if (part != 10)
                return;
            await shutdown.CancelAsync();
            stop.ThrowIfCancellationRequested();
        };
        var id = await StartAsync(shop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Get<JobRunner>().ExecuteAsync(id, shutdown.Token));
        Assert.All(shop.World.Campaigns, c => Assert.Empty(outcomes.Versions(c.Campaign.Id)));
        gate.Before = null;
        await shop.Get<JobTakeover>().TakeUpAsync(Cancel);

        var run = await shop.RunAsync(id);

        Assert.Equal((JobState.Succeeded, 2), (run.State, run.Attempt));
        // Ten parts were done, and only those that were not are done now.
        Assert.Equal([.. Enumerable.Range(0, 11), .. Enumerable.Range(10, (shop.World.Campaigns.Count * lake.Buckets) - 10)], gate.Begun);
        Assert.Equal(new EvaluatedExperiments(12, 12), JsonSerializer.Deserialize<EvaluatedExperiments>(run.Result!, JsonSerializerOptions.Web));
        Assert.Empty(Directory.GetDirectories(lake.PathTo(".staging"), "parts-*"));
        var results = Results(lake);
        Assert.Equal(12, results.Count);

        // The same once more keeps nothing new, and a whole run from nothing gives the same bytes.
        gate.Begun.Clear();
        Assert.Equal(JobState.Succeeded, (await shop.RunAsync(await StartAsync(shop))).State);
        Assert.Empty(gate.Begun);
        Directory.Delete(lake.PathTo(OutcomeFiles.Home), recursive: true);
        Assert.Equal(JobState.Succeeded, (await shop.RunAsync(await StartAsync(shop))).State);
        Assert.Equal(results, Results(lake));
    }

    private static Task<Guid> StartAsync(PlannedShop shop) => shop.Get<JobService>().StartAsync(EvaluateExperimentsJob.Kind, new { }, PlannedShop.Admin, Cancel);

    private static List<string> Results(DataLake lake) =>
    [
        .. Directory.GetFiles(lake.PathTo(OutcomeFiles.Home), "*.json", SearchOption.AllDirectories).Where(f => f.Contains("/results/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(f => Path.GetFileName(f) + File.ReadAllText(f)),
    ];
}
