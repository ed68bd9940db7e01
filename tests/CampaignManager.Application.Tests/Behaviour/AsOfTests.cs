using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>Nothing that happened later may show, and the offer's features are one thing in code and in SQL.</summary>
public sealed class AsOfTests : IDisposable
{
    private readonly AShop shop = new();
    private readonly DemoWorld world = new(new DemoOptions { Customers = 1_000 }, new DateOnly(2026, 7, 1));

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Current_LaterBehaviourChanges_StaysTheSame()
    {
        await GenerateAsync();
        var moment = new DateTime(2026, 3, 1, 5, 0, 0, DateTimeKind.Utc);
        await shop.ComputeAsync(moment, FeatureScope.Current);
        var before = Hash(CustomerFeatures.CurrentFile);

        Flood("TIMESTAMP '2026-03-01 05:00:00'");
        await shop.ComputeAsync(moment, FeatureScope.Current);
        Assert.Equal(before, Hash(CustomerFeatures.CurrentFile));

        // The same flood one second earlier does show, or this test could not fail.
        Flood("TIMESTAMP '2026-03-01 04:59:59'");
        await shop.ComputeAsync(moment, FeatureScope.Current);
        Assert.NotEqual(before, Hash(CustomerFeatures.CurrentFile));
    }

    [Fact]
    public async Task Training_BehaviourAfterTheFirstWindow_LeavesTheFirstCampaignAlone()
    {
        await GenerateAsync();
        await new DemoCampaignRows(shop.Database, shop.Lake).WriteAsync(world, default);
        // Files outside the catalogue count as covering all time: the floods to come must not be the first.
        Flood("TIMESTAMP '2026-07-02 00:00:00'");
        await shop.ComputeAsync(new DateTime(2026, 7, 1), FeatureScope.Training);
        var first = world.Campaigns[0];
        var rows = $"(SELECT * EXCLUDE (\"row\") FROM {shop.Lake.SourceOf(TrainingTable.Folder + "/table.parquet")} WHERE campaign_id = '{first.Campaign.Id}')";
        var before = HashOf(rows);

        Flood($"TIMESTAMP '{world.Calendar.Midnight(first.Start + 14):yyyy-MM-dd HH:mm:ss}'");
        await shop.ComputeAsync(new DateTime(2026, 7, 1), FeatureScope.Training);
        Assert.Equal(before, HashOf(rows));

        // Inside the window it is an outcome, and only that: features stay.
        var features = rows.Replace("EXCLUDE (\"row\")", "EXCLUDE (\"row\", y_converted, y_orders, y_revenue, y_margin, y_discount, y_redeemed)", StringComparison.Ordinal);
        var described = HashOf(features);
        Flood($"TIMESTAMP '{world.Calendar.Midnight(first.Start + 1):yyyy-MM-dd HH:mm:ss}'");
        await shop.ComputeAsync(new DateTime(2026, 7, 1), FeatureScope.Training);
        Assert.NotEqual(before, HashOf(rows));
        Assert.Equal(described, HashOf(features));
    }

    [Fact]
    public async Task OfferFeatures_SqlAndCode_AgreeForEveryMechanicAndScope()
    {
        await GenerateAsync();
        await shop.ComputeAsync(new DateTime(2026, 7, 1), FeatureScope.Current);
        using var connection = shop.Lake.Open();
        var categories = ShopCategories.Read(shop.Lake, connection);
        var features = new OfferFeatures(categories);

        Offer[] offers =
        [
            new FullReduction { Tiers = [new SpendTier(200, 30)] }, new FullReduction { Tiers = [new SpendTier(100, 10), new SpendTier(200, 30), new SpendTier(400, 80)] },
            new FullReduction { Every = 150, Off = 20, MaxTimes = 3 }, new FullReduction { Every = 60, Off = 5 },
            new PercentOff { Tiers = [new PercentTier(null, 12)], Cap = 30 }, new PercentOff { Tiers = [new PercentTier(80, 5), new PercentTier(300, 15)] },
            new FreeShipping { Spend = 59 }, new FreeShipping { Cap = 6 },
        ];
        Scope[] scopes =
        [
            new(), new() { Include = new ScopeSelector { Categories = ["shoes", "home"] } }, new() { Exclude = new ScopeSelector { Categories = ["food"] } },
            new()
            {
                Include = new ScopeSelector { Categories = ["shoes"] }, Exclude = new ScopeSelector { Categories = ["books"] },
                PerSegment = [new SegmentScope("new", ["kitchen", "books"]), new SegmentScope("favourite:toys", ["toys"])],
            },
        ];
        foreach (var planned in offers.SelectMany(o => scopes.Select(s => new PlannedOffer(o, s, 10, 10))))
        {
            var sql = $"SELECT x_usual_basket, c_lifecycle, c_favourite, {string.Join(", ", categories.Keys.Select(FeatureSql.Affinity))}, {features.Sql(planned)} FROM {shop.Lake.SourceOf(CustomerFeatures.CurrentFile)}";
            var n = categories.Keys.Count;
            var rows = connection.Query(sql, r => (
                Basket: r.GetDouble(0), Lifecycle: r.GetString(1), Favourite: r.IsDBNull(2) ? null : r.GetString(2),
                Affinity: Enumerable.Range(3, n).Select(r.GetDouble).ToArray(), Sql: Enumerable.Range(3 + n, features.Columns.Count).Select(r.GetDouble).ToArray()));
            Assert.True(rows.Count > 900);
            var code = new double[features.Columns.Count];
            foreach (var row in rows)
            {
                features.Fill(planned, row.Basket, row.Affinity, row.Lifecycle, row.Favourite, code);
                for (var i = 0; i < code.Length; i++)
                    Assert.True(Math.Abs(code[i] - row.Sql[i]) <= 1e-9 * Math.Max(1, Math.Abs(code[i])), $"{features.Columns[i]} of {planned}: code {code[i]:R}, SQL {row.Sql[i]:R}, basket {row.Basket:R}");
            }
        }
    }

    private Task GenerateAsync() => new DemoGenerator(shop.Lake).WriteAsync(world, _ => { }, default);

    /// <summary>Everybody looks at, buys and rates a thing at that moment.</summary>
    private void Flood(string moment)
    {
        using var connection = shop.Lake.Open();
        using var batch = shop.Lake.Begin("flood" + Path.GetRandomFileName());
        var everybody = $"{shop.Lake.Source(LakeTable.Customers)} c";
        foreach (var type in new[] { "view", "cart", "purchase", "review" })
            batch.Add(connection, LakeTable.Events, $"SELECT '{type}' || customer_id || random() AS event_id, customer_id, '{type}' AS type, 'SHO-001' AS sku, 1 AS quantity, 100 AS unit_price_minor, NULL AS order_id, 1 AS rating, NULL AS text, {moment} AS \"at\" FROM {everybody}", type);
        batch.Add(connection, LakeTable.Orders, $"SELECT 'F' || customer_id || random() AS order_id, customer_id, {moment} AS \"at\", 'app' AS channel, 99900 AS list_minor, 50000 AS discount_minor, 0 AS shipping_minor, 49900 AS total_minor, NULL AS campaign_id, 0 AS campaign_discount_minor FROM {everybody}", "o");
        batch.Commit();
    }

    private string Hash(string file) => HashOf(shop.Lake.SourceOf(file));

    private string HashOf(string relation)
    {
        using var connection = shop.Lake.Open();
        return connection.Scalar<string>($"SELECT count(*) || ' ' || md5(string_agg(t::VARCHAR, '\n' ORDER BY t::VARCHAR)) FROM {relation} t");
    }
}
