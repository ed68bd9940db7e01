using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Offers;

/// <summary>
/// Looks every few seconds for reservations whose time is up. On every node: two that look at once cannot give anything back twice. As with campaigns, a row in the
/// runs' history for each look would bury the runs that people care about.
/// </summary>
public sealed class ReservationClock(RedemptionLife life, TimeProvider time, ILogger<ReservationClock> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await life.ExpireAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "Looking for expired reservations failed; the next look is in {Every}", Every);
            }
        }
    }
}
