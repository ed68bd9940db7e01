using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application;

/// <summary>
/// Looks again and again whether something is due. A look that fails is logged, and the next one catches up: a locked database now must not stop the clock for good.
/// </summary>
public abstract class Clock(TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    /// <summary>From one look to the next.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>What the log says of a look that failed.</summary>
    protected abstract string Failed { get; }

    /// <summary>Whether the first look is at the start, not a period later.</summary>
    protected virtual bool AtOnce => false;

    protected abstract Task TickAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, Time);
        if (AtOnce)
            await LookAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LookAsync(stoppingToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TickAsync(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(fault, "{What}; the next look is in {Every}", Failed, Period);
        }
    }
}
