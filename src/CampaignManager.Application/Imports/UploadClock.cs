using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Imports;

/// <summary>
/// Looks every hour, and at the start, for uploads and rejected lines whose time is over: a shop that uploads nothing more must not keep
/// them.
/// </summary>
public sealed class UploadClock(ImportPruning pruning, TimeProvider time, ILogger<UploadClock> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                if (await pruning.PruneAsync(stoppingToken) is > 0 and var gone)
                    logger.LogInformation("Removed {Count} uploads and files of rejected lines whose time was over", gone);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "Old uploads could not be removed; the next look is in {Every}", Every);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
