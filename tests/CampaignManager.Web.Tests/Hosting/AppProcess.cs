using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CampaignManager.Application.Data;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>The built app as a process of its own on a free loopback port.</summary>
public sealed class AppProcess(DatabaseOptions database, string folder) : IAsyncDisposable
{
    private Process? process;

    public HttpClient Client { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromMinutes(2) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
        };
        foreach (var argument in (string[])
        [
            typeof(Program).Assembly.Location, "--urls", Client.BaseAddress!.ToString(), "--Demo:Enabled", "false", "--Database:Provider", database.Provider,
            "--Database:ConnectionString", database.ConnectionString ?? "", "--Database:Path", Path.Combine(folder, "app.db"),
            "--Lake:Path", Path.Combine(folder, "lake"), "--Models:Path", Path.Combine(folder, "models"), "--Webhooks:AllowPrivateAddresses", "true",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        // Nobody reads a full pipe: the child would stand still.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var tries = 0; ; tries++)
        {
            Assert.False(process.HasExited, "The app ended by itself.");
            Assert.True(tries < 900, "The app did not start.");
            try
            {
                if ((await Client.GetAsync("/readyz", Stop)).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await timer.WaitForNextTickAsync(Stop);
        }
    }

    /// <summary>As SIGKILL does: nothing is finished.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            await KillAsync();
        Client.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
