using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Tests.Demo;

/// <summary>What real shops have beside customers who order: the demo shop has it too, and what it teaches does not rest on it.</summary>
public class DemoTraitsTests(SmallShop shop) : IClassFixture<SmallShop>
{
    private static readonly DateOnly End = new(2026, 7, 1);

    private static readonly LakeTable[] Filled =
    [
        LakeTable.Customers, LakeTable.Products, LakeTable.ProductAttributes, LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines,
        LakeTable.Refunds, LakeTable.Exposures,
    ];

    private string Customers => shop.Source(LakeTable.Customers);

    private string Orders => shop.Source(LakeTable.Orders);

    private string Lines => shop.Source(LakeTable.OrderLines);

    private string Refunds => shop.Source(LakeTable.Refunds);

    private string Counted => shop.A.Lake.CountedOrders();

    private DateTime Now => shop.World.Calendar.Midnight(shop.World.Calendar.Days);

    [Fact]
    public void Rows_AnyTable_AreListedAsImportsOfOneSource()
    {
        var catalogue = shop.A.Lake.Catalogue();

        Assert.Equal([2, 3, 4], catalogue.Imports.Select(i => i.Version));
        Assert.All(catalogue.Imports, i => Assert.Equal("demo", i.Source));
        Assert.All(LakeTable.All, t => Assert.Empty(shop.A.Lake.UnlistedFiles(t)));
        Assert.All(Filled, t => Assert.Equal(0, Scalar($"""
            SELECT count(*) FROM {shop.Source(t)}
            WHERE source <> 'demo' OR import_id IS NULL OR known_at IS NULL OR known_at > {DataLake.Moment(Now)}
            """)));
        var orders = Assert.Single(LakeCoverage.Of(shop.A.Lake)!.Sources, s => s.What == "orders");
        Assert.Equal((shop.World.Calendar.Origin, Now.AddSeconds(-1)), (orders.From, orders.To));
        Assert.Empty(orders.Gaps);
    }

    [Fact]
    public void Guests_Order_AndAreNobody()
    {
        var guests = Scalar($"SELECT count(*) FROM {Counted} WHERE customer_id = '{DataLake.GuestPrefix}' || order_id");

        Assert.Equal(shop.World.Guests, guests);
        Assert.InRange(guests / (double)Scalar($"SELECT count(*) FROM {Counted}"), 0.04, 0.09);
        Assert.All(new[] { LakeTable.Customers, LakeTable.Exposures }, t =>
            Assert.Equal(0, Scalar($"SELECT count(*) FROM {shop.Source(t)} WHERE starts_with(customer_id, '{DataLake.GuestPrefix}')")));
    }

    [Fact]
    public void Orders_ThatCameToNothing_AreThereAndCountNowhere()
    {
        var shares = shop.Query($"SELECT status, count(*) FROM {Orders} GROUP BY 1", r => (r.GetString(0), r.GetInt64(1)))
            .ToDictionary(r => r.Item1, r => r.Item2);

        Assert.Equal(["cancelled", "counted", "test", "unpaid"], shares.Keys.Order());
        Assert.InRange((shares["cancelled"] + shares["unpaid"] + shares["test"]) / (double)shares.Values.Sum(), 0.03, 0.08);
        Assert.Equal(shares["counted"], Scalar($"SELECT count(*) FROM {Counted}"));
        Assert.Equal(0, Scalar($"SELECT count(*) FROM {Orders} WHERE (status = 'counted') <> (paid_at IS NOT NULL)"));
        Assert.Equal(0, Scalar($"SELECT count(*) FROM {Lines} l JOIN {Orders} o USING (order_id) WHERE l.status <> o.status"));
    }

    [Fact]
    public void Refunds_WholeAndPartly_GiveBackWhatWasPaid()
    {
        var refunds = $"{Refunds} r JOIN {Counted} o USING (order_id)";

        Assert.Equal(Scalar($"SELECT count(*) FROM {Refunds}"), Scalar($"SELECT count(*) FROM {refunds}"));
        Assert.InRange(Scalar($"SELECT count(*) FROM {refunds}") / (double)Scalar($"SELECT count(*) FROM {Counted}"), 0.03, 0.06);
        Assert.Equal(0, Scalar($"SELECT count(*) FROM {refunds} WHERE r.line_no IS NULL AND r.goods_minor + r.shipping_minor <> o.total_minor"));
        Assert.True(Scalar($"SELECT count(*) FROM {refunds} WHERE r.line_no IS NULL AND r.shipping_minor > 0") > 50);
        Assert.Equal(0, Scalar($"""
            SELECT count(*) FROM {Refunds} r LEFT JOIN {Lines} l USING (order_id, line_no)
            WHERE r.line_no IS NOT NULL AND r.goods_minor IS DISTINCT FROM l.goods_minor
            """));
        Assert.Equal(0, Scalar($"SELECT count(*) FROM {refunds} WHERE r.\"at\" <= o.\"at\""));
    }

    [Fact]
    public void Orders_LateOrCorrected_AreKnownWhenTheyWereTold()
    {
        var late = Scalar($"SELECT count(*) FROM {Orders} WHERE known_at > \"at\" + INTERVAL 48 HOUR AND version = 2");
        Assert.InRange(late / (double)Scalar($"SELECT count(*) FROM {Orders}"), 0.005, 0.02);
        var corrected = $"SELECT order_id FROM {Orders} WHERE version = 4";
        Assert.True(Scalar($"SELECT count(*) FROM ({corrected})") > 10);

        // Of what is corrected now the shop had said something else before.
        var before = shop.A.Lake.Source(LakeTable.Orders, Now.AddSeconds(-1));
        Assert.Equal(Scalar($"SELECT count(*) FROM ({corrected})"), Scalar($"""
            SELECT count(*) FROM {before} b JOIN {Orders} o USING (order_id)
            WHERE o.version = 4 AND b.version = 2 AND (b.status, b.total_minor) <> (o.status, o.total_minor)
            """));
        Assert.Equal(
            Scalar($"SELECT count(*) FROM {Lines}"),
            Scalar($"SELECT count(DISTINCT (order_id, line_no)) FROM {Lines}"));
    }

    [Fact]
    public void Customers_MemberTiers_FollowTheYearsSpend()
    {
        var rows = shop.Query(
            $"""
            SELECT c.member_tier, coalesce(sum(w.goods), 0)::BIGINT
            FROM {Customers} c
            LEFT JOIN (SELECT * FROM {Counted} WHERE "at" >= {DataLake.Moment(Now)} - INTERVAL 364 DAY) o USING (customer_id)
            LEFT JOIN (SELECT order_id, sum(goods_minor) AS goods FROM {Lines} GROUP BY 1) w USING (order_id)
            GROUP BY c.customer_id, c.member_tier
            """,
            r => (Tier: r.GetString(0), Paid: r.GetInt64(1)));
        var shares = rows.GroupBy(r => r.Tier).ToDictionary(g => g.Key, g => g.Count() / (double)rows.Count);

        Assert.Equal(["普通", "金卡", "银卡"], shares.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(shares["银卡"], 0.08, 0.3);
        Assert.InRange(shares["金卡"], 0.01, 0.1);
        // The year begins a day later here: who is above the bound without that day was above it.
        Assert.DoesNotContain(rows, r => r.Paid >= DemoTiers.GoldFrom && r.Tier != DemoTier.Gold.Name());
        Assert.DoesNotContain(rows, r => r.Paid >= DemoTiers.SilverFrom && r.Tier == DemoTier.Basic.Name());
        var willing = Scalar($"SELECT count(*) FROM {Customers} WHERE email_opt_in AND country = 'CN'");
        Assert.InRange(willing / (double)SmallShop.Customers, 0.5, 0.7);
        Assert.Equal(4, Scalar($"SELECT count(DISTINCT tags[1]) FROM {Customers}"));
    }

    [Fact]
    public void Baskets_AcrossTheShop_AreHeavyTailed()
    {
        Assert.InRange(Number($"SELECT stddev(ln(list_minor)) FROM {Counted}"), 1.2, 1.6);
        var dear = Number($"SELECT quantile_cont(list_minor, 0.99) FROM {Counted}");
        Assert.InRange(Number($"SELECT sum(list_minor) FILTER (list_minor >= {dear:F0}) / sum(list_minor) FROM {Counted}"), 0.06, 0.3);
    }

    [Fact]
    public void Orders_OfWhoBoughtAhead_DoNotComeInTheWeeksAfter()
    {
        var (expected, came) = (0.0, 0L);
        // Where nobody is courted again within four weeks.
        foreach (var window in shop.World.Campaigns.Where(c => c.Campaign.StartsBefore >= 172))
        {
            var close = window.Start + ResponseModel.WindowDays;
            var granted = shop.Query($"SELECT DISTINCT customer_id FROM {Counted} WHERE campaign_id = '{window.Campaign.Id}'", r => r.GetString(0));
            expected += granted.Sum(id =>
                shop.World.Response.Orders(shop.World.Customer(int.Parse(id[1..]) - 1), close, close + ResponseModel.AheadDays));
            came += Scalar($"""
                SELECT count(*) FROM {Counted} SEMI JOIN (SELECT customer_id FROM {Counted} WHERE campaign_id = '{window.Campaign.Id}') USING (customer_id)
                WHERE "at" >= {Day(close)} AND "at" < {Day(close + ResponseModel.AheadDays)}
                """);
        }

        // Five Poisson deviations; without anybody stocking up it would be as many as expected.
        var left = (1 - shop.World.Response.Shape.Ahead) * expected;
        Assert.InRange(came, left - (5 * Math.Sqrt(left)), left + (5 * Math.Sqrt(left)));
        Assert.True(left + (5 * Math.Sqrt(left)) < expected, $"{expected:F0} orders expected are too few to tell");
    }

    [Fact]
    public void MemberDay_Exposures_AreMembersAndTheEffectIsMeasurable()
    {
        var day = shop.World.Campaigns.Single(c => c.Campaign.ForMembers);
        var arms = shop.Query(
            $"""
            SELECT x.arm, count(*), avg((o.n > 0)::INT) FROM {shop.Source(LakeTable.Exposures)} x LEFT JOIN (
                SELECT customer_id, count(*) AS n FROM {Counted} WHERE "at" >= {Day(day.Start)} AND "at" < {Day(day.Start + 14)} GROUP BY 1) o USING (customer_id)
            WHERE x.campaign_id = '{day.Campaign.Id}' GROUP BY 1 ORDER BY 1
            """,
            r => (Arm: r.GetInt32(0), Size: r.GetInt64(1), Converted: r.IsDBNull(2) ? 0 : r.GetDouble(2)));

        Assert.Equal([0, 1], arms.Select(a => a.Arm));
        Assert.InRange(arms.Sum(a => a.Size) / (double)SmallShop.Customers, 0.1, 0.4);
        Assert.Equal(0, Scalar($"SELECT count(*) FROM {Counted} WHERE campaign_id = '{day.Campaign.Id}' AND \"at\" >= {Day(day.Start + 3)}"));
        // Who spent enough within the year before: nobody who had ordered nothing was courted.
        Assert.Equal(0, Scalar($"""
            SELECT count(*) FROM {shop.Source(LakeTable.Exposures)} x ANTI JOIN (
                SELECT customer_id FROM {Counted} WHERE "at" < {Day(day.Start)} AND "at" >= {Day(day.Start - 366)}) o USING (customer_id)
            WHERE x.campaign_id = '{day.Campaign.Id}'
            """));
    }

    [Fact]
    public void Products_Attributes_AreInBothLanguagesAndCostsAreKnownOverTime()
    {
        var attributes = shop.Source(LakeTable.ProductAttributes);
        Assert.Equal(5 * 1_200, Scalar($"SELECT count(*) FROM {attributes}"));
        Assert.Equal(0, Scalar(
            $"SELECT count(*) FROM {attributes} WHERE (number IS NULL OR unit IS NULL) AND (text_en IS NULL OR text_zh IS NULL)"));
        Assert.Equal(1_200, Scalar($"SELECT count(DISTINCT description) FROM {shop.Source(LakeTable.Products)}"));
        Assert.InRange(Scalar($"SELECT count(*) FROM {shop.Source(LakeTable.Products)} WHERE compare_at_minor > price_minor"), 200, 400);

        // What a line cost is what was known when it was sold, and differs before and after the rise.
        var costs = $"""
            SELECT l.sku, l.unit_cost_minor AS line, arg_max(p.unit_cost_minor, p.known_at) AS known
            FROM {Lines} l JOIN {Versions(LakeTable.Products)} p ON p.sku = l.sku AND p.known_at <= l."at"
            GROUP BY l.order_id, l.line_no, l.sku, l.unit_cost_minor
            """;
        Assert.Equal(0, Scalar($"SELECT count(*) FROM ({costs}) WHERE line IS DISTINCT FROM known"));
        Assert.InRange(Scalar($"SELECT count(*) FROM (SELECT sku FROM ({costs}) GROUP BY 1 HAVING count(DISTINCT line) > 1)"), 200, 600);
    }

    [Fact]
    public async Task Features_OfAShopWithGuestsAndOrdersThatCameToNothing_AreThoseWithoutThem()
    {
        var with = await FeaturesAsync(ResponseShape.Standard);
        var without = await FeaturesAsync(ResponseShape.Standard with { Clutter = false });

        Assert.Equal(1_000, with.Count);
        Assert.Equal(without, with);
    }

    private static async Task<List<string>> FeaturesAsync(ResponseShape shape)
    {
        using var own = new AShop();
        var world = new DemoWorld(new DemoOptions { Customers = 1_000 }, End, shape);
        await new DemoGenerator(own.Lake).WriteAsync(world, _ => { }, TestContext.Current.CancellationToken);
        var now = world.Calendar.Midnight(world.Calendar.Days);
        await own.Features.ComputeAsync(now, FeatureScope.Current, null, TestContext.Current.CancellationToken);
        using var connection = own.Lake.Open();
        return connection.Query(
            $"SELECT f::VARCHAR FROM {own.Lake.SourceOf(CustomerFeatures.CurrentFile)} f ORDER BY customer_id", r => r.GetString(0));
    }

    private string Day(double day) => DataLake.Moment(shop.World.Calendar.Midnight(day));

    private double Number(string sql) => shop.Query(sql, r => r.GetDouble(0)).Single();

    private string Versions(LakeTable table) => new LakeRelation(shop.A.Lake, table, shop.A.Lake.Catalogue(), null).AllVersions;

    private long Scalar(string sql) => shop.Query(sql, r => r.IsDBNull(0) ? 0 : r.GetInt64(0)).Single();
}
