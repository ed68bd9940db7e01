using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Application.Data;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>The built app as a process of its own on a free loopback port.</summary>
/// <param name="database">What it stands on.</param>
/// <param name="folder">Where its data lie.</param>
/// <param name="more">Further settings, or a command, for its command line.</param>
public sealed class AppProcess(DatabaseOptions database, string folder, params string[] more) : IAsyncDisposable
{
    private readonly StringBuilder written = new();
    private Process? process;

    /// <summary>The node's id as it tells it at its start.</summary>
    public Guid Node
    {
        get
        {
            lock (written)
                return Guid.Parse(Regex.Match(written.ToString(), @"node ([0-9a-f-]{36})").Groups[1].Value);
        }
    }

    public HttpClient Client { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromMinutes(2) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>For a process that is to end by itself: its exit code and what it wrote to the error output.</summary>
    public async Task<(int ExitCode, string Error)> RunToEndAsync()
    {
        using var ending = Start();
        var error = new StringBuilder();
        ending.OutputDataReceived += (_, _) => { };
        ending.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        ending.BeginOutputReadLine();
        ending.BeginErrorReadLine();
        try
        {
            await ending.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(3), Stop);
            return (ending.ExitCode, error.ToString());
        }
        finally
        {
            if (!ending.HasExited)
                ending.Kill();
        }
    }

    private Process Start()
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
            typeof(Program).Assembly.Location, .. more, .. more is ["create-api-key", ..] ? Array.Empty<string>()
                : ["--urls", Client.BaseAddress!.ToString()], "--Demo:Enabled", "false", "--Database:Provider", database.Provider,
            "--Database:ConnectionString", database.ConnectionString ?? "", "--Database:Path", Path.Combine(folder, "app.db"),
            "--Lake:Path", Path.Combine(folder, "lake"), "--Models:Path", Path.Combine(folder, "models"), "--Webhooks:AllowPrivateAddresses", "true",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public async Task StartAsync()
    {
        process = Start();
        process.OutputDataReceived += (_, line) =>
        {
            lock (written)
                written.AppendLine(line.Data);
        };
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
