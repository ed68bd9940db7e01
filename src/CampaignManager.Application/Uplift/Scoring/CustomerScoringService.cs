using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>A run that scores all customers, as a watcher sees it.</summary>
public sealed record ScoreRunView(JobRun Run, ScoreCustomersResult? Result);

/// <summary>Starts and lists runs that score all of the shop's customers.</summary>
public sealed class CustomerScoringService(ModelService models, JobService jobs, IDbContextFactory<AppDbContext> contexts)
{
    private const int Most = 10;

    public async Task<Outcome<Guid>> StartAsync(Guid modelId, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayScore(actor))
            return Failure.Forbidden("Scoring all customers needs the role Admin.");
        var found = await models.FindAsync(modelId, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        if (found.Value.Damage is { } damage)
            return Failure.Conflict("model-damaged", damage);
        if (found.Value.Row.ExperimentId is not null)
            return Failure.Conflict("not-the-shops-model", "Only a model of the shop's own campaigns can score the shop's customers.");
        if (found.Value.OtherAmounts)
            return ModelService.OtherAmounts;
        if ((await ListAsync(modelId, cancellationToken)).Any(r => r.Run.State is JobState.Queued or JobState.Running))
            return Failure.Conflict("scoring-already", "This version is scoring the customers already.");
        return await jobs.StartAsync(ScoreCustomersJob.Kind, new ScoreCustomers(modelId), actor, cancellationToken);
    }

    /// <summary>Starts the version's first run, unless there was one: for whoever may themselves be started again.</summary>
    internal async Task StartFirstAsync(Guid modelId, CancellationToken cancellationToken)
    {
        if ((await ListAsync(modelId, cancellationToken)).Count == 0)
            await jobs.StartAsync(ScoreCustomersJob.Kind, new ScoreCustomers(modelId), Actor.System, cancellationToken);
    }

    /// <summary>The version's newest runs.</summary>
    public async Task<IReadOnlyList<ScoreRunView>> ListAsync(Guid modelId, CancellationToken cancellationToken)
    {
        var named = $"%{modelId:D}%";
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await context.JobRuns.AsNoTracking()
            .Where(r => r.Kind == ScoreCustomersJob.Kind && (EF.Functions.Like(r.Arguments, named) || (r.Result != null && EF.Functions.Like(r.Result, named))))
            .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).Take(Most).ToListAsync(cancellationToken);
        return [.. runs.Select(r => new ScoreRunView(r, r.Result is null ? null : JsonSerializer.Deserialize<ScoreCustomersResult>(r.Result, JsonSerializerOptions.Web)))];
    }

    public static bool MayScore(Actor actor) => actor.Is(Roles.Admin);
}
