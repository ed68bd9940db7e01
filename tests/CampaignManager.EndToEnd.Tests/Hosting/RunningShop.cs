using System.Globalization;
using System.Net;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(RunningShop))]
[assembly: AssemblyFixture(typeof(Browser))]

namespace CampaignManager.EndToEnd.Tests.Hosting;

/// <summary>The whole app on Kestrel at a free loopback port, with a data folder of its own and a small demo shop; one for all journeys.</summary>
public class RunningShop : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-browser-" + Guid.NewGuid().ToString("N"));

    /// <summary>Few, so that the shop is there in a moment.</summary>
    protected virtual int Customers => 1_500;

    /// <summary>Today, so that campaigns are running.</summary>
    protected virtual DateOnly? End => null;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Uri Address { get; private set; } = default!;

    public IDbContextFactory<AppDbContext> Contexts => Services.GetRequiredService<IDbContextFactory<AppDbContext>>();

    public ValueTask InitializeAsync()
    {
        // Port 0 given as a number would bind 5000.
        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        StartServer();
        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.First());
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits until the demo shop is whole: it is built in the background while the first journeys walk.</summary>
    public async Task StockedAsync()
    {
        var demo = Services.GetRequiredService<DemoShopService>();
        await UntilAsync(async () => demo.IsReady || await EndedAsync(await demo.CurrentRunAsync(Stop)), "the demo shop");
        Assert.True(demo.IsReady, "The demo shop was not built.");
    }

    /// <summary>
    /// Waits for the shop's first model, which is trained by itself once the shop is there and in use at once. Journeys train others meanwhile,
    /// and cancel some: the run that is meant is the oldest.
    /// </summary>
    public async Task<Guid> ModelAsync()
    {
        await StockedAsync();
        var training = Services.GetRequiredService<TrainingService>();
        TrainingRunView? first = null;
        await UntilAsync(
            async () =>
            {
                var newestFirst = (await training.ListAsync(new PageRequest(1, PageRequest.MaxPageSize), Stop)).Items;
                first = newestFirst.LastOrDefault(r => r.Request.ExperimentId is null);
                return await EndedAsync(first?.Run);
            },
            "the first training");
        return first!.Result!.ModelId;
    }

    private static Task<bool> EndedAsync(JobRun? run)
    {
        Assert.False(run?.State is JobState.Failed or JobState.Cancelled, $"{run?.Kind} ended as {run?.State}: {run?.Error}");
        return Task.FromResult(run?.State == JobState.Succeeded);
    }

    public async Task UntilAsync(Func<Task<bool>> done, string what, TimeSpan? every = null)
    {
        using var timer = new PeriodicTimer(every ?? TimeSpan.FromMilliseconds(250));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            while (!await done())
                await timer.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            Assert.Fail($"Gave up waiting for {what} after three minutes.");
        }
    }

    /// <summary>Language and theme live on the user: set before signing in, so that no journey inherits another's.</summary>
    public async Task PrepareUserAsync(string email, string culture, string theme)
    {
        await using var context = await Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await context.Users.Where(u => u.UserName == email).ExecuteUpdateAsync(
            s => s.SetProperty(u => u.Culture, culture).SetProperty(u => u.Theme, theme)
                .SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
            TestContext.Current.CancellationToken);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        Directory.CreateDirectory(folder);
        builder.UseEnvironment("Development");
        builder.UseSetting("Database:Path", Path.Combine(folder, "app.db"));
        builder.UseSetting("Lake:Path", Path.Combine(folder, "lake"));
        builder.UseSetting("Models:Path", Path.Combine(folder, "models"));
        builder.UseSetting("Webhooks:AllowPrivateAddresses", "true");
        builder.UseSetting("Demo:Customers", Customers.ToString(CultureInfo.InvariantCulture));
        builder.UseSetting("Demo:EndDate", End?.ToString("O", CultureInfo.InvariantCulture));
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>The demo shop of the usual seed up to a fixed day: large enough to tell what newcomers respond to.</summary>
public sealed class WholeShop : RunningShop
{
    protected override int Customers => 6_000;

    protected override DateOnly? End => new(2026, 7, 1);
}
