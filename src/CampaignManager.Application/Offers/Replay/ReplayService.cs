using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>A result as it is shown.</summary>
/// <param name="RunId">The run that made it.</param>
/// <param name="Version">The campaign's version that was replayed.</param>
/// <param name="RequestedAt">UTC.</param>
/// <param name="Stale">The campaign's rules have been changed since.</param>
public sealed record ReplayShown(Guid RunId, int Version, DateTime RequestedAt, bool Stale, ReplayResult Result);

/// <summary>A run as a watcher sees it.</summary>
public sealed record ReplayRun(JobRun Run, ReplayCampaign Asked);

/// <summary>Starts replays, and finds runs and results.</summary>
public sealed class ReplayService(IDbContextFactory<AppDbContext> contexts, JobService jobs)
{
    public const int MostDays = 730;

    /// <summary>What pages offer.</summary>
    public static readonly IReadOnlyList<int> Periods = [7, 30, 90, 365];

    /// <summary>Starts a run, or gives the one that is under way for the same rules and days.</summary>
    public async Task<Outcome<Guid>> StartAsync(Guid campaignId, int days, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAny(Roles.Marketer, Roles.Manager, Roles.Admin))
            return Failure.Forbidden("Only staff replay orders.");
        if (days is < 1 or > MostDays)
            return Failure.Invalid("days", string.Create(CultureInfo.InvariantCulture, $"Days must be between 1 and {MostDays}."));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId, cancellationToken) is not { } campaign)
            return Failure.NotFound("The campaign");
        if (RulesValidation.CheckPriceable(RulesJson.Read(campaign.RulesJson)) is [var wrong, ..])
            return Failure.Conflict("rules-invalid", $"The campaign's rules are not valid: {wrong.Path}: {wrong.Message}");
        var asked = new ReplayCampaign(campaignId, campaign.Version, days);
        if (await NewestAsync(context, campaignId, cancellationToken) is { Run.State: JobState.Queued or JobState.Running, Run.CancelRequested: false } live && live.Asked == asked)
            return live.Run.Id;
        return await jobs.StartAsync(ReplayCampaignJob.Kind, asked, actor, cancellationToken);
    }

    /// <summary>The campaign's newest run, whatever became of it; null before the first.</summary>
    public async Task<ReplayRun?> NewestAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await NewestAsync(context, campaignId, cancellationToken);
    }

    public async Task<Outcome<ReplayRun>> FindAsync(Guid campaignId, Guid runId, CancellationToken cancellationToken) =>
        await jobs.FindAsync(runId, cancellationToken) is { Kind: ReplayCampaignJob.Kind } run && View(run) is var view && view.Asked.CampaignId == campaignId ? view : Failure.NotFound("The replay");

    /// <summary>What is known for so many days: of the rules as they are, else of the newest version before them; null when nothing is.</summary>
    public async Task<Outcome<ReplayShown?>> ShownAsync(Guid campaignId, int days, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var current = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.RulesJson).SingleOrDefaultAsync(cancellationToken);
        if (current is null)
            return Failure.NotFound("The campaign");
        var kept = await context.CampaignReplays.AsNoTracking().Where(r => r.CampaignId == campaignId && r.Days == days)
            .OrderByDescending(r => r.RulesJson == current).ThenByDescending(r => r.CampaignVersion).FirstOrDefaultAsync(cancellationToken);
        return Outcome<ReplayShown?>.Of(kept is null ? null : Show(kept, current));
    }

    /// <summary>What a run has left; null while it has not, or when a later one took its place.</summary>
    public async Task<ReplayShown?> ResultAsync(Guid campaignId, Guid runId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var current = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.RulesJson).SingleOrDefaultAsync(cancellationToken);
        var kept = await context.CampaignReplays.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId && r.CampaignId == campaignId, cancellationToken);
        return kept is null || current is null ? null : Show(kept, current);
    }

    public async Task<Outcome> CancelAsync(Guid campaignId, Guid runId, Actor actor, CancellationToken cancellationToken)
    {
        var found = await FindAsync(campaignId, runId, cancellationToken);
        return found.Succeeded ? await jobs.CancelAsync(runId, actor, cancellationToken) : found.Failure;
    }

    private static ReplayShown Show(CampaignReplay kept, string current) => new(
        kept.Id, kept.CampaignVersion, kept.RequestedAt, kept.RulesJson != current, JsonSerializer.Deserialize<ReplayResult>(kept.ResultJson, RulesJson.Options)!);

    private static async Task<ReplayRun?> NewestAsync(AppDbContext context, Guid campaignId, CancellationToken cancellationToken)
    {
        var id = campaignId.ToString();
        var run = await context.JobRuns.AsNoTracking().Where(r => r.Kind == ReplayCampaignJob.Kind && r.Arguments.Contains(id))
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).FirstOrDefaultAsync(cancellationToken);
        return run is null ? null : View(run);
    }

    private static ReplayRun View(JobRun run) => new(run, JsonSerializer.Deserialize<ReplayCampaign>(run.Arguments, JsonSerializerOptions.Web)!);
}
