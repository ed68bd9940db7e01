using System.Globalization;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// Features as of a moment, in SQL. The input is a table <c>subjects(k, customer_id, moment, grp)</c>: rows to describe, each with its own moment and the group
/// whose means smooth it. Only what happened strictly before the moment counts; that is said in exactly two joins, one for orders and one for events.
/// Sums are of whole numbers, so the result does not depend on the order in which threads add: the same lake gives the same features, bit by bit.
/// Definitions of the columns: docs/data.md.
/// </summary>
internal sealed class FeatureSql(Lake lake, ShopCategories categories, string timeZone)
{
    /// <summary>Pseudo-weight of the group in a customer's category shares, in views.</summary>
    public const int AffinityPrior = 8;

    /// <summary>Pseudo-orders of the group in a customer's usual basket.</summary>
    public const int BasketPrior = 2;

    private const int PurchaseWeight = 5;

    private static readonly string[] PlainNumbers =
    [
        "x_tenure_days", "x_recency_days", "x_orders", "x_orders_90", "x_orders_365", "x_monetary", "x_basket_mean", "x_basket_sd", "x_days_between_orders",
        "x_discount_share", "x_campaign_orders", "x_views_7", "x_views_30", "x_views_90", "x_carts_7", "x_carts_30", "x_carts_90",
        "x_reviews_7", "x_reviews_30", "x_reviews_90", "x_views", "x_view_conversion", "x_carts_left", "x_days_since_view", "x_price_band", "x_rating_mean",
        "x_weekend_share", "x_evening_share",
    ];

    public static readonly IReadOnlyList<string> Categorical = ["c_lifecycle", "c_favourite", "c_region", "c_channel", "c_device"];

    public static string Affinity(string category) => "x_affinity_" + ShopCategories.Column(category);

    /// <summary>Numeric feature columns, in order.</summary>
    public IReadOnlyList<string> Numeric => [.. PlainNumbers, .. categories.Keys.Select(Affinity), "x_usual_basket"];

    /// <summary>Makes <c>goods</c>: products with their category's number and their price's rank within it.</summary>
    public string Goods => $"""
        CREATE OR REPLACE TEMP TABLE goods AS
        SELECT sku, category, CASE WHEN count(*) OVER w > 1 THEN round(10000 * percent_rank() OVER (PARTITION BY category ORDER BY price_minor)) ELSE 5000 END::INTEGER AS band
        FROM {lake.Source(LakeTable.Products)} WINDOW w AS (PARTITION BY category)
        """;

    /// <summary>Makes <c>raw</c> from <c>subjects</c> for one bucket: everything that needs no other customer.</summary>
    public IEnumerable<string> Raw(int bucket)
    {
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE done AS
            SELECT customer_id, type, "at", quantity, rating, g.category, g.band,
                   isodow(local_at) >= 6 AS weekend, hour(local_at) >= 18 AS evening
            FROM (SELECT *, ("at" AT TIME ZONE 'UTC') AT TIME ZONE '{Lake.Quote(timeZone)}' AS local_at FROM {lake.Source(LakeTable.Events)} WHERE bucket = {bucket}) e
            LEFT JOIN goods g USING (sku)
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE bought AS
            SELECT a.k, count(*) AS n,
                   count(*) FILTER (o."at" >= a.moment - INTERVAL 90 DAY) AS n90, count(*) FILTER (o."at" >= a.moment - INTERVAL 365 DAY) AS n365,
                   sum(o.list_minor - o.discount_minor)::BIGINT AS net, sum((o.list_minor - o.discount_minor)::HUGEINT * (o.list_minor - o.discount_minor)) AS squares,
                   min(o."at") AS first_at, max(o."at") AS last_at, sum(o.discount_minor) / nullif(sum(o.list_minor), 0)::DOUBLE AS discount_share,
                   count(o.campaign_id) AS campaign_orders
            FROM subjects a JOIN (SELECT * FROM {lake.Source(LakeTable.Orders)} WHERE bucket = {bucket}) o ON o.customer_id = a.customer_id AND o."at" < a.moment
            GROUP BY a.k
            """);
        var weights = string.Join(",\n       ", categories.Keys.Select((c, i) => Sql($"sum(weight) FILTER (category = '{Lake.Quote(c)}') AS w{i}")));
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE acted AS
            SELECT k, {Within("view", "views")}, {Within("cart", "carts")}, {Within("review", "reviews")},
                   count(*) FILTER (type = 'view') AS views, count(*) FILTER (type = 'cart') AS carts, count(*) FILTER (type = 'purchase') AS purchases,
                   max("at") FILTER (type = 'view') AS viewed_at, avg(band) FILTER (type IN ('view', 'purchase')) AS band, avg(rating) AS rating,
                   avg(weekend::INT) FILTER (type IN ('view', 'purchase')) AS weekend, avg(evening::INT) FILTER (type IN ('view', 'purchase')) AS evening,
                   sum(weight) AS weight,
                   {weights}
            FROM (SELECT a.k, a.moment, e.*, CASE type WHEN 'view' THEN 1 WHEN 'purchase' THEN {PurchaseWeight} END AS weight
                  FROM subjects a JOIN done e ON e.customer_id = a.customer_id AND e."at" < a.moment)
            GROUP BY k
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE raw AS
            SELECT *, {LifecycleRules.Sql("x_tenure_days", "x_orders", "x_orders_365", "x_recency_days")} AS c_lifecycle
            FROM (
                SELECT a.*, {Days("a.moment", "c.joined_at")} AS x_tenure_days, {Days("a.moment", "b.last_at")} AS x_recency_days,
                       coalesce(b.n, 0) AS x_orders, coalesce(b.n90, 0) AS x_orders_90, coalesce(b.n365, 0) AS x_orders_365, coalesce(b.net, 0) AS net, coalesce(b.net, 0) / 100.0 AS x_monetary, b.net / 100.0 / b.n AS x_basket_mean,
                       CASE WHEN b.n > 1 THEN sqrt(greatest((b.n * b.squares - b.net::HUGEINT * b.net)::DOUBLE / (b.n * (b.n - 1)), 0)) / 100 END AS x_basket_sd,
                       CASE WHEN b.n > 1 THEN {Days("b.last_at", "b.first_at")} / (b.n - 1) END AS x_days_between_orders,
                       b.discount_share AS x_discount_share, coalesce(b.campaign_orders, 0) AS x_campaign_orders,
                       {string.Join(", ", new[] { "views", "carts", "reviews" }.SelectMany(w => new[] { 7, 30, 90 }.Select(d => Sql($"coalesce(v.{w}_{d}, 0) AS x_{w}_{d}"))))},
                       coalesce(v.views, 0) AS x_views, b.n / nullif(v.views, 0)::DOUBLE AS x_view_conversion,
                       CASE WHEN v.carts > 0 THEN greatest(1 - v.purchases / v.carts::DOUBLE, 0) END AS x_carts_left, {Days("a.moment", "v.viewed_at")} AS x_days_since_view,
                       v.band / 10000 AS x_price_band, v.rating AS x_rating_mean, v.weekend AS x_weekend_share, v.evening AS x_evening_share,
                       coalesce(v.weight, 0) AS weight, {string.Join(", ", categories.Keys.Select((_, i) => Sql($"coalesce(v.w{i}, 0) AS w{i}")))},
                       {Favourite()} AS c_favourite, c.region AS c_region, c.channel AS c_channel, c.device AS c_device
                FROM subjects a JOIN (SELECT * FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket}) c USING (customer_id)
                LEFT JOIN bought b USING (k) LEFT JOIN acted v USING (k))
            """);
    }

    /// <summary>Makes <c>grp_means</c> and <c>shop_means</c> from the raw rows of all buckets.</summary>
    /// <param name="raw">Relation with them.</param>
    public IEnumerable<string> Means(string raw)
    {
        var means = string.Join("", categories.Keys.Select((_, i) => Sql($", sum(w{i}) / nullif(sum(weight), 0)::DOUBLE AS g{i}")));
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE grp_means AS
            SELECT grp, c_lifecycle, sum(net) / 100.0 / nullif(sum(x_orders), 0) AS basket{means} FROM {raw} GROUP BY ALL
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE shop_means AS
            SELECT coalesce(sum(net) / 100.0 / nullif(sum(x_orders), 0), 1) AS basket{means} FROM {raw}
            """);
    }

    /// <summary>A query that smooths raw rows towards the means of their group and lifecycle, or the shop's where a group has none. It streams, and keeps the rows' order.</summary>
    /// <param name="raw">Relation with raw rows.</param>
    /// <param name="keep">Further columns of it to keep.</param>
    public string Smoothed(string raw, string keep)
    {
        var shares = string.Join(",\n       ", categories.Keys.Select((c, i) =>
            Sql($"(r.w{i} + {AffinityPrior} * coalesce(g.g{i}, shop.g{i}, 0)) / (r.weight + {AffinityPrior})::DOUBLE AS {Affinity(c)}")));
        return Sql($"""
            SELECT {keep}, {string.Join(", ", PlainNumbers.Select(n => Sql($"r.{n}::DOUBLE AS {n}")))},
                   {shares},
                   (r.x_monetary + {BasketPrior} * coalesce(g.basket, shop.basket)) / (r.x_orders + {BasketPrior})::DOUBLE AS x_usual_basket,
                   {string.Join(", ", Categorical.Select(c => "r." + c))}
            FROM {raw} r JOIN grp_means g ON g.grp = r.grp AND g.c_lifecycle = r.c_lifecycle CROSS JOIN shop_means shop
            """);
    }

    private string Favourite()
    {
        if (categories.Keys.Count == 0)
            return "NULL::VARCHAR";
        // The most weight wins; of equals the first by name.
        var most = categories.Keys.Count == 1 ? "v.w0" : $"greatest({string.Join(", ", categories.Keys.Select((_, i) => Sql($"coalesce(v.w{i}, 0)")))})";
        var cases = string.Join(" ", categories.Keys.Select((c, i) => Sql($"WHEN v.w{i} = {most} THEN '{Lake.Quote(c)}'")));
        return $"CASE WHEN {most} > 0 THEN CASE {cases} END END";
    }

    private static string Within(string type, string name) => string.Join(", ", new[] { 7, 30, 90 }.Select(days =>
        Sql($"""count(*) FILTER (type = '{type}' AND "at" >= moment - INTERVAL {days} DAY) AS {name}_{days}""")));

    private static string Days(string later, string earlier) => $"(epoch({later}) - epoch({earlier})) / 86400.0";

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
