using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Campaigns;

/// <summary>
/// Looks every half minute for campaigns whose start or end has come. It calls the job directly: a row in the runs' history for each look
/// would bury the runs that people care about.
/// </summary>
public sealed class CampaignClock(IServiceScopeFactory scopes, TimeProvider time, ILogger<CampaignClock> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TellAsync(stoppingToken);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await TickAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
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

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var advanced = await scope.ServiceProvider.GetRequiredService<AdvanceCampaignsJob>().AdvanceAsync(cancellationToken);
            if (advanced is not { Started: 0, Ended: 0 })
                logger.LogInformation("Campaigns on their clock: {Started} started, {Ended} ended", advanced.Started, advanced.Ended);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A locked database now must not stop the clock for good: the next tick catches up.
            logger.LogError(exception, "Looking for due campaigns failed; the next look is in {Every}", Every);
        }
    }
}
