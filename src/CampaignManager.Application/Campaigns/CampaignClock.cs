using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Campaigns;

/// <summary>
/// Looks every half minute for campaigns whose start or end has come. It calls the job directly: a row in the runs' history for each look
/// would bury the runs that people care about.
/// </summary>
public sealed class CampaignClock(IServiceScopeFactory scopes, TimeProvider time, ILogger<CampaignClock> logger) : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override TimeSpan Period => Every;

    protected override string Failed => "Looking for due campaigns failed";

    protected override bool AtOnce => true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TellAsync(stoppingToken);
        await base.ExecuteAsync(stoppingToken);
    }

    protected override async Task TickAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var advanced = await scope.ServiceProvider.GetRequiredService<AdvanceCampaignsJob>().AdvanceAsync(cancellationToken);
        if (advanced is not { Started: 0, Ended: 0 })
            logger.LogInformation("Campaigns on their clock: {Started} started, {Ended} ended", advanced.Started, advanced.Ended);
    }

    /// <summary>Once at the start, which may be that of a version that refuses more.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RefusedCampaigns>().TellOwnersAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "The owners of campaigns with rules that are refused now could not be told");
        }
    }
}
