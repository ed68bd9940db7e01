using System.Globalization;
using Bunit;
using Bunit.TestDoubles;
using CampaignManager.Application;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Uplift;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>Components over the real services, on a folder of their own, in English.</summary>
public abstract class PageOverServices : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-page-" + Guid.NewGuid().ToString("N"));

    // Patience costs nothing where all goes well, and a busy machine is no failure.
    static PageOverServices() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(60);

    protected PageOverServices()
    {
        // Here and not below: what an asynchronous method sets does not reach its caller.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Directory.CreateDirectory(folder);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Models:Path"] = Path.Combine(folder, "models"),
            ["Demo:Enabled"] = "false",
        }).Build();
        Context.Services.AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<IHostEnvironment>(new HostingEnvironment()).AddCampaignManager(configuration);
        Context.Services.AddMudServices();
        Context.Services.AddWords().AddFeatures(Features.All);
        Context.Services.AddScoped<CurrentActor>();
        Person = Context.AddAuthorization();
        Context.JSInterop.Mode = JSRuntimeMode.Loose;
    }

    protected BunitContext Context { get; } = new();

    protected BunitAuthorizationContext Person { get; }

    protected IDbContextFactory<AppDbContext> Contexts => Context.Services.GetRequiredService<IDbContextFactory<AppDbContext>>();

    public async ValueTask InitializeAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        await database.Database.EnsureCreatedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await TestFolder.DeleteAsync(folder);
        GC.SuppressFinalize(this);
    }
}
