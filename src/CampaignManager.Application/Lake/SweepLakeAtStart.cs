using CampaignManager.Application.Data;
using Microsoft.Extensions.Hosting;

namespace CampaignManager.Application.Lake;

/// <summary>Finishes or throws away what a killed process left in the lake, before anything reads it.</summary>
internal sealed class SweepLakeAtStart(DataLake lake) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        OwnFolder.MakeOrClose(lake.Root);
        lake.Sweep();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
