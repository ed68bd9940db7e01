using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Benchmarks;

/// <summary>
/// How well the learners order real customers: 64,000 of an e-mail experiment, each arm against none, on ten splits that anyone can repeat, beside what
/// the Python libraries reach on the same splits.
/// </summary>
internal static class HillstromBenchmark
{
    private const string Folder = "experiments/hillstrom";
    private const int Splits = 10;

    private static readonly (string Arm, string Outcome, string Peer)[] Tasks =
    [
        ("Womens E-Mail", "visit", "hill-womens-visit"), ("Mens E-Mail", "visit", "hill-mens-visit"),
        ("Womens E-Mail", "conversion", "hill-womens-conversion"), ("Mens E-Mail", "conversion", "hill-mens-conversion"),
    ];

    private static readonly (string Learner, string Base)[] Learners =
    [
        ("auto", "trees"), ("rule", "trees"), ("s", "trees"), ("s", "linear"), ("t", "trees"), ("t", "linear"), ("t", "lightgbm"), ("x", "trees"), ("x", "linear"),
        ("dr", "trees"), ("dr", "linear"), ("r", "trees"), ("class", "trees"), ("forest", "trees"), ("dragonnet", "trees"), ("ate", "trees"),
    ];

    /// <param name="args">Training seeds of <c>auto</c> (default 1); further words name the learners wanted.</param>
    public static async Task RunAsync(string[] args)
    {
        var seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        var data = Path.GetFullPath(Environment.GetEnvironmentVariable("HILLSTROM_DATA") ?? Path.Combine("..", "shared", "data"));
        if (!File.Exists(Path.Combine(data, "hillstrom.csv")))
            throw new FileNotFoundException($"There is no hillstrom.csv in {data}. Put it there, or name its folder in HILLSTROM_DATA.");
        await using var room = await BenchRoom.OpenAsync();
        await LayAsync(room.Get<DataLake>(), Path.Combine(data, "hillstrom.csv"));
        var table = await room.Get<UpliftTableReader>().ReadAsync(Folder, CancellationToken.None);
        var peers = Peers(Path.Combine(data, "golden", "hillstrom_peers.csv"));
        var learners = Learners.Where(l => UpliftLearners.Find(l.Learner) is not null && (args.Length < 2 || args.Skip(1).Contains(l.Learner))).ToList();

        Console.WriteLine("| arm against none | outcome | learner | Qini (mean ± sd) | AUUC (mean ± sd) | sd over seeds / over splits | claims differences | to the best peer: mean [least wanted] | seconds a fit |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|---|---:|");
        foreach (var (arm, outcome, peer) in Tasks)
        {
            foreach (var (learner, basis) in learners)
                Console.WriteLine(await LineAsync(table, arm, outcome, learner, basis, learner == "auto" ? seeds : 1, peers.GetValueOrDefault(peer)));
            if (peers.TryGetValue(peer, out var models))
                foreach (var (model, qini) in models.OrderByDescending(m => m.Value.Values.Average()).Take(3))
                    Console.WriteLine(FormattableString.Invariant($"| {arm} | {outcome} | *{model}* | {Spread([.. qini.Values])} | | | | | |"));
        }
    }

    private static async Task<string> LineAsync(
        UpliftTable table, string arm, string outcome, string learner, string basis, int seeds, Dictionary<string, Dictionary<int, double>>? peers)
    {
        var watch = Stopwatch.StartNew();
        Dictionary<int, double> bySplit = [];
        List<double> auuc = [], withinSplit = [];
        var claims = 0;
        for (uint split = 1; split <= Splits; split++)
        {
            var pair = table.WithSplits(row => IsTraining((uint)row, split) ? "train" : "test").WithArms([arm]);
            List<double> qinis = [];
            for (var seed = 1; seed <= seeds; seed++)
            {
                var trained = await UpliftTraining.RunAsync(pair, outcome, new TrainingPlan(learner, basis, seed), _ => Task.CompletedTask, CancellationToken.None);
                var metrics = Judge(pair, outcome, trained);
                qinis.Add(metrics.Qini);
                if (seed > 1)
                    continue;
                bySplit[(int)split] = metrics.Qini;
                auuc.Add(metrics.Auuc);
                claims += trained.Choices.Count > 0 && trained.Choices[0].Detected ? 1 : 0;
            }

            withinSplit.Add(Sd(qinis));
        }

        var seconds = watch.Elapsed.TotalSeconds / Splits / seeds;
        var ratio = seeds > 1 ? (Math.Sqrt(withinSplit.Average(s => s * s)) / Sd([.. bySplit.Values])).ToString("0.00", CultureInfo.InvariantCulture) : "";
        return FormattableString.Invariant(
            $"| {arm} | {outcome} | `{learner}`{(UpliftLearners.Find(learner)!.TakesBase ? ", " + basis : "")} | {Spread([.. bySplit.Values])} | {Spread(auuc)} | {ratio} | {(learner == "auto" ? $"{claims} of {Splits}" : "")} | {Against(bySplit, peers)} | {seconds:0.0} |");
    }

    private static bool IsTraining(uint row, uint split)
    {
        unchecked
        {
            var h = (row + 1) * 2654435761u + split * 2246822519u;
            h ^= h >> 15;
            h *= 2246822519u;
            h ^= h >> 13;
            h *= 3266489917u;
            h ^= h >> 16;
            return (h & 1) == 0;
        }
    }

    private static UpliftMetrics Judge(UpliftTable table, string outcome, TrainedUplift trained)
    {
        var test = trained.Split.Test;
        return new UpliftRanking([.. test.Select(i => table.Outcomes[outcome][i])], [.. test.Select(i => table.Arms[i] != 0)], [.. test.Select(i => trained.Uplift(1, i))]).Metrics();
    }

    /// <summary>Paired over splits with the best single peer; the goal is a mean of at least −sd / √n.</summary>
    private static string Against(Dictionary<int, double> ours, Dictionary<string, Dictionary<int, double>>? peers)
    {
        if (peers is null)
            return "";
        var (name, best) = peers.Where(p => !p.Key.StartsWith("Random", StringComparison.Ordinal)).MaxBy(p => p.Value.Values.Average());
        var differences = best.Select(b => ours[b.Key] - b.Value).ToList();
        return FormattableString.Invariant($"{differences.Average():+0.0000;−0.0000} [{0 - Sd(differences) / Math.Sqrt(differences.Count):+0.0000;−0.0000;0}] ({name})");
    }

    private static Dictionary<string, Dictionary<string, Dictionary<int, double>>> Peers(string csv) => !File.Exists(csv) ? [] : File.ReadLines(csv).Skip(1)
        .Select(Cells).GroupBy(c => c[0]).ToDictionary(g => g.Key, g => g.GroupBy(c => c[2])
        .ToDictionary(m => m.Key, m => m.ToDictionary(c => int.Parse(c[1], CultureInfo.InvariantCulture), c => double.Parse(c[3], CultureInfo.InvariantCulture))));

    // Names may hold commas within quotation marks.
    private static string[] Cells(string line)
    {
        List<string> cells = [""];
        var quoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (letter == ',' && !quoted)
                cells.Add("");
            else
                cells[^1] += letter;
        }

        return [.. cells];
    }

    private static double Sd(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Count - 1));
    }

    private static string Spread(IReadOnlyList<double> values) => FormattableString.Invariant($"{values.Average():0.0000} ± {Sd(values):0.0000}");

    private static async Task LayAsync(DataLake lake, string csv)
    {
        using (var connection = lake.Open())
        {
            lake.WriteFile(connection, $"""
                SELECT row_number() OVER () - 1 AS "row", CAST(row_number() OVER () - 1 AS VARCHAR) AS customer_id, 'hillstrom' AS campaign_id,
                  CASE segment WHEN 'No E-Mail' THEN 0 WHEN 'Womens E-Mail' THEN 1 ELSE 2 END AS arm, 1/3.0::DOUBLE AS propensity, NULL::VARCHAR AS split,
                  visit::DOUBLE AS y_visit, conversion::DOUBLE AS y_conversion, recency::DOUBLE AS x_recency, history::DOUBLE AS x_history, mens::DOUBLE AS x_mens,
                  womens::DOUBLE AS x_womens, newbie::DOUBLE AS x_newbie, zip_code AS c_zip_code, channel AS c_channel, history_segment AS c_history_segment
                FROM read_csv('{csv.Replace("'", "''", StringComparison.Ordinal)}', header = true)
                """, Path.Combine(Folder, UpliftTableManifest.TableFile));
        }

        var manifest = new UpliftTableManifest("Hillstrom", ["No E-Mail", "Womens E-Mail", "Mens E-Mail"], [new("visit", UpliftOutcome.Binary), new("conversion", UpliftOutcome.Binary)]);
        await lake.WriteTextAsync(manifest.ToJson(), Path.Combine(Folder, UpliftTableManifest.ManifestFile), CancellationToken.None);
    }
}
