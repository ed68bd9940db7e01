using System.Diagnostics;

namespace CampaignManager.Web.Tests.Clients;

/// <summary>The tools of tests/ApiClients, installed from its lock. Without npm the tests that need them are skipped; CI has it.</summary>
internal static class NpmTools
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>The top of the clone.</summary>
    public static string Root { get; } = Find();

    public static string Folder { get; } = Path.Combine(Root, "tests", "ApiClients");

    /// <summary>Runs a tool, and gives what it printed.</summary>
    public static async Task<string> RunAsync(string folder, string tool, params string[] arguments)
    {
        await Installed.Value;
        return await StartAsync(folder, "node", [Path.Combine(Folder, "node_modules", tool), .. arguments]);
    }

    public static Task<string> NodeAsync(string folder, params string[] arguments) => StartAsync(folder, "node", arguments);

    private static async Task InstallAsync()
    {
        var inCi = Environment.GetEnvironmentVariable("CI") is { Length: > 0 };
        Assert.SkipUnless(inCi || IsThere("npm"), "npm is not installed: generated clients are not tried here.");
        var kept = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (!kept.Exists || kept.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            await StartAsync(Folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
    }

    private static async Task<string> StartAsync(string folder, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Resolved(program), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Nothing is asked of anybody but the registry, and that only when installing.
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', start.ArgumentList)}:\n{said}");
        return await output;
    }

    private static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, Resolved(program))));

    private static string Resolved(string program) =>
        !OperatingSystem.IsWindows() ? program : program == "npm" ? "npm.cmd" : program + ".exe";

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
