using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Offers;

/// <summary>
/// Looks every few seconds for reservations whose time is up. On every node: two that look at once cannot give anything back twice. As with campaigns, a row in the
/// runs' history for each look would bury the runs that people care about.
/// </summary>
public sealed class ReservationClock(RedemptionLife life, TimeProvider time, ILogger<ReservationClock> logger) : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override TimeSpan Period => Every;

    protected override string Failed => "Looking for expired reservations failed";

    protected override Task TickAsync(CancellationToken cancellationToken) => life.ExpireAsync(cancellationToken);
}
