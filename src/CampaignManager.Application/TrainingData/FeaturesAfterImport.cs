using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.TrainingData;

/// <summary>
/// A shop's files that came in, or were taken back, change who its customers are: features and segments are computed anew, once for all files that follow each other closely.
/// </summary>
internal sealed class FeaturesAfterImport(IDbContextFactory<AppDbContext> contexts, JobService jobs)
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // One that still waits will see these rows, too; one that runs may have read past them.
        if (!await context.JobRuns.AnyAsync(r => r.Kind == ComputeFeaturesJob.Kind && r.State == JobState.Queued, cancellationToken))
            await jobs.StartAsync(ComputeFeaturesJob.Kind, new ComputeFeatures(), Actor.System, cancellationToken);
    }
}
