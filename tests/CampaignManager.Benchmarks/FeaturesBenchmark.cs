using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;

namespace CampaignManager.Benchmarks;

/// <summary>Features of all customers from all of history, and then of one day later from what was kept. The history lies in the lake beforehand, the day comes as an import.</summary>
internal static class FeaturesBenchmark
{
    private const int Months = 18;

    internal static readonly DateTime AsOf = new(2026, 6, 15, 0, 0, 0, DateTimeKind.Utc);

    private sealed class Nobody : IRejects
    {
        public void Add(RejectedRow row)
        {
        }
    }

    public static async Task RunAsync(string[] args)
    {
        var customers = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var events = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 50 * customers;
        await using var room = await BenchRoom.OpenAsync();
        var lake = room.Get<DataLake>();
        using (var connection = lake.Open())
            Lay(lake, connection, customers, events);
        await WriteAsync(lake, AsOf.AddMinutes(-5), [new OrderRow("first", AsOf.AddMinutes(-10), "CNY", 0) { CustomerId = "C0", TotalMinor = 100, Lines = [new OrderLineRow(0, "S1", 1, 100)] }]);
        Console.WriteLine("| work | wall | processor | peak |");
        Console.WriteLine("|---|---|---|---|");
        await TimeAsync("all of history", room, AsOf);
        await WriteAsync(lake, AsOf.AddDays(1), Day(customers, events));
        await TimeAsync("a day later, from what was kept", room, AsOf.AddDays(1));
        Directory.Delete(lake.PathTo(FeatureState.Home), recursive: true);
        await TimeAsync("the same, all of history", room, AsOf.AddDays(1));
        Console.WriteLine(FormattableString.Invariant($"{customers:N0} customers, {events:N0} events and {events / 12:N0} orders in {Months} months, {room.LakeMegabytes:N0} MB."));
    }

    private static async Task TimeAsync(string name, BenchRoom room, DateTime asOf)
    {
        GC.Collect();
        ProcessMemory.ForgetPeak();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await room.Get<CustomerFeatures>().ComputeAsync(asOf, new ShopSettings(), _ => Task.CompletedTask, null, CancellationToken.None);
        clock.Stop();
        self.Refresh();
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {clock.Elapsed.TotalSeconds:0.0} s | {(self.TotalProcessorTime - before).TotalSeconds:0.0} s | {self.PeakWorkingSet64 >> 20} MB |"));
    }

    /// <summary>Hashes of row numbers: who, what, when; some customers do much and many do little.</summary>
    internal static void Lay(DataLake lake, DuckDB.NET.Data.DuckDBConnection connection, long customers, long events)
    {
        using var batch = lake.Begin("bench");
        void Add(LakeTable table, string rows, string part) => batch.Add(connection, table, $"SELECT * FROM ({rows}) AS t({table.ColumnList})", part);
        string Who(string row) => $"'C' || floor({customers} * pow((hash({row}, 1) % 1000003) / 1000003.0, 2))::BIGINT";
        string When(string row) => $"({DataLake.Moment(AsOf)} - INTERVAL 1 SECOND * (60 + hash({row}, 2) % {Months * 30L * 86_400}))";
        string Sku(string row) => $"'S' || (hash({row}, 3) % 1200)";
        Add(LakeTable.Products, "SELECT 'S' || i, 'P', '品', 'cat' || (i % 12), 'B', 1000 + hash(i) % 50000, 500 FROM range(1200) t(i)", "p");
        Add(LakeTable.Customers, $"SELECT 'C' || i, {DataLake.Moment(AsOf.AddDays(-600))}, 'east', 'app', 'ios' FROM range({customers}) t(i)", "c");
        Add(LakeTable.Events, $"""
            SELECT 'E' || i, {Who("i")}, CASE WHEN hash(i, 4) % 10 < 7 THEN 'view' WHEN hash(i, 4) % 10 < 9 THEN 'cart' ELSE 'review' END, {Sku("i")}, 1, 1000, NULL, hash(i, 5) % 5 + 1, NULL, {When("i")} AS "at"
            FROM range({events}) t(i) ORDER BY "at"
            """, "e");
        connection.Run($"""
            CREATE TABLE sold AS SELECT 'O' || i AS order_id, {Who("-i")} AS customer_id, {When("-i")} AS "at", {Sku("-i")} AS sku, 1000 + hash(i, 6) % 40000 AS price FROM range({events / 12}) t(i) ORDER BY "at"
            """);
        Add(LakeTable.Orders, "SELECT order_id, customer_id, \"at\", 'app', price, 0, 0, price, NULL, 0 FROM sold ORDER BY \"at\"", "o");
        Add(LakeTable.OrderLines, "SELECT order_id, customer_id, \"at\", sku, NULL, 1, price, 0, NULL, 0 FROM sold ORDER BY \"at\"", "l");
        batch.Commit();
    }

    /// <summary>As much as a day of the history; one row in two hundred is late.</summary>
    private static IEnumerable<ReadRow> Day(long customers, long events)
    {
        var random = new Random(1);
        var count = events / (Months * 30L);
        for (var i = 0L; i < count; i++)
        {
            var at = AsOf.AddSeconds(random.Next(86_400)).AddDays(i % 200 == 0 ? -random.Next(2, 30) : 0);
            var who = "C" + (long)(customers * Math.Pow(random.NextDouble(), 2));
            if (i % 12 == 0)
                yield return new OrderRow("N" + i, at, "CNY", 0) { CustomerId = who, TotalMinor = 2_000, Lines = [new OrderLineRow(0, "S" + random.Next(1200), 1, 2_000)] };
            yield return new EventRow("D" + i, random.Next(10) < 7 ? "view" : "cart", at, 0) { CustomerId = who, Sku = "S" + random.Next(1200) };
        }
    }

    private static Task<WriteReport> WriteAsync(DataLake lake, DateTime knownAt, IEnumerable<ReadRow> rows) =>
        new ShopWriter(lake, TimeProvider.System).WriteAsync(new ImportSource(Guid.NewGuid(), "shop", knownAt), rows, new Nobody(), null, CancellationToken.None);
}
