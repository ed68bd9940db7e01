using System.Diagnostics;
using CampaignManager.Application;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace CampaignManager.Benchmarks;

/// <summary>The application's services on a folder of their own, which goes with it. Jobs are run by hand.</summary>
internal sealed class BenchRoom : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cm-bench-").FullName;
    private readonly ServiceProvider services;

    private BenchRoom()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Models:Path"] = Path.Combine(folder, "models"),
        }).Build();
        services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<IHostEnvironment>(new HostingEnvironment())
            .AddCampaignManager(configuration).BuildServiceProvider();
    }

    public Dictionary<string, double> Seconds { get; } = [];

    public static async Task<BenchRoom> OpenAsync()
    {
        var room = new BenchRoom();
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
        return room;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task TimeAsync(string step, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        Seconds[step] = watch.Elapsed.TotalSeconds;
    }

    public double LakeMegabytes => new DirectoryInfo(Path.Combine(folder, "lake")).EnumerateFiles("*.parquet", SearchOption.AllDirectories).Sum(f => f.Length) / 1e6;

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
