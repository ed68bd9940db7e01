using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// Features as of a moment, in SQL. The input is a table <c>subjects(k, customer_id, moment, grp)</c>: rows to describe, each with its own moment and the group
/// whose means smooth it. Only what happened strictly before the moment counts (<see cref="FeatureSums"/>).
/// Sums are of whole numbers, so the result does not depend on the order in which threads add: the same lake gives the same features, bit by bit.
/// Definitions of the columns: docs/data.md.
/// </summary>
internal sealed class FeatureSql(DataLake lake, ShopCategories categories, ShopSettings shop)
{
    /// <summary>Pseudo-weight of the group in a customer's category shares, in views.</summary>
    public const int AffinityPrior = 8;

    /// <summary>Pseudo-orders of the group in a customer's usual basket.</summary>
    public const int BasketPrior = 2;

    private const string AffinityPrefix = "x_affinity_";
    private const string UsualBasket = "x_usual_basket";

    private static readonly string[] PlainNumbers =
    [
        "x_tenure_days", "x_recency_days", "x_orders", "x_orders_90", "x_orders_365", "x_monetary", "x_basket_mean", "x_basket_sd", "x_days_between_orders",
        "x_discount_share", "x_campaign_orders", "x_views_7", "x_views_30", "x_views_90", "x_carts_7", "x_carts_30", "x_carts_90",
        "x_reviews_7", "x_reviews_30", "x_reviews_90", "x_views", "x_view_conversion", "x_carts_left", "x_days_since_view", "x_price_band", "x_rating_mean",
        "x_weekend_share", "x_evening_share",
    ];

    public static readonly IReadOnlyList<string> Categorical = ["c_lifecycle", "c_favourite", "c_region", "c_channel", "c_device"];

    public static string Affinity(string category) => AffinityPrefix + ShopCategories.Column(category);

    public static bool IsAffinity(string feature) => feature.StartsWith(AffinityPrefix, StringComparison.Ordinal);

    /// <summary>The category of such a feature, as its column names it.</summary>
    public static string CategoryOf(string affinity) => affinity[AffinityPrefix.Length..];

    /// <summary>Whether a feature is drawn towards the mean of its group.</summary>
    public static bool IsSmoothed(string feature) => feature == UsualBasket || IsAffinity(feature);

    /// <summary>Numeric feature columns, in order.</summary>
    public IReadOnlyList<string> Numeric => [.. PlainNumbers, .. categories.Keys.Select(Affinity), UsualBasket];

    /// <summary>Makes <c>goods</c>, for all connections beside this one: products with their category's number and their price's rank within it.</summary>
    public string Goods => $"""
        CREATE OR REPLACE TABLE goods AS
        SELECT sku, list_position([{string.Join(", ", categories.Keys.Select(c => $"'{DataLake.Quote(c)}'"))}]::VARCHAR[], category)::INTEGER AS nr,
               CASE WHEN count(*) OVER w > 1 THEN round(10000 * percent_rank() OVER (PARTITION BY category ORDER BY price_minor)) ELSE 5000 END::INTEGER AS band
        FROM {lake.Source(LakeTable.Products)} WINDOW w AS (PARTITION BY category)
        """;

    private const string Deviation = "sqrt(greatest((b.n * b.squares - b.net::HUGEINT * b.net)::DOUBLE / (b.n * (b.n - 1)), 0))";

    private readonly AmountUnit unit = AmountUnit.Of(shop);
    private readonly LakeCoverage? coverage = LakeCoverage.Of(lake);

    private IEnumerable<string> Weights => categories.Keys.Select((_, i) => Sql($"w{i}"));

    /// <summary>Makes <c>raw</c> from <c>subjects</c> for one bucket: everything that needs no other customer.</summary>
    /// <param name="bucket">Of the customers.</param>
    /// <param name="asKnown">Whether each subject is described by what the shop had said by its own moment; otherwise by all that is known.</param>
    public IEnumerable<string> Raw(int bucket, bool asKnown = false) => [.. new FeatureSums(lake, categories, shop).Whole(bucket, asKnown), Described(bucket)];

    /// <summary>The same for customers of one moment, from what was kept of an earlier one.</summary>
    public IEnumerable<string> Since(DuckDBConnection connection, int bucket, FeaturesSince since, DateTime asOf)
    {
        var sums = new FeatureSums(lake, categories, shop);
        var old = lake.SourceOf(FeatureState.FileOf(since.Folder, bucket));
        foreach (var step in sums.Stale(bucket, since, old))
            yield return step;
        // Most of them anew is all of them anew.
        var most = connection.Scalar<bool>("SELECT 2 * (SELECT count(*) FROM stale) > (SELECT count(*) FROM subjects)");
        foreach (var step in most ? sums.Whole(bucket, false) : sums.Since(bucket, since, asOf, old))
            yield return step;
        yield return Described(bucket);
    }

    /// <summary>What is kept of the sums for the next time.</summary>
    public string Kept => new FeatureSums(lake, categories, shop).Kept;

    /// <summary>A query with what <see cref="RowsRead"/> says of the subjects of a bucket, after <see cref="Raw"/> as known.</summary>
    public string Read(int bucket) => new FeatureSums(lake, categories, shop).Read(bucket);

    /// <summary>Makes <c>raw</c> from <c>subjects</c> and their <c>sums</c> (<see cref="FeatureSums"/>).</summary>
    public string Described(int bucket) => Sql($"""
        CREATE OR REPLACE TEMP TABLE raw AS
        SELECT * EXCLUDE (most){Uncovered()}, {Favourite()} AS c_favourite, {LifecycleSql.Of("x_tenure_days", "x_orders", "x_orders_365", "x_recency_days")} AS c_lifecycle
        FROM (
            SELECT a.*, {Days("a.moment", "c.joined_at")} AS x_tenure_days, {Days("a.moment", "b.last_at")} AS x_recency_days,
                   coalesce(b.n, 0) AS x_orders, coalesce(b.n90, 0) AS x_orders_90, coalesce(b.n365, 0) AS x_orders_365,
                   coalesce(b.net, 0) AS net,
                   {unit.Sql("coalesce(b.net, 0)")} AS x_monetary, {unit.Sql("b.net")} / b.n AS x_basket_mean,
                   CASE WHEN b.n > 1 THEN {unit.Sql(Deviation)} END AS x_basket_sd,
                   CASE WHEN b.n > 1 THEN {Days("b.last_at", "b.first_at")} / (b.n - 1) END AS x_days_between_orders,
                   b.discounts / nullif(b.list, 0)::DOUBLE AS x_discount_share, coalesce(b.campaign_orders, 0) AS x_campaign_orders,
                   {string.Join(", ", FeatureSums.WindowColumns.Select(c => $"coalesce(b.{c}, 0) AS x_{c}"))},
                   coalesce(b.views, 0) AS x_views, b.n / nullif(b.views, 0)::DOUBLE AS x_view_conversion,
                   CASE WHEN b.carts > 0 THEN greatest(1 - b.purchases / b.carts::DOUBLE, 0) END AS x_carts_left, {Days("a.moment", "b.viewed_at")} AS x_days_since_view,
                   b.band / nullif(b.bands, 0)::DOUBLE / 10000 AS x_price_band, b.rating / nullif(b.ratings, 0)::DOUBLE AS x_rating_mean,
                   b.weekend / nullif(b.views + b.purchases, 0)::DOUBLE AS x_weekend_share, b.evening / nullif(b.views + b.purchases, 0)::DOUBLE AS x_evening_share,
                   coalesce(b.weight, 0) AS weight{string.Concat(Weights.Select(w => $", coalesce(b.{w}, 0) AS {w}"))}, {Most()} AS most,
                   c.region AS c_region, c.channel AS c_channel, c.device AS c_device
            FROM subjects a JOIN (SELECT * FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket}) c USING (customer_id)
            LEFT JOIN sums b USING (k))
        """);

    /// <summary>Makes <c>grp_means</c> and <c>shop_means</c> from the raw rows of all buckets.</summary>
    /// <param name="raw">Relation with them.</param>
    public IEnumerable<string> Means(string raw)
    {
        var means = string.Join("", categories.Keys.Select((_, i) => Sql($", sum(w{i}) / nullif(sum(weight), 0)::DOUBLE AS g{i}")));
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE grp_means AS
            SELECT grp, c_lifecycle, {unit.Sql("sum(net)")} / nullif(sum(x_orders), 0) AS basket{means} FROM {raw} GROUP BY ALL
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE shop_means AS
            SELECT coalesce({unit.Sql("sum(net)")} / nullif(sum(x_orders), 0), 1) AS basket{means} FROM {raw}
            """);
    }

    /// <summary>A query that smooths raw rows towards the means of their group and lifecycle, or the shop's where a group has none. It streams, and keeps the rows' order.</summary>
    /// <param name="raw">Relation with raw rows.</param>
    /// <param name="keep">Further columns of it to keep.</param>
    public string Smoothed(string raw, string keep)
    {
        var shares = string.Concat(categories.Keys.Select((c, i) =>
            Sql($"(r.w{i} + {AffinityPrior} * coalesce(g.g{i}, shop.g{i}, 0)) / (r.weight + {AffinityPrior})::DOUBLE AS {Affinity(c)},\n       ")));
        return Sql($"""
            SELECT {keep}, {string.Join(", ", PlainNumbers.Select(n => Sql($"r.{n}::DOUBLE AS {n}")))},
                   {shares}(coalesce(r.x_monetary, 0) + {BasketPrior} * coalesce(g.basket, shop.basket)) / (coalesce(r.x_orders, 0) + {BasketPrior})::DOUBLE AS x_usual_basket,
                   {string.Join(", ", Categorical.Select(c => "r." + c))}
            FROM {raw} r JOIN grp_means g ON g.grp = r.grp AND g.c_lifecycle = r.c_lifecycle CROSS JOIN shop_means shop
            """);
    }

    /// <summary>
    /// Counts over days that some source has to cover: missing where none does, and for no other reason.
    /// </summary>
    public static IReadOnlyList<(string Name, string What, int? Days)> Covered { get; } =
    [
        .. FeatureSums.Counted.SelectMany(c => FeatureSums.Windows.Select(d => (Sql($"x_{c.Name}_{d}"), c.Coverage, (int?)d))),
        ("x_views", FeatureSums.Counted[0].Coverage, null), ("x_orders", "orders", null), ("x_orders_90", "orders", 90), ("x_orders_365", "orders", 365),
        ("x_monetary", "orders", null), ("x_campaign_orders", "orders", null),
    ];

    /// <summary>What the parts of features' bases are called in the lake's coverage.</summary>
    public static IReadOnlyList<(FeatureBasis Basis, string What)> Basis { get; } =
    [
        (FeatureBasis.Orders, "orders"), (FeatureBasis.Views, FeatureSums.Counted[0].Coverage), (FeatureBasis.Carts, FeatureSums.Counted[1].Coverage),
        (FeatureBasis.Reviews, FeatureSums.Counted[2].Coverage),
    ];

    /// <summary>A count over days that no source counted is not known, which is not 0.</summary>
    private string Uncovered()
    {
        if (coverage is null)
            return "";
        var known = Covered.Select(f => Sql($"CASE WHEN {coverage.Spans(f.What, "moment", f.Days)} THEN {f.Name} END AS {f.Name}"));
        return $" REPLACE ({string.Join(", ", known)})";
    }

    /// <summary>The most weight wins; of equals the first by name.</summary>
    private string Favourite() => categories.Keys.Count == 0
        ? "NULL::VARCHAR"
        : $"CASE WHEN most > 0 THEN CASE {string.Join(" ", categories.Keys.Zip(Weights, (c, w) => $"WHEN {w} = most THEN '{DataLake.Quote(c)}'"))} END END";

    private string Most() => categories.Keys.Count == 0 ? "0" : $"greatest({string.Join(", ", Weights.Select(w => $"coalesce(b.{w}, 0)"))})";

    private static string Days(string later, string earlier) => $"(epoch({later}) - epoch({earlier})) / 86400.0";

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
