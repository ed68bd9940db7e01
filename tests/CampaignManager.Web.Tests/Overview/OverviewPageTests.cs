using System.Globalization;
using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Jobs;
using CampaignManager.Web.Overview;
using CampaignManager.Web.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Overview;

/// <summary>The page over the real services, on a folder of its own.</summary>
public sealed class OverviewPageTests : IAsyncLifetime
{
    private readonly BunitContext context = new();
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-overview-" + Guid.NewGuid().ToString("N"));

    // Here and not below: what an asynchronous method sets does not reach its caller.
    public OverviewPageTests() => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Models:Path"] = Path.Combine(folder, "models"),
            ["Demo:Enabled"] = "false",
        }).Build();
        context.Services.AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<IHostEnvironment>(new HostingEnvironment()).AddCampaignManager(configuration);
        context.Services.AddMudServices();
        context.Services.AddLocalization();
        context.Services.AddScoped<ShopNames>();
        context.Services.AddScoped<JobWords>();
        context.Services.AddScoped<CurrentActor>();
        context.AddAuthorization().SetAuthorized("Max").SetRoles(Roles.Manager);
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        await using var database = await Contexts.CreateDbContextAsync();
        await database.Database.EnsureCreatedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private IDbContextFactory<AppDbContext> Contexts => context.Services.GetRequiredService<IDbContextFactory<AppDbContext>>();

    [Fact]
    public async Task Page_EmptyShop_SaysWhatIsMissingAndWhereToStart()
    {
        var page = context.Render<OverviewPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("No effect measured yet", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal("/data", page.Find(".empty-state a").GetAttribute("href"));
        Assert.Contains("Nothing runs at the moment", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".period"));
    }

    [Fact]
    public async Task Page_DemoShopUnderWay_ShowsItsProgressAndFollowsIt()
    {
        var run = await RunAsync(JobState.Running, "generate", 0.31);
        var page = context.Render<OverviewPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("Customers, visits and orders", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("31%", page.Markup, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("[role=status]"));

        await ChangeAsync(run, JobState.Running, "features", 0.7);
        await page.WaitForAssertionAsync(() => Assert.Contains("Customer features", page.Markup, StringComparison.Ordinal), Patience);

        await ChangeAsync(run, JobState.Succeeded, "features", 1);
        await page.WaitForAssertionAsync(() => Assert.Contains("No effect measured yet", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("Building the demo shop", page.Markup, StringComparison.Ordinal);
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(20);

    private async Task<Guid> RunAsync(JobState state, string stage, double progress)
    {
        var run = new JobRun
        {
            Id = Guid.NewGuid(),
            Kind = DemoShopService.JobKind,
            Arguments = "{}",
            State = state,
            Stage = stage,
            Progress = progress,
            CreatedAt = new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        await using var database = await Contexts.CreateDbContextAsync();
        database.JobRuns.Add(run);
        await database.SaveChangesAsync();
        return run.Id;
    }

    private async Task ChangeAsync(Guid id, JobState state, string stage, double progress)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        await database.JobRuns.Where(r => r.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, state).SetProperty(r => r.Stage, stage).SetProperty(r => r.Progress, progress));
        context.Services.GetRequiredService<JobNotifier>().Changed(id);
    }
}
