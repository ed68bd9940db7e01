using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>Features and the training table over a lake small enough to work out by hand.</summary>
public sealed class FeatureTests : IDisposable
{
    private static readonly DateTime Moment = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly AShop shop = new();

    public FeatureTests()
    {
        shop.A.Put(LakeTable.Products, """
            ('S1', 'Boots', '靴', 'shoes', 'B', 20000, 12000), ('S2', 'Sandals', '凉鞋', 'shoes', 'B', 10000, NULL), ('K1', 'Pan', '锅', 'kitchen', 'B', 5000, 3000)
            """);
        shop.A.Put(LakeTable.Customers, """
            ('A', TIMESTAMP '2026-01-01', 'east', 'app', 'ios'), ('B', TIMESTAMP '2026-05-20', 'south', 'web', 'desktop'), ('C', TIMESTAMP '2026-01-01', 'east', 'app', 'android'),
            ('D', TIMESTAMP '2026-06-01', 'east', 'app', 'ios')
            """);
        shop.A.Put(LakeTable.Orders, """
            ('O1', 'A', TIMESTAMP '2026-03-01', 'app', 25000, 1000, 0, 24000, NULL, 0), ('O2', 'A', TIMESTAMP '2026-05-22', 'app', 10000, 0, 1000, 11000, 'earlier', 0),
            ('O3', 'C', TIMESTAMP '2026-05-20', 'app', 10000, 0, 1000, 11000, NULL, 0), ('late', 'A', TIMESTAMP '2026-06-01', 'app', 99900, 900, 0, 99000, NULL, 0)
            """);
        shop.A.Put(LakeTable.OrderLines, """
            ('O1', 'A', TIMESTAMP '2026-03-01', 'S1', 'shoes', 1, 20000, 1000, 12000, 0), ('O1', 'A', TIMESTAMP '2026-03-01', 'K1', 'kitchen', 1, 5000, 0, 3000, 0),
            ('O2', 'A', TIMESTAMP '2026-05-22', 'S2', 'shoes', 1, 10000, 0, NULL, 0), ('O3', 'C', TIMESTAMP '2026-05-20', 'S2', 'shoes', 1, 10000, 0, NULL, 0)
            """);
        // 28 February 2026 is a Saturday; 12:00 UTC is 20:00 in the shop.
        shop.A.Put(LakeTable.Events, """
            ('1', 'A', 'view', 'S1', NULL, 20000, NULL, NULL, NULL, TIMESTAMP '2026-02-28 12:00:00'), ('2', 'A', 'view', 'S1', NULL, 20000, NULL, NULL, NULL, TIMESTAMP '2026-02-28 12:01:00'),
            ('3', 'A', 'cart', 'S1', 1, 20000, NULL, NULL, NULL, TIMESTAMP '2026-02-28 12:02:00'),
            ('4', 'A', 'purchase', 'S1', 1, 20000, 'O1', NULL, NULL, TIMESTAMP '2026-03-01'), ('5', 'A', 'purchase', 'K1', 1, 5000, 'O1', NULL, NULL, TIMESTAMP '2026-03-01'),
            ('6', 'A', 'purchase', 'S2', 1, 10000, 'O2', NULL, NULL, TIMESTAMP '2026-05-22'),
            ('7', 'A', 'view', 'K1', NULL, 5000, NULL, NULL, NULL, TIMESTAMP '2026-05-30 02:00:00'), ('8', 'A', 'cart', 'K1', 1, 5000, NULL, NULL, NULL, TIMESTAMP '2026-05-30 02:01:00'),
            ('9', 'A', 'review', 'S2', NULL, NULL, NULL, 4, 'ok', TIMESTAMP '2026-05-31'), ('10', 'C', 'purchase', 'S2', 1, 10000, 'O3', NULL, NULL, TIMESTAMP '2026-05-20'),
            ('11', 'A', 'view', 'S1', NULL, 20000, NULL, NULL, NULL, TIMESTAMP '2026-06-01'), ('12', 'B', 'view', 'S1', NULL, 20000, NULL, NULL, NULL, TIMESTAMP '2026-06-02')
            """);
    }

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Current_HandMadeLake_HasTheValuesWorkedOutByHand()
    {
        await shop.ComputeAsync(Moment, FeatureScope.Current);
        var rows = shop.Rows(CustomerFeatures.CurrentFile, "customer_id").ToDictionary(r => (string)r["customer_id"]!);

        // D joins at the very moment: not there yet.
        Assert.Equal(["A", "B", "C"], rows.Keys);
        Check(rows["A"], new()
        {
            ["x_tenure_days"] = 151,
            ["x_recency_days"] = 10,
            ["x_orders"] = 2,
            ["x_orders_90"] = 1,
            ["x_orders_365"] = 2,
            ["x_monetary"] = 340,
            ["x_basket_mean"] = 170,
            ["x_basket_sd"] = 140 / Math.Sqrt(2),
            ["x_days_between_orders"] = 82,
            ["x_discount_share"] = 10 / 350.0,
            ["x_campaign_orders"] = 1,
            ["x_views_7"] = 1,
            ["x_views_30"] = 1,
            ["x_views_90"] = 1,
            ["x_carts_7"] = 1,
            ["x_carts_30"] = 1,
            ["x_carts_90"] = 1,
            ["x_reviews_7"] = 1,
            ["x_reviews_30"] = 1,
            ["x_reviews_90"] = 1,
            ["x_views"] = 3,
            ["x_view_conversion"] = 2 / 3.0,
            ["x_carts_left"] = 0,
            ["x_days_since_view"] = 46 / 24.0,
            // Ranks of S1 three times (1), K1 twice (½, alone in its category), S2 once (0).
            ["x_price_band"] = 4 / 6.0,
            ["x_rating_mean"] = 4,
            ["x_weekend_share"] = 5 / 6.0,
            ["x_evening_share"] = 2 / 6.0,
            // Shoes: two views and two purchases at five; kitchen: one and one. The group of active customers has 17 and 6 of 23.
            ["x_affinity_shoes"] = (12 + (8 * 17 / 23.0)) / 26,
            ["x_affinity_kitchen"] = (6 + (8 * 6 / 23.0)) / 26,
            ["x_usual_basket"] = (340 + (2 * 440 / 3.0)) / 4,
        });
        Assert.Equal(("active", "shoes", "east", "app", "ios"), (rows["A"]["c_lifecycle"], rows["A"]["c_favourite"], rows["A"]["c_region"], rows["A"]["c_channel"], rows["A"]["c_device"]));
        // B has done nothing: missing stays missing, counts are zero, and what is smoothed is the shop's.
        Check(rows["B"], new()
        {
            ["x_tenure_days"] = 12,
            ["x_recency_days"] = null,
            ["x_orders"] = 0,
            ["x_monetary"] = 0,
            ["x_basket_mean"] = null,
            ["x_discount_share"] = null,
            ["x_views"] = 0,
            ["x_view_conversion"] = null,
            ["x_carts_left"] = null,
            ["x_rating_mean"] = null,
            ["x_weekend_share"] = null,
            ["x_affinity_shoes"] = 17 / 23.0,
            ["x_affinity_kitchen"] = 6 / 23.0,
            ["x_usual_basket"] = 440 / 3.0,
        });
        Assert.Equal(("new", null), (rows["B"]["c_lifecycle"], rows["B"]["c_favourite"]));
        Check(rows["C"], new() { ["x_affinity_shoes"] = (5 + (8 * 17 / 23.0)) / 13, ["x_usual_basket"] = (100 + (2 * 440 / 3.0)) / 3, ["x_view_conversion"] = null });
    }

    [Fact]
    public async Task Segments_HandMadeLake_AreCountedOnce()
    {
        await shop.ComputeAsync(Moment, FeatureScope.Current);

        var members = shop.Rows(SegmentService.CurrentFile, "customer_id, segment").Select(r => (r["customer_id"], r["segment"]));
        Assert.Equal([("A", "active"), ("A", "favourite:shoes"), ("B", "new"), ("C", "active"), ("C", "favourite:shoes")], members);
        await using var context = shop.Database.CreateDbContext();
        var sizes = context.Segments.ToDictionary(s => s.Key, s => s.Size);
        Assert.Equal((2, 1, 0, 0, 0, 2), (sizes["active"], sizes["new"], sizes["loyal"], sizes["lapsing"], sizes["lapsed"], sizes["favourite:shoes"]));
    }

    [Fact]
    public async Task Training_HandMadeWindow_HasItsOutcomes()
    {
        var campaign = await ExposeAsync();
        await shop.ComputeAsync(Moment.AddDays(14), FeatureScope.Training);
        var rows = shop.Rows(TrainingTable.Folder + "/table.parquet", "customer_id");

        Assert.Equal(["A", "B"], rows.Select(r => r["customer_id"]));
        Assert.All(rows, r => Assert.Equal(campaign.ToString(), r["campaign_id"]));
        Assert.All(rows, r => Assert.Equal(Moment, r["assigned_at"]));
        // Treated, 200 of goods that cost 120, with 30 off by the campaign.
        Check(rows[0], new()
        {
            ["arm"] = 1,
            ["propensity"] = 0.8,
            ["y_converted"] = 1,
            ["y_orders"] = 1,
            ["y_revenue"] = 170,
            ["y_margin"] = 80,
            ["y_discount"] = 30,
            ["y_redeemed"] = 1,
            ["x_orders"] = 2,
            ["x_recency_days"] = 10,
            ["o_threshold"] = 200,
            ["o_off"] = 30,
            ["o_depth"] = 0.15,
            ["o_duration_days"] = 14,
            ["o_is_percent"] = 0,
            ["o_scope_size"] = 1,
            ["o_scope_kitchen"] = 0,
            ["o_threshold_to_basket"] = 200 / ((340 + (2 * 170.0)) / 4),
        });
        // Control, 90 after a coupon at the store's 30 % for want of a cost, and 45 less 30; the order at the window's end does not count.
        Check(rows[1], new()
        {
            ["arm"] = 0,
            ["y_converted"] = 1,
            ["y_orders"] = 1,
            ["y_revenue"] = 135,
            ["y_margin"] = (90 * 0.3) + 15,
            ["y_discount"] = 0,
            ["y_redeemed"] = 0,
            ["x_orders"] = 0,
        });
        Assert.Equal(rows[0]["x_affinity_shoes"], rows[0]["o_scope_share"]);
    }

    [Fact]
    public async Task Training_WindowStillOpen_IsLeftOut()
    {
        await ExposeAsync();
        await shop.ComputeAsync(Moment.AddDays(14).AddSeconds(-1), FeatureScope.Training);

        Assert.False(File.Exists(shop.Lake.PathTo(TrainingTable.Folder + "/table.parquet")));
    }

    [Fact]
    public async Task Lifecycle_SqlAndCode_AgreeOnEveryEdge()
    {
        double[] tenures = [0, 89.999, 90, 400];
        double?[] recencies = [null, 0, 90, 90.001, 180, 180.001];
        using var connection = shop.Lake.Open();
        foreach (var tenure in tenures)
        {
            foreach (var recency in recencies)
            {
                for (var orders = recency is null ? 0 : 1; orders <= (recency is null ? 0 : 6); orders++)
                {
                    for (var year = 0; year <= orders; year++)
                    {
                        var last = recency is null ? "NULL" : FormattableString.Invariant($"{recency}");
                        var customer = FormattableString.Invariant($"SELECT {tenure}::DOUBLE AS t, {orders} AS o, {year} AS y, {last}::DOUBLE AS r");
                        var sql = $"SELECT {LifecycleSql.Of("t", "o", "y", "r")} FROM ({customer})";
                        Assert.Equal(LifecycleRules.Of(tenure, orders, year, recency).Key(), connection.Scalar<string>(sql));
                    }
                }
            }
        }

        await Task.CompletedTask;
    }

    private async Task<Guid> ExposeAsync()
    {
        var campaign = await shop.CampaignAsync(new CampaignRules
        {
            Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
            Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
            Schedule = new Schedule { Start = new DateOnly(2026, 6, 1), End = new DateOnly(2026, 6, 14) },
            Experiment = new ExperimentPlan { HoldoutPercent = 20, AttributionDays = 14 },
        });
        shop.A.Put(LakeTable.Exposures, $"('{campaign}', 'A', TIMESTAMP '2026-06-01', 1, 0.8::DOUBLE), ('{campaign}', 'B', TIMESTAMP '2026-06-01', 0, 0.8::DOUBLE)");
        shop.A.Put(LakeTable.Orders, $"""
            ('W1', 'A', TIMESTAMP '2026-06-05', 'app', 20000, 3000, 1000, 18000, '{campaign}', 3000),
            ('W2', 'B', TIMESTAMP '2026-06-14 23:59:59', 'web', 15000, 1500, 1000, 14500, NULL, 0), ('W3', 'B', TIMESTAMP '2026-06-15', 'web', 5000, 0, 1000, 6000, NULL, 0)
            """, "window");
        shop.A.Put(LakeTable.OrderLines, """
            ('W1', 'A', TIMESTAMP '2026-06-05', 'S1', 'shoes', 1, 20000, 3000, 12000, 3000),
            ('W2', 'B', TIMESTAMP '2026-06-14 23:59:59', 'S2', 'shoes', 1, 10000, 1000, NULL, 0), ('W2', 'B', TIMESTAMP '2026-06-14 23:59:59', 'K1', 'kitchen', 1, 5000, 500, 3000, 0),
            ('W3', 'B', TIMESTAMP '2026-06-15', 'K1', 'kitchen', 1, 5000, 0, 3000, 0)
            """, "window");
        // The order at the very moment of assignment would count as an outcome; this lake's one belongs to another test.
        using var connection = shop.Lake.Open();
        using var batch = shop.Lake.Begin("test");
        batch.Replace(LakeTable.Orders);
        batch.Add(connection, LakeTable.Orders, $"SELECT * FROM {shop.Lake.Source(LakeTable.Orders)} WHERE order_id NOT IN ('late', 'W1', 'W2', 'W3')", "again");
        batch.Commit();
        return campaign;
    }

    private static void Check(Dictionary<string, object?> row, Dictionary<string, double?> expected)
    {
        foreach (var (column, value) in expected)
        {
            if (value is null)
                Assert.Null(row[column]);
            else
                Assert.True(row[column] is { } got && Math.Abs(Convert.ToDouble(got) - value.Value) < 1e-9, $"{column}: expected {value}, got {row[column] ?? "NULL"}");
        }
    }
}
