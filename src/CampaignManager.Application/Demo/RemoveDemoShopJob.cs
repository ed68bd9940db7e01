using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Planning;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Demo;

/// <summary>
/// Takes the demo shop away with all that rests on it: campaigns and what happened in them, models, segments, features, the lake's rows. The file that says the shop is there goes
/// last: killed anywhere, the run starts again and ends the same. People, keys, settings and imported experiments stay.
/// </summary>
internal sealed class RemoveDemoShopJob(
    DataLake lake, IDbContextFactory<AppDbContext> contexts, JobService jobs, ModelStore models, INews news, TimeProvider time) : IJob
{
    public const string Kind = "remove-demo-shop";

    private static readonly JobStage Rows = new("removing-campaigns");

    private static readonly JobStage Files = new("removing-files");

    public static readonly JobKind Declared = new(Kind, Rows, Files);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.ReportAsync(Rows, 0, cancellationToken);
        await CancelOthersAsync(context.RunId, cancellationToken);
        var gone = await RemoveRowsAsync(cancellationToken);
        news.Tell(Campaign.Topic, "");
        await context.ReportAsync(Files, 0.5, cancellationToken);
        await context.EnsureClaimedAsync(cancellationToken);
        await UnlistAsync(cancellationToken);
        foreach (var model in gone.Where(m => Directory.Exists(models.FolderOf(m))))
            Directory.Delete(models.FolderOf(model), recursive: true);
        string[] folders =
        [
            .. LakeTable.All.Select(t => t.Name), Top(CustomerFeatures.CurrentFile), Top(SegmentService.CurrentFile), CustomerScores.Folder, Top(UpliftTableManifest.ShopFolder),
            Top(DemoShopService.ReadyFile),
        ];
        foreach (var folder in folders.Select(lake.PathTo).Where(Directory.Exists))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Directory.Delete(folder, recursive: true);
        }

        return null;
    }

    /// <summary>What works on the demo's data would bring some of it back.</summary>
    private async Task CancelOthersAsync(Guid own, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var others = await context.JobRuns.Where(r => r.Id != own && (r.State == JobState.Queued || r.State == JobState.Running))
            .Where(r => !context.Set<ImportRun>().Any(i => i.JobRunId == r.Id)).Select(r => r.Id).ToListAsync(cancel);
        foreach (var other in others)
            await jobs.CancelAsync(other, cancel);
    }

    /// <returns>Ids of the models whose rows are gone.</returns>
    private async Task<List<Guid>> RemoveRowsAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await RunClaim.HoldAsync(context, cancel);
        var learnt = await context.ModelVersions.Where(m => m.Scope == ModelVersion.ShopScope).Select(m => m.Id).ToListAsync(cancel);
        await context.ModelPromotions.Where(p => p.Scope == ModelVersion.ShopScope).ExecuteDeleteAsync(cancel);
        await context.ModelVersions.Where(m => m.Scope == ModelVersion.ShopScope).ExecuteDeleteAsync(cancel);
        await context.RedemptionRefunds.ExecuteDeleteAsync(cancel);
        await context.RedemptionCampaigns.ExecuteDeleteAsync(cancel);
        await context.Redemptions.ExecuteDeleteAsync(cancel);
        await context.UsageCounters.ExecuteDeleteAsync(cancel);
        await context.CampaignReplays.ExecuteDeleteAsync(cancel);
        await context.CartExamples.ExecuteDeleteAsync(cancel);
        await context.CampaignSuggestions.ExecuteDeleteAsync(cancel);
        await context.IssuedCodes.ExecuteDeleteAsync(cancel);
        await context.CodeBatches.ExecuteDeleteAsync(cancel);
        await context.CampaignActivities.ExecuteDeleteAsync(cancel);
        await context.CampaignChanges.ExecuteDeleteAsync(cancel);
        await context.CampaignVersions.ExecuteDeleteAsync(cancel);
        await context.Campaigns.ExecuteDeleteAsync(cancel);
        await context.Audiences.Where(a => a.Key == DemoCampaign.Members).ExecuteDeleteAsync(cancel);
        await context.Segments.ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        return learnt;
    }

    /// <summary>The catalogue first: what it does not list nobody reads. Who was erased stays so.</summary>
    private async Task UnlistAsync(CancellationToken cancel)
    {
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        using var connection = lake.Open(threads: 1);
        using var batch = new ListedBatch(lake, connection, "removed", cancel);
        if (batch.Was.Revision > 0)
            batch.Commit(new HashSet<string>(), c => c with { Files = [], Imports = [], Dropped = [] }, time.GetUtcNow().UtcDateTime);
    }

    private static string Top(string path) => path.Split('/')[0];
}
