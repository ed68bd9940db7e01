using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace CampaignManager.Application.Tests.Data;

/// <summary>
/// Debian's PostgreSQL on a free loopback port, with a data folder that goes when the tests end. Started by the first test that wants it; tests skip with a sentence
/// where it is not installed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-pg-" + Guid.NewGuid().ToString("N"));
    private Process? server;
    private int port;

    private static string? Binaries => !Directory.Exists("/usr/lib/postgresql") ? null : Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>A new, empty database.</summary>
    public async Task<DatabaseOptions> NewDatabaseAsync()
    {
        if (Binaries is not { } binaries)
        {
            Assert.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql).");
            return null!;
        }

        await StartAsync(binaries);
        var name = "cm_" + Guid.NewGuid().ToString("N");
        await using var connection = new NpgsqlConnection(To("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new DatabaseOptions { Provider = DatabaseOptions.PostgreSql, ConnectionString = To(name), Path = Path.Combine(folder, "app", name, "app.db") };
    }

    private string To(string database) => $"Host=127.0.0.1;Port={port};Username=cm;Database={database};Maximum Pool Size=40;Timeout=60";

    private async Task StartAsync(string binaries)
    {
        await gate.WaitAsync();
        try
        {
            if (server is not null)
                return;
            port = FreePort();
            Directory.CreateDirectory(folder);
            if (Environment.IsPrivilegedProcess)
                await RunAsync("chown", ["postgres", folder]);
            var data = Path.Combine(folder, "data");
            await RunAsync(Path.Combine(binaries, "initdb"), ["-D", data, "-A", "trust", "-U", "cm", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"], asPostgres: true);
            server = Start(Path.Combine(binaries, "postgres"), ["-D", data, "-h", "127.0.0.1", "-p", $"{port}", "-k", folder, "-c", "fsync=off", "-c", "max_connections=400"], asPostgres: true);
            await AnsweringAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task AnsweringAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(To("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (tries < 300 && !server!.HasExited)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // PostgreSQL refuses to run as root; setpriv becomes the server itself, so that its process can be ended.
    private static Process Start(string program, string[] arguments, bool asPostgres)
    {
        var change = asPostgres && Environment.IsPrivilegedProcess;
        var start = new ProcessStartInfo(change ? "setpriv" : program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in change ? [.. (string[])["--reuid", "postgres", "--regid", "postgres", "--init-groups", program], .. arguments] : arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task RunAsync(string program, string[] arguments, bool asPostgres = false)
    {
        using var process = Start(program, arguments, asPostgres);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (server is null)
            return;
        NpgsqlConnection.ClearAllPools();
        // Fast shutdown: the server's own children end with it.
        await RunAsync("kill", ["-INT", $"{server.Id}"]);
        await server.WaitForExitAsync();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
