using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Webhooks;

/// <summary>Looks every second for messages that are due, on every node that runs jobs. As with campaigns, a row in the runs' history for each look would bury the others.</summary>
public sealed class WebhookClock(WebhookSender sender, TimeProvider time, ILogger<WebhookClock> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private const int LooksBetweenPrunings = 3600;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        for (var look = 0; await timer.WaitForNextTickAsync(stoppingToken); look++)
        {
            try
            {
                if (look % LooksBetweenPrunings == 0)
                    await sender.PruneAsync(stoppingToken);
                await sender.BeginDueAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "Delivering webhooks failed; the next look is in {Every}", Every);
            }
        }
    }
}
