using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>The whole app in process, on a data folder of its own that goes when the test ends. The demo shop is off unless asked for.</summary>
public class WebApp : WebApplicationFactory<Program>
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-web-" + Guid.NewGuid().ToString("N"));

    protected virtual string Environment => "Development";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        Directory.CreateDirectory(folder);
        builder.UseEnvironment(Environment);
        builder.UseSetting("Database:Path", Path.Combine(folder, "app.db"));
        builder.UseSetting("Lake:Path", Path.Combine(folder, "lake"));
        builder.UseSetting("Models:Path", Path.Combine(folder, "models"));
        builder.UseSetting("Demo:Enabled", "false");
    }

    public IDbContextFactory<AppDbContext> Contexts => Services.GetRequiredService<IDbContextFactory<AppDbContext>>();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await TestFolder.DeleteAsync(folder);
        GC.SuppressFinalize(this);
    }
}
