using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Lake;

namespace CampaignManager.Benchmarks;

/// <summary>How long a demo shop takes, from nothing to usable.</summary>
internal static class DemoBenchmark
{
    public const string One = "demo-one";

    private static readonly DateOnly End = new(2026, 7, 1);

    public static async Task RunAsync(string[] sizes)
    {
        List<(string, Measured)> columns = [];
        foreach (var size in sizes.Length == 0 ? ["20000", "500000"] : sizes)
            columns.Add(($"{int.Parse(size, CultureInfo.InvariantCulture):N0} customers", await Measured.InChildAsync(One, size)));
        Measured.Print(columns);
    }

    public static async Task<Measured> MeasureAsync(int customers)
    {
        await using var room = await BenchRoom.OpenAsync();
        await BuildAsync(room, customers);
        await room.TimeAsync("overview, first reading", () => room.Get<EffectService>().ReadAsync(365, CancellationToken.None));
        var stock = (await room.Get<LakeInventory>().ReadAsync(CancellationToken.None)).ToDictionary(t => t.Table, t => t.Rows);
        var facts = new Dictionary<string, string>
        {
            ["events"] = Text(stock["events"]),
            ["orders"] = Text(stock["orders"]),
            ["exposures"] = Text(stock["exposures"]),
            ["lake on disk"] = FormattableString.Invariant($"{room.LakeMegabytes:0} MB"),
        };
        return new Measured(room.Seconds, facts, 0);
    }

    /// <summary>What the job does, step by step.</summary>
    internal static async Task BuildAsync(BenchRoom room, int customers)
    {
        var world = new DemoWorld(new DemoOptions { Customers = customers }, End);
        await room.TimeAsync("customers, visits, orders", () => Task.Run(() => new DemoGenerator(room.Get<DataLake>()).WriteAsync(world, _ => { }, CancellationToken.None)));
        await room.TimeAsync("campaigns", () => room.Get<DemoCampaignRows>().WriteAsync(world, CancellationToken.None));
        await room.TimeAsync("features, segments, training table", () =>
            Task.Run(() => room.Get<FeatureService>().ComputeAsync(world.Calendar.Midnight(world.Calendar.Days), FeatureScope.All, null, CancellationToken.None)));
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
