using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CampaignManager.Benchmarks;

/// <summary>What one side needed for a table.</summary>
/// <param name="FitSeconds">Fit.</param>
/// <param name="ScoreSeconds">Scoring as many fresh rows.</param>
/// <param name="PeakMegabytes">Most memory the process held, its libraries and the table included.</param>
/// <param name="Qini">On the fresh rows.</param>
internal sealed record UpliftSpeed(double FitSeconds, double ScoreSeconds, double PeakMegabytes, double Qini)
{
    public double Seconds => FitSeconds + ScoreSeconds;
}

/// <summary>scikit-learn in a process of its own: Debian's python3-sklearn, or the interpreter named in PEER_PYTHON.</summary>
internal static class UpliftPeer
{
    public static Task<UpliftSpeed> LearnerAsync(string file, string learner) =>
        RunAsync("uplift_peer.py", file, learner, Threads);

    public static Task<UpliftSpeed> ForestAsync(string file, int trees, int depth, int leaf) =>
        RunAsync("forest_peer.py", file, Text(trees), Text(depth), Text(leaf), Threads);

    private static string Threads => Text(Environment.ProcessorCount);

    private static async Task<UpliftSpeed> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PEER_PYTHON") ?? "/usr/bin/python3") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peer", script));
        // As our own: OpenMP's workers that spin while they wait make a busy machine many times slower, and a quiet one no faster.
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var python = Process.Start(start)!;
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        if (python.ExitCode != 0)
            throw new InvalidOperationException($"{script} ended with code {python.ExitCode}. It needs python3-sklearn (apt-get install python3-sklearn).");
        var answer = JsonSerializer.Deserialize<JsonElement>(output);
        return new UpliftSpeed(answer.GetProperty("fit_s").GetDouble(), answer.GetProperty("score_s").GetDouble(), answer.GetProperty("peak_mb").GetDouble(), answer.GetProperty("qini").GetDouble());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
