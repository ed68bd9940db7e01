using System.Text.Json;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Demo;

/// <summary>
/// Builds the demo shop from end to end. Every step replaces what an earlier try left, and the ready file comes last: killed anywhere, the run starts
/// again and ends the same. Then the first model is trained on it.
/// </summary>
internal sealed class BuildDemoShopJob(DataLake lake, DemoCampaignRows campaigns, FeatureService features, TrainingService training) : IJob
{
    private static readonly JobStage Generate = new("generate");

    private static readonly JobStage Campaigns = new("campaigns");

    public static readonly JobKind Declared = new(
        DemoShopService.JobKind, Generate, Campaigns, JobStage.Features, JobStage.Segments, JobStage.TrainingTable);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var shop = context.Arguments<BuildDemoShop>();
        var world = new DemoWorld(new DemoOptions { Customers = shop.Customers, Seed = shop.Seed, Months = shop.Months }, shop.End);

        await GenerateAsync(world, context, cancellationToken);
        await context.ReportAsync(Campaigns, 0.62, cancellationToken);
        await campaigns.WriteAsync(world, cancellationToken);
        var asOf = world.Calendar.Midnight(world.Calendar.Days);
        await features.ComputeAsync(
            asOf, FeatureScope.All, (stage, share) => context.ReportAsync(stage, 0.65 + (0.34 * share), cancellationToken), context, cancellationToken);
        await lake.WriteTextAsync(JsonSerializer.Serialize(shop, JsonSerializerOptions.Web), DemoShopService.ReadyFile, cancellationToken);
        // So that a newcomer's drafts are predicted without anybody asking an admin first.
        await training.StartFirstAsync(cancellationToken);
        return shop;
    }

    private async Task GenerateAsync(DemoWorld world, JobContext context, CancellationToken cancellationToken)
    {
        var share = 0.0;
        var work = Task.Run(() => new DemoGenerator(lake).WriteAsync(world, done => Volatile.Write(ref share, done), cancellationToken), cancellationToken);
        while (await Task.WhenAny(work, Task.Delay(300, CancellationToken.None)) != work)
            await context.ReportAsync(Generate, 0.6 * Volatile.Read(ref share), CancellationToken.None);
        await work;
    }
}
