using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Benchmarks;

/// <summary>One campaign's outcomes counted from nothing, again from what stands, after a day more of orders, and as a page reads them.</summary>
internal static class EvaluateBenchmark
{
    private static readonly DateTime Launch = new(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc);

    private sealed class Nobody : IRejects
    {
        public void Add(RejectedRow row)
        {
        }
    }

    public static async Task RunAsync(string[] args)
    {
        var exposures = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 5_000_000;
        var orders = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : exposures * 3 / 5;
        await using var room = await BenchRoom.OpenAsync();
        var (lake, outcomes) = (room.Get<DataLake>(), room.Get<OutcomeService>());
        var campaign = await CampaignAsync(room);
        using (var connection = lake.Open())
            Lay(lake, connection, campaign, exposures, orders);
        await ImportAsync(lake, [Order("first", "C0", Launch.AddDays(27))]);
        Console.WriteLine("| work | wall | processor | peak |");
        Console.WriteLine("|---|---|---|---|");
        await TimeAsync("all from nothing", () => EvaluateAsync(outcomes, 0));
        await TimeAsync("nothing changed", () => EvaluateAsync(outcomes, 1));
        await ImportAsync(lake, Day(exposures, orders));
        await TimeAsync("a day's orders more", () => EvaluateAsync(outcomes, 2));
        await ImportAsync(lake, [Order("last", "C7", Launch.AddDays(27))]);
        await TimeAsync("one order more", () => EvaluateAsync(outcomes, 3));
        await TimeAsync("the page", () => outcomes.ReadAsync(campaign, CancellationToken.None));
        await TimeAsync("the page again", () => outcomes.ReadAsync(campaign, CancellationToken.None));
        var sums = (await outcomes.ReadAsync(campaign, CancellationToken.None))!;
        var readings = sums.Epochs[0].Readings;
        Console.WriteLine(FormattableString.Invariant(
            $"{exposures:N0} exposures, {orders:N0} orders in {lake.Buckets} buckets, {room.LakeMegabytes:N0} MB; {readings.Count} readings of {readings[0].Arms[0].Metrics.Count} metrics in {readings[0].Segments.Count} segments."));
    }

    private static Task EvaluateAsync(OutcomeService outcomes, int hours) =>
        outcomes.EvaluateAsync(Launch.AddDays(30).AddHours(hours), null, _ => Task.CompletedTask, CancellationToken.None);

    private static async Task TimeAsync(string name, Func<Task> work)
    {
        GC.Collect();
        ProcessMemory.ForgetPeak();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await work();
        clock.Stop();
        self.Refresh();
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {clock.Elapsed.TotalSeconds:0.00} s | {(self.TotalProcessorTime - before).TotalSeconds:0.00} s | {self.PeakWorkingSet64 >> 20} MB |"));
    }

    private static async Task<Guid> CampaignAsync(BenchRoom room)
    {
        var rules = new CampaignRules();
        var campaign = new Campaign
        {
            Id = Guid.NewGuid(),
            Name = "Bench",
            Status = CampaignStatus.Live,
            RulesJson = RulesJson.Write(rules),
            OfferType = rules.Offer.Type,
            Currency = "CNY",
            OwnerId = "b",
            OwnerName = "B",
            HoldoutSalt = "bench",
            LaunchedAt = Launch,
            StartsAt = Launch,
            EndsAt = Launch.AddDays(14),
            LaunchedHoldoutShare = 0.2,
        };
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        context.Campaigns.Add(campaign);
        await context.SaveChangesAsync();
        return campaign.Id;
    }

    /// <summary>Hashes of row numbers. Half of the orders lie in the 90 days before launch, half in the 28 days from it.</summary>
    private static void Lay(DataLake lake, DuckDBConnection connection, Guid campaign, long exposures, long orders)
    {
        using var batch = lake.Begin("bench");
        void Add(LakeTable table, string rows, string part) => batch.Add(connection, table, $"SELECT * FROM ({rows}) AS t({table.ColumnList})", part);
        string launch = DataLake.Moment(Launch), who = $"'C' || (hash(i, 1) % {exposures})", sku = "'S' || (hash(i, 3) % 1200)";
        Add(LakeTable.Products, "SELECT 'S' || i, 'P', '品', 'cat' || (i % 12), 'B', 1000 + hash(i) % 50000, 500 FROM range(1200) t(i)", "p");
        Add(LakeTable.Customers, $"SELECT 'C' || i, {launch} - to_days((hash(i, 5) % 700 + 1)::INTEGER), 'r' || (i % 5), ['app', 'web', 'shop'][i % 3 + 1], 'ios' FROM range({exposures}) t(i)", "c");
        Add(LakeTable.Exposures, $"SELECT '{campaign}', 'C' || i, {launch}, (hash(i, 7) % 5 > 0)::INTEGER, 0.8 FROM range({exposures}) t(i)", "x");
        connection.Run($"""
            CREATE TABLE sold AS SELECT 'O' || i AS order_id, {who} AS customer_id, {sku} AS sku, 1000 + hash(i, 6) % 40000 AS price,
                CASE WHEN i % 2 = 0 THEN {launch} - INTERVAL 1 SECOND * (1 + hash(i, 2) % (90 * 86400)) ELSE {launch} + INTERVAL 1 SECOND * (hash(i, 2) % (27 * 86400)) END AS "at"
            FROM range({orders}) t(i) ORDER BY "at"
            """);
        Add(LakeTable.Orders, "SELECT order_id, customer_id, \"at\", 'app', price, 0, 0, price, NULL, 0 FROM sold ORDER BY \"at\"", "o");
        Add(LakeTable.OrderLines, "SELECT order_id, customer_id, \"at\", sku, NULL, 1, price, 0, 500, 0 FROM sold ORDER BY \"at\"", "l");
        batch.Commit();
    }

    private static IEnumerable<ReadRow> Day(long exposures, long orders)
    {
        var random = new Random(1);
        for (var i = 0; i < orders / 2 / 27; i++)
            yield return Order("N" + i, "C" + random.NextInt64(exposures), Launch.AddDays(27).AddSeconds(random.Next(86_400)), random.Next(1_000, 41_000));
    }

    private static OrderRow Order(string id, string customer, DateTime at, long price = 2_000) => new(id, at, "CNY", 0)
    {
        CustomerId = customer,
        TotalMinor = price,
        Lines = [new OrderLineRow(0, "S1", 1, price) { UnitCostMinor = 500 }],
    };

    private static Task<WriteReport> ImportAsync(DataLake lake, IEnumerable<ReadRow> rows) =>
        new ShopWriter(lake, TimeProvider.System).WriteAsync(new ImportSource(Guid.NewGuid(), "shop", Launch.AddDays(28)), rows, new Nobody(), null, CancellationToken.None);
}
