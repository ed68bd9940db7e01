using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Writes down every few seconds, and when the process ends, how often events were refused.</summary>
internal sealed class EventRefusalsClock(EventRefusals refusals, TimeProvider time, ILogger<EventRefusalsClock> logger) : Clock(time, logger)
{
    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    protected override string Failed => "How often events were refused could not be written down";

    protected override Task TickAsync(CancellationToken cancellationToken) => refusals.WriteAsync(cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await refusals.WriteAsync(cancellationToken);
    }
}
