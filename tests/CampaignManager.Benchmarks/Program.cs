using CampaignManager.Application.Uplift.Training;
using CampaignManager.Benchmarks;

NativeThreads.WaitQuietly();

if (args is [DemoBenchmark.One, _] or [TrainBenchmark.One, _] or [ReplayBenchmark.One, _] or [UpliftSpeedBenchmark.One, _, _] or [ImportTrainBenchmark.One, _, _])
    return await Measured.ChildAsync(args);
if (args is [HttpHost.One, ..])
    return await AppAsync(args[1..]);

var verbs = Verbs();
if (args.Length == 0 || !verbs.TryGetValue(args[0], out var verb))
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/CampaignManager.Benchmarks -- <verb>");
    foreach (var (name, (says, _)) in verbs)
        Console.Error.WriteLine($"  {name} {says}");
    Console.Error.WriteLine("Cold start: tests/CampaignManager.Benchmarks/cold-start.sh");
    return 1;
}

Console.WriteLine(Machine.Describe($"dotnet run -c Release --project tests/CampaignManager.Benchmarks -- {string.Join(' ', args)}"));
await verb.Run(args[1..]);
return 0;

// In methods of their own: a child, which is measured, loads nothing of the others'.
static Task<int> AppAsync(string[] args) => HttpHost.RunAppAsync(args);

// Each verb prints one markdown table with the machine, the data and the command: what docs/benchmarks.md holds.
static Dictionary<string, (string Says, Func<string[], Task> Run)> Verbs() => new()
{
    ["demo"] = ("[customers ...]  builds demo shops and says how long that takes and what it needs", DemoBenchmark.RunAsync),
    ["train"] = ("[customers ...]  features, training and scoring on demo shops", TrainBenchmark.RunAsync),
    ["import-train"] = ("[rows] [learner]  an experiment's file of 20 features uploaded, imported, trained on and scored", ImportTrainBenchmark.RunAsync),
    ["quote"] = ("[seconds]  the promotion engine: 20 lines against 200 live campaigns, and against 20 of sets", QuoteBenchmark.RunAsync),
    ["lake"] = ("[rows]  events from a CSV file into the lake, beside DuckDB", LakeBenchmark.RunAsync),
    ["features"] = ("[customers] [events]  features of all history, and of a day more from what was kept", FeaturesBenchmark.RunAsync),
    ["audience-size"] = ("[customers] [events]  sizes of audiences while they are edited", AudienceSizeBenchmark.RunAsync),
    ["replay"] = ("[orders ...]  a year of orders priced with a draft, alone and beside live campaigns", ReplayBenchmark.RunAsync),
    ["peer"] = ("[rounds]  the promotion engine beside Medusa's promotion module on the same carts; needs npm and Node 20", PeerBenchmark.RunAsync),
    ["http"] = ("[rounds] [seconds] [quotes | redemptions]  quotes and redemptions over HTTP on SQLite, beside an endpoint that only parses the cart", HttpBenchmark.RunAsync),
    ["events"] = ("[rounds] [seconds]  events over HTTP on SQLite: batches, and single calls of 64 connections", EventsBenchmark.RunAsync),
    ["hillstrom"] = ("[seeds] [learner ...]  Qini and AUUC of the learners on ten splits of the Hillstrom e-mail experiment, beside Python libraries", HillstromBenchmark.RunAsync),
    ["simulate"] = ("[rows] [seeds] [folder]  every learner on simulated experiments with known truth; goes on where it stopped", SimulationBenchmark.RunAsync),
    ["experiments"] = ("[runs] [folder] [group ...]  errors, coverage and power of the measuring rules as shipped, on simulated experiments; goes on where it stopped", ExperimentsBenchmark.RunAsync),
    ["null-claims"] = ("[seeds] [rows]  how often auto claims differences between customers where there are none", NullClaimsBenchmark.RunAsync),
    ["coverage-segments"] = ("[experiments] [rows]  90 % intervals of segment effects beside an oracle's", CoverageSegmentsBenchmark.RunAsync),
    ["uplift-speed"] = ("[rows ...]  fit and score beside scikit-learn; needs Debian's python3-sklearn", UpliftSpeedBenchmark.RunAsync),
    ["coverage"] = ("[seeds] [customers] [seeds of the shop where widening loses]  the planner's intervals, ranking and suggestions against the written truth of demo shops", CoverageBenchmark.RunAsync),
};
