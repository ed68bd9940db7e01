using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <param name="Experiments">Looked at.</param>
/// <param name="Changed">Of those there is a new version.</param>
public sealed record EvaluatedExperiments(int Experiments, int Changed);

/// <summary>Counts all experiments as of the moment the run was asked for. What has not changed is not counted again, and a second try of a run gives the same.</summary>
internal sealed class EvaluateExperimentsJob(OutcomeService outcomes) : IJob
{
    public const string Kind = "evaluate-experiments";

    private static readonly JobStage Counting = new("counting-outcomes");

    public static readonly JobKind Declared = new(Kind, Counting);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.ReportAsync(Counting, 0, cancellationToken);
        var (experiments, changed) = await outcomes.EvaluateAsync(
            context.RequestedAt, context, share => context.ReportAsync(Counting, share, cancellationToken), cancellationToken);
        return new EvaluatedExperiments(experiments, changed);
    }
}

/// <summary>A shop's files that came in, or were taken back, change what came of campaigns: they are evaluated once for all files that follow each other closely.</summary>
public sealed class EvaluationAfterImport(IDbContextFactory<AppDbContext> contexts, JobService jobs)
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // One that still waits will see these rows, too; one that runs may have read past them.
        if (!await context.JobRuns.AnyAsync(r => r.Kind == EvaluateExperimentsJob.Kind && r.State == JobState.Queued, cancellationToken))
            await jobs.StartAsync(EvaluateExperimentsJob.Kind, new { }, Actor.System, cancellationToken);
    }
}
