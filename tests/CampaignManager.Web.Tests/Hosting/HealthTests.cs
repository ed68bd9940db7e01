using System.Net;
using System.Text.Json;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using Hangfire.InMemory;
using Hangfire.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Hosting;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("all")]
    [InlineData("web")]
    public async Task Ready_AfterTheStart_EveryPartSaysSo(string role)
    {
        await using var app = new InRole(role);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var (status, checks) = await AskAsync(app);
        // The workers report a moment after the start.
        for (var looks = 0; looks < 600 && status != HttpStatusCode.OK && await timer.WaitForNextTickAsync(Cancel); looks++)
            (status, checks) = await AskAsync(app);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["database: ready", "jobs: ready", "lake: ready"], checks);
    }

    [Fact]
    public async Task Ready_LakeCannotBeWritten_SaysWhichPart()
    {
        await using var app = new InRole("web");
        var lake = app.Services.GetRequiredService<DataLake>();
        lake.Probe();
        Directory.Delete(lake.Root, recursive: true);
        await File.WriteAllTextAsync(lake.Root, "in the way", Cancel);

        var (status, checks) = await AskAsync(app);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["database: ready", "jobs: ready", "lake: not ready"], checks);
        // The process itself is well.
        Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().GetAsync("/healthz", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Ready_DatabaseIsGone_SaysWhichPart()
    {
        await using var app = new InRole("web");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app)).Status);
        // Connections that wait in the pool still hold the file that is gone; nobody new could open it.
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
            File.Delete(context.Database.GetDbConnection().DataSource);

        var (status, checks) = await AskAsync(app);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["database: not ready", "jobs: ready", "lake: ready"], checks);
    }

    [Fact]
    public void Workers_WhoReport_AreAliveUntilTheyFallSilent()
    {
        using var storage = new InMemoryStorage();
        Assert.False(new JobWorkers(storage, expected: true).AreAlive(DateTime.MinValue.AddYears(1)), "Nobody has reported.");
        Assert.True(new JobWorkers(storage, expected: false).AreAlive(DateTime.MaxValue), "Nobody is expected to.");

        using var connection = storage.GetConnection();
        connection.AnnounceServer("w", new ServerContext { WorkerCount = 1, Queues = ["default"] });
        var reported = storage.GetMonitoringApi().Servers().Single().Heartbeat!.Value;
        Assert.True(new JobWorkers(storage, expected: true).AreAlive(reported.AddMinutes(1)));
        Assert.False(new JobWorkers(storage, expected: true).AreAlive(reported.AddMinutes(3)));
    }

    private static async Task<(HttpStatusCode Status, string[] Checks)> AskAsync(WebApp app)
    {
        var response = await app.CreateClient().GetAsync("/readyz", Cancel);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return (response.StatusCode, [.. body.RootElement.GetProperty("checks").EnumerateObject().Select(c => $"{c.Name}: {c.Value}").Order(StringComparer.Ordinal)]);
    }

    private sealed class InRole(string role) : WebApp
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Role", role);
        }
    }
}
