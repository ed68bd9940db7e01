using System.Globalization;
using System.Text.Json;
using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Benchmarks;

/// <summary>
/// The measuring rules as shipped, on simulated experiments whose truth is known. Every part of a row is appended to a file as soon as it is there, so an
/// interrupted run goes on where it stopped; a part depends on its row and its number alone.
/// </summary>
internal static class ExperimentsBenchmark
{
    private const int PartRuns = 250;

    private sealed record Part(string Group, string Name, int From, int Runs, IReadOnlyDictionary<string, double> Sums);

    /// <param name="args">Runs a row (default 10,000), folder, groups wanted (default all).</param>
    public static async Task RunAsync(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var folder = args.Length > 1 ? args[1] : Path.Combine("artifacts", "experiments");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "parts.jsonl");
        var kept = Read(file);
        // A torn last line must not swallow the next one.
        if (File.Exists(file) && await File.ReadAllTextAsync(file) is [.., not '\n'])
            await File.AppendAllTextAsync(file, "\n");
        foreach (var group in ExperimentRows.All().Where(r => args.Length < 3 || args.Skip(2).Contains(r.Group)).GroupBy(r => r.Group))
        {
            List<(ExperimentSimulation Row, Figures Figures)> told = [];
            foreach (var row in group)
                told.Add((row, Row(row, runs, file, kept)));
            ExperimentTables.Print(group.Key, told);
        }
    }

    private static Figures Row(ExperimentSimulation row, int runs, string file, Dictionary<(string, string, int, int), Part> kept)
    {
        var parts = new IReadOnlyDictionary<string, double>[(runs + PartRuns - 1) / PartRuns];
        var gate = new Lock();
        Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, k =>
        {
            int from = k * PartRuns, count = Math.Min(PartRuns, runs - from);
            if (kept.TryGetValue((row.Group, row.Name, from, count), out var known))
            {
                parts[k] = known.Sums;
                return;
            }

            parts[k] = row.Several(from, count).Sums;
            lock (gate)
                File.AppendAllText(file, JsonSerializer.Serialize(new Part(row.Group, row.Name, from, count, parts[k])) + "\n");
        });
        var all = new Figures();
        foreach (var part in parts)
            all.Add(part);
        return all;
    }

    private static Dictionary<(string, string, int, int), Part> Read(string file)
    {
        Dictionary<(string, string, int, int), Part> parts = [];
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            try
            {
                var part = JsonSerializer.Deserialize<Part>(line)!;
                parts[(part.Group, part.Name, part.From, part.Runs)] = part;
            }
            catch (JsonException)
            {
                Console.Error.WriteLine($"A line of {file} is torn and will be simulated again.");
            }
        }

        return parts;
    }
}
