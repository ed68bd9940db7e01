using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Uplift;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Benchmarks;

/// <summary>How well the learners order real customers: 64,000 of an e-mail experiment, each arm against none, judged on the held-out third of every seed's split.</summary>
internal static class HillstromBenchmark
{
    private const string Folder = "experiments/hillstrom";

    private static readonly (string Arm, string Outcome)[] Tasks = [("Womens E-Mail", "visit"), ("Mens E-Mail", "visit"), ("Womens E-Mail", "conversion"), ("Mens E-Mail", "conversion")];

    public static async Task RunAsync(string[] args)
    {
        var seeds = args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 5;
        var csv = Path.GetFullPath(Environment.GetEnvironmentVariable("HILLSTROM_CSV") ?? Path.Combine("..", "shared", "data", "hillstrom.csv"));
        if (!File.Exists(csv))
            throw new FileNotFoundException($"There is no {csv}. Put the Hillstrom CSV there, or name it in HILLSTROM_CSV.");
        await using var room = await BenchRoom.OpenAsync();
        await LayAsync(room.Get<Lake>(), csv);
        var table = await room.Get<UpliftTableReader>().ReadAsync(Folder, CancellationToken.None);

        Console.WriteLine("| arm against none | outcome | learner | Qini (mean ± sd) | AUUC (mean ± sd) | uplift in the best 10 % | average effect | seconds a seed |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|---:|");
        foreach (var (arm, outcome) in Tasks)
        {
            var pair = table.WithArms([arm]);
            foreach (var learner in UpliftLearners.All)
            {
                var watch = Stopwatch.StartNew();
                List<UpliftMetrics> metrics = [];
                for (var seed = 1; seed <= seeds; seed++)
                    metrics.Add(Judge(pair, outcome, await UpliftTraining.RunAsync(pair, outcome, learner, seed, _ => Task.CompletedTask, CancellationToken.None)));
                var seconds = watch.Elapsed.TotalSeconds / seeds;
                Console.WriteLine(FormattableString.Invariant(
                    $"| {arm} | {outcome} | `{learner.Name}` | {Spread(metrics, m => m.Qini)} | {Spread(metrics, m => m.Auuc)} | {Spread(metrics, m => m.U10)} | {Spread(metrics, m => m.Ate)} | {seconds:0.0} |"));
            }
        }
    }

    private static UpliftMetrics Judge(UpliftTable table, string outcome, TrainedUplift trained)
    {
        var test = trained.Split.Test;
        return new UpliftRanking([.. test.Select(i => table.Outcomes[outcome][i])], [.. test.Select(i => table.Arms[i] != 0)], [.. test.Select(i => trained.Uplift(1, i))]).Metrics();
    }

    private static string Spread(List<UpliftMetrics> metrics, Func<UpliftMetrics, double> of)
    {
        var values = metrics.Select(of).ToList();
        var mean = values.Average();
        var sd = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Count - 1));
        return FormattableString.Invariant($"{mean:0.0000} ± {sd:0.0000}");
    }

    private static async Task LayAsync(Lake lake, string csv)
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
