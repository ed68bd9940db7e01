using System.Diagnostics;
using System.Text.Json;

namespace CampaignManager.Benchmarks;

/// <summary>The peer in a Node process of its own, installed from its registry into a temporary folder.</summary>
internal sealed class PeerProcess(Process node, string folder) : IAsyncDisposable
{
    public static async Task<PeerProcess> StartAsync(string input)
    {
        var folder = Directory.CreateTempSubdirectory("cm-peer-").FullName;
        foreach (var file in new[] { "package.json", "measure.cjs" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, "peer", file), Path.Combine(folder, file));
        await File.WriteAllTextAsync(Path.Combine(folder, "input.json"), input);
        using (var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps", "--loglevel", "error"]) { WorkingDirectory = folder })!)
        {
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
                throw new InvalidOperationException($"npm could not install the peer (code {npm.ExitCode}).");
        }

        var node = Process.Start(new ProcessStartInfo("node", ["measure.cjs", "input.json"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var peer = new PeerProcess(node, folder);
        await peer.AnswerAsync<string>();
        await peer.AskAsync<JsonElement>("run 5");
        return peer;
    }

    public async Task<T> AskAsync<T>(string command)
    {
        await node.StandardInput.WriteLineAsync(command);
        await node.StandardInput.FlushAsync();
        return await AnswerAsync<T>();
    }

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        if (!node.HasExited)
            node.Kill();
        await node.WaitForExitAsync();
        node.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<T> AnswerAsync<T>() =>
        JsonSerializer.Deserialize<T>(await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The peer has ended without an answer."))!;
}
