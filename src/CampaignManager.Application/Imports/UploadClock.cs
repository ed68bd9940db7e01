using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Imports;

/// <summary>
/// Looks every hour, and at the start, for uploads and rejected lines whose time is over: a shop that uploads nothing more must not keep
/// them.
/// </summary>
public sealed class UploadClock(ImportPruning pruning, TimeProvider time, ILogger<UploadClock> logger) : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override TimeSpan Period => Every;

    protected override string Failed => "Old uploads could not be removed";

    protected override bool AtOnce => true;

    protected override async Task TickAsync(CancellationToken cancellationToken)
    {
        if (await pruning.PruneAsync(cancellationToken) is > 0 and var gone)
            logger.LogInformation("Removed {Count} uploads and files of rejected lines whose time was over", gone);
    }
}
