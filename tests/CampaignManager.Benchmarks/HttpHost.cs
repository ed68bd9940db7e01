using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CampaignManager.Application.Data;
using CampaignManager.Web.Offers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(CampaignManager.Benchmarks.HttpBaseline))]

namespace CampaignManager.Benchmarks;

/// <summary>The app as it ships, in a process of its own on a folder of its own, with one more endpoint to measure against.</summary>
internal sealed class HttpHost : IAsyncDisposable, IDbContextFactory<AppDbContext>
{
    /// <summary>The verb that runs the app inside this program: not for people.</summary>
    public const string One = "serve-one";

    private readonly string folder = Directory.CreateTempSubdirectory("cm-http-").FullName;
    private readonly DatabaseOptions database;
    private Process? process;

    private HttpHost() => database = new DatabaseOptions { Path = Path.Combine(folder, "app.db") };

    public int Port { get; private set; }

    /// <summary>Where its data lie.</summary>
    public string Folder => folder;

    public static async Task<HttpHost> StartAsync()
    {
        var host = new HttpHost { Port = FreePort() };
        var start = new ProcessStartInfo(Environment.ProcessPath!) { WorkingDirectory = host.folder, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(HttpHost).Assembly.Location);
        foreach (var argument in (string[])
        [
            One, "--applicationName", typeof(QuoteInput).Assembly.GetName().Name!, "--urls", $"http://127.0.0.1:{host.Port}", "--Demo:Enabled", "false", "--Database:Path", host.database.Path,
            "--Lake:Path", Path.Combine(host.folder, "lake"), "--Models:Path", Path.Combine(host.folder, "models"), "--Logging:LogLevel:Default", "Warning",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(HttpBaseline).Assembly.GetName().Name;
        host.process = Process.Start(start)!;
        host.process.BeginOutputReadLine();
        using var client = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            if (host.process.HasExited || tries > 600)
                throw new InvalidOperationException("The app did not start.");
            try
            {
                if ((await client.GetAsync($"http://127.0.0.1:{host.Port}/readyz")).IsSuccessStatusCode)
                    return host;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(200);
        }
    }

    public static Task<int> RunAppAsync(string[] args)
    {
        var main = typeof(QuoteInput).Assembly.EntryPoint!;
        return Task.FromResult(main.Invoke(null, [args]) as int? ?? 0);
    }

    /// <summary>Asks the app for so long, and notes what it took of the processor.</summary>
    public async Task<HttpLoad> LoadAsync(Func<int, byte[]> request, int connections, double seconds)
    {
        process!.Refresh();
        var before = process.TotalProcessorTime;
        var load = await HttpLoad.RunAsync(Port, request, connections, seconds);
        process.Refresh();
        return load with { Cpu = (process.TotalProcessorTime - before).TotalMicroseconds / load.Count };
    }

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, database);
        return new AppDbContext(builder.Options);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            process.Kill();
        if (process is not null)
            await process.WaitForExitAsync();
        process?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Parses the same request with the same options and answers a quote without anything in it; no key, no limit, nothing else of the app's pipeline.</summary>
public sealed class HttpBaseline : IHostingStartup, IStartupFilter
{
    public const string Path = "/bench/empty";

    private static readonly byte[] Empty = """
        {"currency":"CNY","lines":[],"goodsTotal":0,"shipping":0,"shippingDiscount":0,"discountTotal":0,"total":0,"campaigns":[],"nearMisses":[],"codes":[]}
        """u8.ToArray();

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map("/bench", bench =>
        {
            bench.UseRouting();
            bench.UseEndpoints(routes => routes.MapPost("/empty", (QuoteInput body) => Results.Bytes(Empty, "application/json")));
        });
        next(app);
    };
}
