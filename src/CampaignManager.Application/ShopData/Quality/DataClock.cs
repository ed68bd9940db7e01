using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>Has quality measured once a day where nothing else had it measured, and says what has become too old to keep.</summary>
public sealed class DataClock(
    IDbContextFactory<AppDbContext> contexts, QualityService quality, RetentionService retention, TimeProvider time, ILogger<DataClock> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "The daily look at the shop's data failed; the next is in {Every}", Every);
            }
        }
    }

    /// <returns>Whether a check was started.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().UtcDateTime - Daily;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.JobRuns.AnyAsync(r => r.Kind == CheckQualityJob.Kind && r.CreatedAt > since, cancellationToken))
            return false;
        await quality.StartAsync(Actor.System, cancellationToken);
        if (await retention.DueAsync(cancellationToken) is { Count: > 0 } due)
            await retention.TellAsync(due, cancellationToken);
        return true;
    }
}
