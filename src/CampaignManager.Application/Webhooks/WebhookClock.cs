using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Webhooks;

/// <summary>Looks every second for messages that are due, on every node that runs jobs. As with campaigns, a row in the runs' history for each look would bury the others.</summary>
public sealed class WebhookClock(WebhookSender sender, TimeProvider time, ILogger<WebhookClock> logger) : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private const int LooksBetweenPrunings = 3600;

    private int looks;

    protected override TimeSpan Period => Every;

    protected override string Failed => "Delivering webhooks failed";

    protected override async Task TickAsync(CancellationToken cancellationToken)
    {
        if (looks++ % LooksBetweenPrunings == 0)
            await sender.PruneAsync(cancellationToken);
        await sender.BeginDueAsync(cancellationToken);
    }
}
