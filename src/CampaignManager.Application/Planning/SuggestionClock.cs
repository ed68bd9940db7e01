using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Planning;

/// <summary>
/// Has all campaigns searched once a day, and when another version of the shop's model came into use. Of two nodes that look at once
/// the second's run finds every search standing.
/// </summary>
public sealed class SuggestionClock(
    IDbContextFactory<AppDbContext> contexts, JobService jobs, TimeProvider time, ILogger<SuggestionClock> logger)
    : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected override TimeSpan Period => Every;

    protected override string Failed => "Looking whether the campaigns' suggestions are due failed";

    protected override Task TickAsync(CancellationToken cancellationToken) => StartDueAsync(cancellationToken);

    /// <returns>The run that was due; null when none is.</returns>
    internal async Task<Guid?> StartDueAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var promoted = await context.ModelPromotions.Where(p => p.Scope == ModelVersion.ShopScope)
            .MaxAsync(p => (DateTime?)(p.TakenBackAt ?? p.At), cancellationToken);
        if (promoted is null || !await ModelService.ChampionOf(context, ModelVersion.ShopScope).AnyAsync(cancellationToken))
            return null;
        var whole = JobService.Json(new SearchSuggestions());
        var last = await context.JobRuns.AsNoTracking().Where(r => r.Kind == SearchSuggestionsJob.Kind && r.Arguments == whole)
            .OrderByDescending(r => r.CreatedAt).Select(r => new { r.State, r.CreatedAt }).FirstOrDefaultAsync(cancellationToken);
        if (last is { State: JobState.Queued or JobState.Running })
            return null;
        if (last is not null && last.CreatedAt >= promoted && Time.GetUtcNow().UtcDateTime - last.CreatedAt < Day)
            return null;
        return await jobs.StartAsync(SearchSuggestionsJob.Kind, new SearchSuggestions(), Actor.System, cancellationToken);
    }
}
