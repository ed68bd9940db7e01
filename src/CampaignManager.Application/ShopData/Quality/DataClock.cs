using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>Has quality measured once a day where nothing else had it measured, and says what has become too old to keep.</summary>
public sealed class DataClock(
    IDbContextFactory<AppDbContext> contexts, QualityService quality, RetentionService retention, TimeProvider time, ILogger<DataClock> logger) : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    protected override TimeSpan Period => Every;

    protected override string Failed => "The daily look at the shop's data failed";

    protected override Task TickAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <returns>Whether a check was started.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var since = Time.GetUtcNow().UtcDateTime - Daily;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.JobRuns.AnyAsync(r => r.Kind == CheckQualityJob.Kind && r.CreatedAt > since, cancellationToken))
            return false;
        await quality.StartAsync(Actor.System, cancellationToken);
        if (await retention.DueAsync(cancellationToken) is { Count: > 0 } due)
            await retention.TellAsync(due, cancellationToken);
        return true;
    }
}
