using CampaignManager.Application.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Demo;

/// <summary>Asks for the demo shop once the host is up: after the schema is there and broken runs have been taken up again.</summary>
internal sealed class StartDemoShop(DatabasePreparation database, DemoShopService shop, IHostApplicationLifetime lifetime, ILogger<StartDemoShop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(up.SetResult);
        await using var stopped = stoppingToken.Register(() => up.TrySetCanceled(stoppingToken));
        try
        {
            await up.Task;
            // Of several nodes that come up together one asks for it.
            await database.AloneAsync(shop.StartIfFirstAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Going down before it was up.
        }
        catch (Exception exception)
        {
            // The app is of use without a demo shop; an admin can ask for it again.
            logger.LogError(exception, "The demo shop could not be started");
        }
    }
}
