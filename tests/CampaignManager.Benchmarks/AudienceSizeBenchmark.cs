using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Benchmarks;

/// <summary>How long somebody waits for a size while building an audience: median and longest of calls one after another, the first apart.</summary>
internal static class AudienceSizeBenchmark
{
    private const int Calls = 15;

    private static readonly (string Name, string Rule)[] Rules =
    [
        ("two segments", """{ "and": [{ "segment": "new" }, { "segment": "favourite:cat3" }] }"""),
        ("attributes, RFM and days since", """
            { "and": [{ "attribute": "channel", "in": ["app"] }, { "rfm": "monetary", "atLeast": 4 }, { "not": { "since": "order", "atMost": 30 } }] }
            """),
        ("views of a category in 30 days", """{ "did": "views", "of": { "category": "cat3" }, "days": 30, "atLeast": 3 }"""),
        ("segment, and spent in 365 days", """{ "and": [{ "segment": "loyal" }, { "did": "spend", "days": 365, "atLeast": 100 }] }"""),
    ];

    public static async Task RunAsync(string[] args)
    {
        var customers = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var events = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 20 * customers;
        await using var room = await BenchRoom.OpenAsync();
        var lake = room.Get<DataLake>();
        using (var connection = lake.Open())
            FeaturesBenchmark.Lay(lake, connection, customers, events);
        await room.Get<FeatureService>().ComputeAsync(FeaturesBenchmark.AsOf, FeatureScope.Current, null, CancellationToken.None);

        Console.WriteLine("| rule | answer | customers | first | median | longest |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|");
        foreach (var (name, rule) in Rules)
        {
            var predicate = PredicateJson.Parse(rule);
            if (!await TimeAsync(room, name, predicate, exact: false))
                await TimeAsync(room, name, predicate, exact: true);
        }

        Console.WriteLine(FormattableString.Invariant($"{customers:N0} customers, {events:N0} events and {events / 12:N0} orders, {room.LakeMegabytes:N0} MB. {Calls} calls each."));
    }

    /// <returns>Whether the answer was exact.</returns>
    private static async Task<bool> TimeAsync(BenchRoom room, string name, Predicate predicate, bool exact)
    {
        var sizes = room.Get<AudienceSizes>();
        var times = new List<double>();
        AudienceSize? size = null;
        for (var i = 0; i < Calls; i++)
        {
            var clock = Stopwatch.StartNew();
            size = (await sizes.OfAsync(predicate, exact, CancellationToken.None)).Value;
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        double[] later = [.. times.Skip(1).Order()];
        var answer = size!.Exact ? "exact" : "one bucket, with its interval";
        Console.WriteLine(FormattableString.Invariant($"| {name} | {answer} | {size.Size:N0} | {times[0]:0} ms | {later[later.Length / 2]:0} ms | {later[^1]:0} ms |"));
        return size.Exact;
    }
}
