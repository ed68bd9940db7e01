using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>Has experiments evaluated once a day where nothing else had them evaluated: windows close as time goes by.</summary>
public sealed class OutcomeClock(IDbContextFactory<AppDbContext> contexts, DataLake lake, JobService jobs, TimeProvider time, ILogger<OutcomeClock> logger) : Clock(time, logger)
{
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    protected override TimeSpan Period => TimeSpan.FromMinutes(10);

    protected override string Failed => "The daily evaluation of experiments could not be started";

    protected override Task TickAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <returns>Whether a run was started.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (!lake.HasRows(LakeTable.Exposures))
            return false;
        var since = Time.GetUtcNow().UtcDateTime - Daily;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.JobRuns.AnyAsync(r => r.Kind == EvaluateExperimentsJob.Kind && r.CreatedAt > since, cancellationToken))
            return false;
        await jobs.StartAsync(EvaluateExperimentsJob.Kind, new { }, Actor.System, cancellationToken);
        return true;
    }
}
