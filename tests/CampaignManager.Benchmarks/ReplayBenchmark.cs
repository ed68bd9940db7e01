using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Benchmarks;

/// <summary>A year of orders replayed with a draft, as the job does it: alone, then beside ten live campaigns. One to four lines an order, 2.5 on average.</summary>
internal static class ReplayBenchmark
{
    public const string One = "replay-one";

    private const int Days = 365;
    private const int Others = 10;

    public static async Task RunAsync(string[] sizes)
    {
        List<(string, Measured)> columns = [];
        foreach (var size in sizes.Length == 0 ? ["1000000"] : sizes)
            columns.Add(($"{int.Parse(size, CultureInfo.InvariantCulture):N0} orders", await Measured.InChildAsync(One, size)));
        Measured.Print(columns);
    }

    public static async Task<Measured> MeasureAsync(int orders)
    {
        await using var room = await BenchRoom.OpenAsync();
        Generate(room.Get<DataLake>(), orders);
        var draft = await CampaignAsync(room, new CampaignRules { Offer = new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] } }, CampaignStatus.Draft);
        // What generating needed at most is not what replaying does.
        ProcessMemory.ForgetPeak();
        var facts = new Dictionary<string, string> { ["lines"] = Text(room.Get<DataLake>(), LakeTable.OrderLines), ["lake on disk"] = FormattableString.Invariant($"{room.LakeMegabytes:0} MB") };
        await ReplayAsync(room, draft, "draft alone", facts);
        for (var i = 0; i < Others; i++)
            await CampaignAsync(room, Other(i), CampaignStatus.Live);
        await ReplayAsync(room, draft, "beside ten live campaigns", facts);
        return new Measured(room.Seconds, facts, 0);
    }

    private static async Task ReplayAsync(BenchRoom room, Guid draft, string name, Dictionary<string, string> facts)
    {
        var run = (await room.Get<ReplayService>().StartAsync(draft, Days, Actor.System, CancellationToken.None)).Value;
        // On a machine that others use too, what the processors did says more than the clock.
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        await room.TimeAsync(name, () => room.Get<JobRunner>().ExecuteAsync(run, CancellationToken.None));
        self.Refresh();
        facts[name + ": processor time"] = FormattableString.Invariant($"{(self.TotalProcessorTime - before).TotalSeconds:0.0} s");
        var result = (await room.Get<ReplayService>().ResultAsync(draft, run, CancellationToken.None))!.Result;
        facts[name + ": orders a second"] = (result.Orders / room.Seconds[name]).ToString("N0", CultureInfo.InvariantCulture);
        facts[name + ": orders reached"] = result.Reached.ToString("N0", CultureInfo.InvariantCulture);
        if (result.Beside.Orders > 0)
            facts[name + ": orders in which they meet"] = result.Beside.Orders.ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>By arithmetic on the row's number, so that every run has the same orders: a quarter as many customers, 1,200 products in 12 categories.</summary>
    private static void Generate(DataLake lake, int orders)
    {
        using var connection = lake.Open();
        using var batch = lake.Begin("bench");
        var customers = Math.Max(1, orders / 4);
        var order = string.Create(CultureInfo.InvariantCulture, $"""
            'O' || lpad(i::VARCHAR, 9, '0') AS order_id, 'C' || (i::BIGINT * 7919 % {customers}) AS customer_id,
            TIMESTAMP '2026-07-01' - to_microseconds((i::BIGINT * 31536000000) // {orders} * 1000) AS "at"
            """);
        batch.Add(connection, LakeTable.Products, """
            SELECT 'S' || i AS sku, 'Product ' || i AS name_en, '商品' || i AS name_zh, 'k' || i % 12 AS category, 'b' || i % 60 AS brand, 990 + i * 7919 % 29000 AS price_minor, NULL AS unit_cost_minor
            FROM range(1200) r(i)
            """, "products");
        batch.Add(connection, LakeTable.Customers, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT 'C' || i AS customer_id, TIMESTAMP '2025-01-01' + to_days((i % 500)::INTEGER) AS joined_at, 'r' || i % 30 AS region, 'app' AS channel, 'phone' AS device FROM range({customers}) r(i)
            """), "customers");
        batch.Add(connection, LakeTable.Orders, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {order}, ['app', 'web', 'mini'][1 + i % 3] AS channel, 0 AS list_minor, 0 AS discount_minor, 1000 AS shipping_minor, 0 AS total_minor, NULL AS campaign_id,
                   NULL AS campaign_discount_minor FROM range({orders}) r(i)
            """), "orders");
        batch.Add(connection, LakeTable.OrderLines, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {order}, 'S' || p AS sku, 'k' || p % 12 AS category, 1 + (i + j) % 5 // 4 AS quantity, 990 + p * 7919 % 29000 AS unit_price_minor, 0 AS discount_minor, NULL AS unit_cost_minor,
                   NULL AS campaign_discount_minor
            FROM (SELECT i, j, (i::BIGINT * 104729 + j * 7877) % 1200 AS p FROM range({orders}) r(i), range(4) s(j) WHERE j <= i % 4)
            """), "lines");
        batch.Commit();
    }

    private static CampaignRules Other(int i) => new()
    {
        Offer = (i % 5) switch
        {
            0 => new PercentOff { Tiers = [new PercentTier(null, 5 + i)] },
            1 => new FullReduction { Every = 150, Off = 15, MaxTimes = 3 },
            2 => new FreeShipping { Spend = 99 },
            3 => new QuantityDiscount { Tiers = [new QuantityTier(2, Percent: 8)] },
            _ => new Gift { Tiers = [new GiftTier("CUP", 1, Spend: 300)] },
        },
        Scope = new Scope { Include = new ScopeSelector { Categories = ["k" + i, "k" + ((i + 5) % 12)] } },
        Combining = new Combining { Priority = i, Exclusive = i == 9 },
    };

    private static async Task<Guid> CampaignAsync(BenchRoom room, CampaignRules rules, CampaignStatus status)
    {
        var id = (await room.Get<CampaignService>().CreateDraftAsync("Bench", rules, Actor.System, CancellationToken.None)).Value;
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await context.Campaigns.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Status, status));
        return id;
    }

    private static string Text(DataLake lake, LakeTable table)
    {
        using var connection = lake.Open();
        return connection.Scalar<long>($"SELECT count(*) FROM {lake.Source(table)}").ToString("N0", CultureInfo.InvariantCulture);
    }
}
