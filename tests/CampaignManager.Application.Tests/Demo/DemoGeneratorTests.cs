using System.Security.Cryptography;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Experiments;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Tests.Demo;

/// <summary>One small shop for the tests that only read.</summary>
public sealed class SmallShop : IAsyncLifetime
{
    public const int Customers = 5_000;

    internal ALake A { get; } = new(buckets: 4);

    internal DemoWorld World { get; } = new(new DemoOptions { Customers = Customers }, new DateOnly(2026, 7, 1));

    public async ValueTask InitializeAsync() => await new DemoGenerator(A.Lake).WriteAsync(World, _ => { }, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        A.Dispose();
        return ValueTask.CompletedTask;
    }

    internal List<T> Query<T>(string sql, Func<DuckDBDataReader, T> row)
    {
        using var connection = A.Lake.Open();
        return connection.Query(sql, row);
    }

    internal string Source(LakeTable table) => A.Lake.Source(table);
}

public class DemoGeneratorTests(SmallShop shop) : IClassFixture<SmallShop>
{
    [Fact]
    public async Task Write_SameSeedAndEnd_GivesTheSameBytes()
    {
        using var first = new ALake();
        using var second = new ALake();
        await new DemoGenerator(first.Lake).WriteAsync(new DemoWorld(new DemoOptions { Customers = 1_000 }, new DateOnly(2026, 7, 1)), _ => { }, default);
        await new DemoGenerator(second.Lake).WriteAsync(new DemoWorld(new DemoOptions { Customers = 1_000 }, new DateOnly(2026, 7, 1)), _ => { }, default);

        Assert.NotEmpty(first.Files());
        Assert.Equal(Hashes(first), Hashes(second));
    }

    [Fact]
    public async Task Write_AnotherSeed_GivesAnotherShop()
    {
        using var other = new ALake();
        await new DemoGenerator(other.Lake).WriteAsync(new DemoWorld(new DemoOptions { Customers = 1_000, Seed = 7 }, new DateOnly(2026, 7, 1)), _ => { }, default);
        using var connection = other.Lake.Open();

        var revenue = connection.Scalar<long>($"SELECT sum(total_minor) FROM {other.Lake.Source(LakeTable.Orders)} WHERE customer_id <= 'C0001000'");

        Assert.NotEqual(shop.Query($"SELECT sum(total_minor)::BIGINT FROM {shop.Source(LakeTable.Orders)} WHERE customer_id <= 'C0001000'", r => r.GetInt64(0)).Single(), revenue);
    }

    [Fact]
    public async Task Write_CancelledHalfWay_LeavesNothing()
    {
        using var a = new ALake();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new DemoGenerator(a.Lake).WriteAsync(shop.World, _ => stop.Cancel(), stop.Token));

        Assert.DoesNotContain(a.Files(), f => Path.GetExtension(f) is ".parquet" or ".json");
    }

    [Fact]
    public async Task Write_OverAnEarlierShop_ReplacesItAndLeavesOthersFilesAlone()
    {
        using var a = new ALake();
        a.Put(LakeTable.Customers, "('own-1', TIMESTAMP '2026-01-02', 'east', 'app', 'ios')", "import");
        await new DemoGenerator(a.Lake).WriteAsync(new DemoWorld(new DemoOptions { Customers = 2_000 }, new DateOnly(2026, 7, 1)), _ => { }, default);
        await new DemoGenerator(a.Lake).WriteAsync(new DemoWorld(new DemoOptions { Customers = 1_000 }, new DateOnly(2026, 7, 1)), _ => { }, default);
        using var connection = a.Lake.Open();

        Assert.Equal(1_001, connection.Scalar<long>($"SELECT count(DISTINCT customer_id) FROM {a.Lake.Source(LakeTable.Customers)}"));
        Assert.Equal(1_001, connection.Scalar<long>($"SELECT count(*) FROM {a.Lake.Source(LakeTable.Customers)}"));
    }

    [Fact]
    public void Shop_Sizes_AreAsAsked()
    {
        Assert.Equal(SmallShop.Customers, Count(LakeTable.Customers));
        Assert.Equal(1_200, Count(LakeTable.Products));
        Assert.InRange(Count(LakeTable.Events), 30L * SmallShop.Customers, 70L * SmallShop.Customers);
        var (first, last) = shop.Query($"SELECT min(\"at\"), max(\"at\") FROM {shop.Source(LakeTable.Events)}", r => (r.GetDateTime(0), r.GetDateTime(1))).Single();
        Assert.InRange(first, new DateTime(2024, 12, 31, 15, 0, 0), new DateTime(2025, 1, 3));
        Assert.InRange(last, new DateTime(2026, 6, 30), new DateTime(2026, 6, 30, 16, 0, 0));
        Assert.Equal(12, shop.Query($"SELECT DISTINCT campaign_id FROM {shop.Source(LakeTable.Exposures)}", r => r.GetString(0)).Count);
    }

    [Fact]
    public void Orders_Money_AddsUp()
    {
        Assert.Equal(0, Scalar($"SELECT count(*) FROM {shop.Source(LakeTable.Orders)} WHERE total_minor <> list_minor - discount_minor + shipping_minor OR discount_minor < campaign_discount_minor OR list_minor <= 0"));
        Assert.Equal(0, Scalar($"""
            SELECT count(*) FROM {shop.Source(LakeTable.Orders)} o JOIN (
                SELECT order_id, sum(unit_price_minor * quantity) AS list, sum(discount_minor) AS discount, sum(campaign_discount_minor) AS campaign
                FROM {shop.Source(LakeTable.OrderLines)} GROUP BY 1) l USING (order_id)
            WHERE l.list <> o.list_minor OR (l.discount <> o.discount_minor AND l.discount + o.shipping_minor <> o.discount_minor)
            """));
        // Nobody sees what guests look at, and what came to nothing is no purchase.
        var known = $"{shop.A.Lake.CountedLines()} WHERE NOT starts_with(customer_id, '{DataLake.GuestPrefix}')";
        Assert.Equal(Scalar($"SELECT count(*) FROM {known}"), Scalar($"SELECT count(*) FROM {shop.Source(LakeTable.Events)} WHERE type = 'purchase'"));
    }

    [Fact]
    public void Orders_OverTheYear_ShowSeasonWeekAndEvening()
    {
        var days = shop.Query(
            $"SELECT (\"at\" + INTERVAL 8 HOUR)::DATE AS day, count(*) FROM {shop.Source(LakeTable.Orders)} GROUP BY 1",
            r => (Day: DateOnly.FromDateTime(r.GetDateTime(0)), Orders: r.GetInt64(1))).ToDictionary(r => r.Day, r => r.Orders);
        double Mean(DateOnly from, int length) => Enumerable.Range(0, length).Average(i => (double)days.GetValueOrDefault(from.AddDays(i)));

        Assert.True(days[new DateOnly(2025, 11, 11)] > 1.8 * Mean(new DateOnly(2025, 10, 12), 20));
        Assert.True(Mean(new DateOnly(2026, 2, 15), 7) < 0.75 * Mean(new DateOnly(2026, 3, 10), 21));
        var hours = shop.Query($"SELECT hour(\"at\" + INTERVAL 8 HOUR), count(*) FROM {shop.Source(LakeTable.Events)} GROUP BY 1", r => (r.GetInt64(0), r.GetInt64(1))).ToDictionary(r => r.Item1, r => r.Item2);
        Assert.True(hours[21] > 8 * hours[4]);
    }

    [Fact]
    public void Exposures_Holdout_IsTheHashAndItsShareIsRight()
    {
        var salts = shop.World.Campaigns.ToDictionary(c => c.Campaign.Id.ToString(), c => c.Campaign.Salt);
        var rows = shop.Query($"SELECT campaign_id, customer_id, arm, propensity FROM {shop.Source(LakeTable.Exposures)}", r => (Campaign: r.GetString(0), Customer: r.GetString(1), Arm: r.GetInt32(2), Propensity: r.GetDouble(3)));

        Assert.All(rows, r => Assert.Equal(Assignment.IsControl(salts[r.Campaign], r.Customer, 0.2) ? 0 : 1, r.Arm));
        Assert.All(rows, r => Assert.Equal(0.8, r.Propensity));
        Assert.All(rows.GroupBy(r => r.Campaign), g =>
        {
            // Five binomial standard deviations either way.
            var band = 5 * Math.Sqrt(g.Count() * 0.2 * 0.8);
            Assert.InRange(g.Count(r => r.Arm == 0), (0.2 * g.Count()) - band, (0.2 * g.Count()) + band);
        });
        Assert.Equal(rows.Count, rows.Select(r => (r.Campaign, r.Customer)).Distinct().Count());
    }

    [Fact]
    public void Discounts_OfACampaign_GoToTreatedCustomersWhileItRuns()
    {
        Assert.Equal(0, Scalar($"""
            SELECT count(*) FROM {shop.Source(LakeTable.Orders)} o LEFT JOIN {shop.Source(LakeTable.Exposures)} e USING (campaign_id, customer_id)
            WHERE o.campaign_id IS NOT NULL AND (e.arm IS NULL OR e.arm = 0 OR o."at" < e.assigned_at OR o."at" >= e.assigned_at + INTERVAL 14 DAY OR o.campaign_discount_minor <= 0)
            """));
        Assert.True(Scalar($"SELECT count(*) FROM {shop.Source(LakeTable.Orders)} WHERE campaign_id IS NOT NULL") > 500);
    }

    [Fact]
    public void Lake_AnyColumn_HoldsNothingOfTheTruth()
    {
        string[] latent = ["temperament", "sensitivity", "drifted", "p0", "p1", "uplift", "rate", "vigour", "truth", "moved", "persuad"];
        foreach (var file in shop.A.Files().Where(f => f.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            var columns = shop.Query($"DESCRIBE SELECT * FROM read_parquet('{shop.A.Lake.PathTo(file)}', hive_partitioning = false)", r => r.GetString(0));
            var table = LakeTable.All.Single(t => file.StartsWith(t.Name + Path.DirectorySeparatorChar, StringComparison.Ordinal));
            Assert.Equal(table.Whole.Select(c => c.Name), columns);
            Assert.DoesNotContain(columns, c => latent.Any(l => c.Contains(l, StringComparison.Ordinal)));
        }

        Assert.Equal(["desktop", "android", "ios"], shop.Query($"SELECT DISTINCT device FROM {shop.Source(LakeTable.Customers)}", r => r.GetString(0)), new SetComparer());
    }

    [Fact]
    public void Behaviour_BeforeACampaign_BetraysTheLatents()
    {
        // Price-sensitive customers' orders carry more discount; affinity shows in views: both beyond chance, or nobody could learn.
        var share = shop.Query($"SELECT customer_id, sum(discount_minor) / sum(list_minor) FROM {shop.Source(LakeTable.Orders)} GROUP BY 1 HAVING count(*) >= 3", r => (r.GetString(0), r.GetDouble(1)))
            .Select(r => (Sensitive: shop.World.Customer(int.Parse(r.Item1[1..]) - 1).Sensitivity > 0.5, Share: r.Item2)).ToList();
        Assert.True(share.Where(s => s.Sensitive).Average(s => s.Share) > 1.5 * share.Where(s => !s.Sensitive).Average(s => s.Share));

        var views = shop.Query(
            $"SELECT customer_id, category, count(*) FROM {shop.Source(LakeTable.Events)} JOIN {shop.Source(LakeTable.Products)} USING (sku) WHERE type = 'view' GROUP BY ALL",
            r => (Customer: r.GetString(0), Category: r.GetString(1), Views: r.GetInt64(2)));
        var hits = views.GroupBy(v => v.Customer).Where(g => g.Sum(v => v.Views) >= 20).Select(g =>
        {
            var affinity = shop.World.Customer(int.Parse(g.Key[1..]) - 1).Affinity;
            return g.MaxBy(v => v.Views).Category == shop.World.Catalog.Keys[Array.IndexOf(affinity, affinity.Max())];
        }).ToList();
        Assert.True(hits.Count(h => h) > 0.6 * hits.Count, $"{hits.Count(h => h)} of {hits.Count}");
    }

    private long Count(LakeTable table) => Scalar($"SELECT count(*) FROM {shop.Source(table)}");

    private long Scalar(string sql) => shop.Query(sql, r => r.GetInt64(0)).Single();

    private static string[] Hashes(ALake a) =>
        [.. a.Files().Select(f => f + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(a.Lake.PathTo(f)))))];

    private sealed class SetComparer : IEqualityComparer<IEnumerable<string>>
    {
        public bool Equals(IEnumerable<string>? x, IEnumerable<string>? y) => x!.ToHashSet().SetEquals(y!);

        public int GetHashCode(IEnumerable<string> obj) => 0;
    }
}
