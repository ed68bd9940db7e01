using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Web.Tests.Clients;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>What the units of docs/deploy name is run as it stands, but for the folders: it gets ready, and ends when asked.</summary>
public sealed class DeployUnitTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("campaign-manager-web.service", "web")]
    [InlineData("campaign-manager-worker.service", "worker")]
    public async Task Unit_ItsCommand_GetsReadyAndEndsWhenAsked(string file, string role)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The units are systemd's.");
        var lines = await File.ReadAllLinesAsync(Path.Combine(NpmTools.Root, "docs", "deploy", file), Stop);
        string Single(string key) => lines.Single(l => l.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];
        var settings = lines.Where(l => l.StartsWith("Environment=", StringComparison.Ordinal)).Select(l => l.Split('=', 3))
            .ToDictionary(l => l[1], l => l[2]);
        Assert.Equal(role, settings["Role"]);
        var folder = Directory.CreateTempSubdirectory("cm-unit-");
        var database = await server.NewDatabaseAsync();
        var address = $"http://127.0.0.1:{FreePort()}";

        var command = Single("ExecStart").Split(' ');
        Assert.Equal("/usr/bin/dotnet", command[0]);
        var here = command[1..].Select(c => c.Replace("/opt/campaign-manager/", AppContext.BaseDirectory, StringComparison.Ordinal));
        var start = new ProcessStartInfo("dotnet", here)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Database__Provider"] = database.Provider;
        start.Environment["Database__ConnectionString"] = database.ConnectionString;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        try
        {
            await ReadyAsync(process, address);
            using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync(Stop);
            var patience = TimeSpan.FromSeconds(int.Parse(Single("TimeoutStopSec"), CultureInfo.InvariantCulture));
            await process.WaitForExitAsync(Stop).WaitAsync(patience, Stop);
            Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private static async Task ReadyAsync(Process process, string address)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var tries = 0; await timer.WaitForNextTickAsync(Stop); tries++)
        {
            Assert.False(process.HasExited, "It ended by itself.");
            Assert.True(tries < 600, "It did not get ready.");
            try
            {
                if ((await client.GetAsync("/readyz", Stop)).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
