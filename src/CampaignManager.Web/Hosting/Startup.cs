using CampaignManager.Application.Data;
using CampaignManager.Application.Idempotency;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Webhooks;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>What happens once before the first request: the schema, the accounts, the runs a crash left behind.</summary>
public sealed class Startup(
    JobNode node,
    StartFolders folders,
    LakeBuckets buckets,
    IOptions<DatabaseOptions> options,
    ServingLock serving,
    DatabasePreparation database,
    MasterKey masterKey,
    KeyFiles keyFiles,
    WebhookSecrets webhookSecrets,
    AccountPreparation accounts,
    IdempotencyService calls,
    JobQueue queue,
    JobTakeover runs,
    ScheduleTimetable timetable,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<Startup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        node.Check(options.Value);
        folders.Prepare();
        serving.Take();
        buckets.Check();
        await database.RunAsync(cancellationToken, whileAlone: async stop =>
        {
            await queue.PrepareAsync(stop);
            await masterKey.PrepareAsync(stop);
            var (cookieKeys, secrets) = (keyFiles.Encrypt(), await webhookSecrets.EncryptAsync(stop));
            if (cookieKeys + secrets > 0)
                logger.LogInformation("Encrypted {Keys} cookie keys and {Secrets} webhook secrets that were in the clear", cookieKeys,
                    secrets);
            await accounts.RunAsync(stop);
        });
        await calls.ForgetUnfinishedAsync(cancellationToken);
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var resumed = await runs.TakeUpAsync(cancellationToken);
        if (resumed > 0)
            logger.LogInformation("Resumed {Count} unfinished job runs", resumed);
        var missed = await timetable.StartAsync(cancellationToken);
        if (missed > 0)
            logger.LogInformation("Started {Count} scheduled runs that fell due while the app was down", missed);
        lifetime.ApplicationStarted.Register(() =>
        {
            LineLog.HasStarted = true;
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            logger.LogInformation("CampaignManager is ready at {Address}, node {Node}. {Hint}", address, node.Id, accounts.SignInHint);
        });
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
