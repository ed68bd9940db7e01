using System.Net;
using System.Text.Json;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using Hangfire.InMemory;
using Hangfire.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Hosting;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_AfterTheStart_EveryPartSaysSo()
    {
        await using var app = new WebApp();
        await ReadyAsync(app);
    }

    private static async Task ReadyAsync(WebApp app)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var (status, checks) = await AskAsync(app);
        // The workers report a moment after the start.
        for (var looks = 0; looks < 600 && status != HttpStatusCode.OK && await timer.WaitForNextTickAsync(Cancel); looks++)
            (status, checks) = await AskAsync(app);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["database: ready", "jobs: ready", "lake: ready", "models: ready"], checks);
    }

    [Fact]
    public async Task Ready_LakeCannotBeWritten_SaysWhichPart()
    {
        await using var app = new WebApp();
        await ReadyAsync(app);
        var lake = app.Services.GetRequiredService<DataLake>();
        lake.Probe();
        Directory.Delete(lake.Root, recursive: true);
        await File.WriteAllTextAsync(lake.Root, "in the way", Cancel);

        var (status, checks) = await AskAsync(app);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["database: ready", "jobs: ready", "lake: not ready", "models: ready"], checks);
        // The process itself is well.
        Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().GetAsync("/healthz", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Ready_DatabaseIsGone_SaysWhichPart()
    {
        await using var app = new WebApp();
        await ReadyAsync(app);
        // Connections that wait in the pool still hold the file that is gone; nobody new could open it.
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
            File.Delete(context.Database.GetDbConnection().DataSource);

        var (status, checks) = await AskAsync(app);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["database: not ready", "jobs: ready", "lake: ready", "models: ready"], checks);
    }

    [Fact]
    public void Workers_WhoReport_AreAliveUntilTheyFallSilent()
    {
        using var storage = new InMemoryStorage();
        var (node, other) = (new JobNode(), new JobNode(NodeRole.Worker));
        Assert.False(new JobWorkers(storage, node).AreAlive(DateTime.MinValue.AddYears(1)), "Nobody has reported.");
        Assert.True(new JobWorkers(storage, new JobNode(NodeRole.Web)).AreAlive(DateTime.MaxValue), "Nobody is expected to.");

        using var connection = storage.GetConnection();
        connection.AnnounceServer(node.Name + ":1", new ServerContext { WorkerCount = 1, Queues = ["default"] });
        var reported = storage.GetMonitoringApi().Servers().Single().Heartbeat!.Value;
        Assert.True(new JobWorkers(storage, node).AreAlive(reported.AddMinutes(1)));
        Assert.False(new JobWorkers(storage, node).AreAlive(reported.AddMinutes(3)));
        Assert.False(new JobWorkers(storage, other).AreAlive(reported), "Another node's workers are not this one's.");
    }

    private static async Task<(HttpStatusCode Status, string[] Checks)> AskAsync(WebApp app)
    {
        var response = await app.CreateClient().GetAsync("/readyz", Cancel);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return (response.StatusCode, [.. body.RootElement.GetProperty("checks").EnumerateObject().Select(c => $"{c.Name}: {c.Value}").Order(StringComparer.Ordinal)]);
    }
}
