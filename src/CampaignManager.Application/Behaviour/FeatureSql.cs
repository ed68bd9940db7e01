using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// Features as of a moment, in SQL. The input is a table <c>subjects(k, customer_id, moment, grp)</c>: rows to describe, each with its own moment and the group
/// whose means smooth it. Only what happened strictly before the moment counts; that is said in exactly three joins: orders, events, and the events of late.
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
    private const int PurchaseWeight = 5;

    /// <summary>Days of the longest window.</summary>
    private const int Late = 90;

    private static readonly int[] Windows = [7, 30, Late];

    // What somebody did, by number: comparing text costs the most time of all.
    private const int View = 1;
    private const int Cart = 2;
    private const int Purchase = 3;
    private const int Review = 4;

    private static readonly (int What, string Name)[] Counted = [(View, "views"), (Cart, "carts"), (Review, "reviews")];

    /// <summary>Whole numbers that add up: the sum over all a customer did is the sum of the sums between one moment and the next.</summary>
    private static readonly string[] Sums = ["views", "carts", "purchases", "band", "bands", "rating", "ratings", "weekend", "evening", "weight"];

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
    public IEnumerable<string> Raw(int bucket)
    {
        // Narrow and in numbers: a row for everything anybody ever did.
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE done AS
            SELECT customer_id, "at", what, rating, g.nr,
                   CASE what WHEN {View} THEN 1 WHEN {Purchase} THEN {PurchaseWeight} END AS weight, CASE WHEN what IN ({View}, {Purchase}) THEN g.band END AS band,
                   CASE WHEN what IN ({View}, {Purchase}) THEN (isodow(local_at) >= 6)::INT END AS weekend, CASE WHEN what IN ({View}, {Purchase}) THEN (hour(local_at) >= 18)::INT END AS evening
            FROM (SELECT *, CASE type WHEN 'view' THEN {View} WHEN 'cart' THEN {Cart} WHEN 'purchase' THEN {Purchase} WHEN 'review' THEN {Review} END AS what,
                         ("at" AT TIME ZONE 'UTC') AT TIME ZONE '{DataLake.Quote(shop.TimeZone)}' AS local_at
                  FROM {Doings(bucket)}) e
            LEFT JOIN goods g USING (sku)
            WHERE what IS NOT NULL
            """);
        yield return "CREATE OR REPLACE TEMP TABLE moments AS SELECT row_number() OVER () AS m, * FROM (SELECT DISTINCT customer_id, moment FROM subjects)";
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE bought AS
            SELECT a.k, count(*) AS n,
                   count(*) FILTER (o."at" >= a.moment - INTERVAL 90 DAY) AS n90, count(*) FILTER (o."at" >= a.moment - INTERVAL 365 DAY) AS n365,
                   sum(o.list_minor - o.discount_minor)::BIGINT AS net, sum((o.list_minor - o.discount_minor)::HUGEINT * (o.list_minor - o.discount_minor)) AS squares,
                   min(o."at") AS first_at, max(o."at") AS last_at, sum(o.discount_minor) / nullif(sum(o.list_minor), 0)::DOUBLE AS discount_share,
                   count(o.campaign_id) AS campaign_orders
            FROM subjects a JOIN (SELECT * FROM {lake.CountedOrders()} WHERE bucket = {bucket}) o ON o.customer_id = a.customer_id AND o."at" < a.moment
            GROUP BY a.k
            """);
        // A customer has many moments and a long past: what happened is added up once, between one moment and the next, and then over the moments.
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE between_moments AS
            SELECT m, max("at") FILTER (what = {View}) AS viewed_at, count(*) FILTER (what = {View}) AS views, count(*) FILTER (what = {Cart}) AS carts, count(*) FILTER (what = {Purchase}) AS purchases,
                   sum(band) AS band, count(band) AS bands, sum(rating) AS rating, count(rating) AS ratings, sum(weekend) AS weekend, sum(evening) AS evening,
                   sum(weight) AS weight{string.Concat(categories.Keys.Select((_, i) => Sql($", sum(weight) FILTER (nr = {i + 1}) AS w{i}")))}
            FROM done e ASOF JOIN moments a ON e.customer_id = a.customer_id AND e."at" < a.moment
            GROUP BY m
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE late AS
            SELECT m, {string.Join(", ", Counted.SelectMany(c => Windows.Select(days => Sql($"""count(*) FILTER (what = {c.What} AND "at" >= moment - INTERVAL {days} DAY) AS {c.Name}_{days}"""))))}
            FROM moments a JOIN done e ON e.customer_id = a.customer_id AND e."at" < a.moment AND e."at" >= a.moment - INTERVAL {Late} DAY
            GROUP BY m
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE acted AS
            SELECT a.customer_id, a.moment, l.* EXCLUDE (m), max(viewed_at) OVER past AS viewed_at, {string.Join(", ", Sums.Concat(Weights).Select(s => $"(sum({s}) OVER past)::BIGINT AS {s}"))}
            FROM moments a LEFT JOIN between_moments USING (m) LEFT JOIN late l USING (m)
            WINDOW past AS (PARTITION BY a.customer_id ORDER BY a.moment)
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE raw AS
            SELECT * EXCLUDE (most){Uncovered()}, {Favourite()} AS c_favourite, {LifecycleSql.Of("x_tenure_days", "x_orders", "x_orders_365", "x_recency_days")} AS c_lifecycle
            FROM (
                SELECT a.*, {Days("a.moment", "c.joined_at")} AS x_tenure_days, {Days("a.moment", "b.last_at")} AS x_recency_days,
                       coalesce(b.n, 0) AS x_orders, coalesce(b.n90, 0) AS x_orders_90, coalesce(b.n365, 0) AS x_orders_365,
                       coalesce(b.net, 0) AS net,
                       {unit.Sql("coalesce(b.net, 0)")} AS x_monetary, {unit.Sql("b.net")} / b.n AS x_basket_mean,
                       CASE WHEN b.n > 1 THEN {unit.Sql(Deviation)} END AS x_basket_sd,
                       CASE WHEN b.n > 1 THEN {Days("b.last_at", "b.first_at")} / (b.n - 1) END AS x_days_between_orders,
                       b.discount_share AS x_discount_share, coalesce(b.campaign_orders, 0) AS x_campaign_orders,
                       {string.Join(", ", Counted.SelectMany(c => Windows.Select(d => Sql($"coalesce(v.{c.Name}_{d}, 0) AS x_{c.Name}_{d}"))))},
                       coalesce(v.views, 0) AS x_views, b.n / nullif(v.views, 0)::DOUBLE AS x_view_conversion,
                       CASE WHEN v.carts > 0 THEN greatest(1 - v.purchases / v.carts::DOUBLE, 0) END AS x_carts_left, {Days("a.moment", "v.viewed_at")} AS x_days_since_view,
                       v.band / nullif(v.bands, 0)::DOUBLE / 10000 AS x_price_band, v.rating / nullif(v.ratings, 0)::DOUBLE AS x_rating_mean,
                       v.weekend / nullif(v.views + v.purchases, 0)::DOUBLE AS x_weekend_share, v.evening / nullif(v.views + v.purchases, 0)::DOUBLE AS x_evening_share,
                       coalesce(v.weight, 0) AS weight{string.Concat(Weights.Select(w => $", coalesce(v.{w}, 0) AS {w}"))}, {Most()} AS most,
                       c.region AS c_region, c.channel AS c_channel, c.device AS c_device
                FROM subjects a JOIN (SELECT * FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket}) c USING (customer_id)
                LEFT JOIN bought b USING (k) LEFT JOIN acted v USING (customer_id, moment))
            """);
    }

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
    /// What customers did. Purchases are what they ordered; only where nobody counts orders do events speak of them. The demo shop and an earlier release wrote an event
    /// for each line beside it: there the events are as good, and one table less to read.
    /// </summary>
    private string Doings(int bucket)
    {
        var events = Sql($"{lake.Source(LakeTable.Events)} WHERE bucket = {bucket}");
        if (coverage is null)
            return events;
        var orders = Sql($"SELECT order_id FROM {lake.Source(LakeTable.Orders)} WHERE bucket = {bucket} AND order_id IS NOT NULL");
        return Sql($"""
            (SELECT customer_id, type, sku, rating, "at" FROM {events}
                 AND (type <> 'purchase' OR (NOT {coverage.Holds("orders", "\"at\"")} AND (order_id IS NULL OR order_id NOT IN ({orders})){ToldOnce(events)}))
             UNION ALL SELECT customer_id, 'purchase', sku, NULL, "at" FROM {lake.CountedLines()} WHERE bucket = {bucket})
            """);
    }

    /// <summary>An order that a page told and the server, too, is the server's.</summary>
    private string ToldOnce(string events) => lake.Catalogue().Imports.All(i => i.Batch is null) ? "" : Sql($"""
         AND (event_id IS NULL OR event_id NOT LIKE 'page:%' OR order_id NOT IN (
            SELECT order_id FROM {events} AND type = 'purchase' AND order_id IS NOT NULL AND event_id NOT LIKE 'page:%'))
        """);

    /// <summary>
    /// Counts over days that some source has to cover: missing where none does, and for no other reason.
    /// </summary>
    public static IReadOnlyList<(string Name, string What, int? Days)> Covered { get; } =
    [
        .. Counted.SelectMany(c => Windows.Select(d => (Sql($"x_{c.Name}_{d}"), What(c.What), (int?)d))),
        ("x_views", What(View), null), ("x_orders", "orders", null), ("x_orders_90", "orders", 90), ("x_orders_365", "orders", 365),
        ("x_monetary", "orders", null), ("x_campaign_orders", "orders", null),
    ];

    /// <summary>What the parts of features' bases are called in the lake's coverage.</summary>
    public static IReadOnlyList<(FeatureBasis Basis, string What)> Basis { get; } =
    [
        (FeatureBasis.Orders, "orders"), (FeatureBasis.Views, What(View)), (FeatureBasis.Carts, What(Cart)), (FeatureBasis.Reviews, What(Review)),
    ];

    /// <summary>A count over days that no source counted is not known, which is not 0.</summary>
    private string Uncovered()
    {
        if (coverage is null)
            return "";
        var known = Covered.Select(f => Sql($"CASE WHEN {coverage.Spans(f.What, "moment", f.Days)} THEN {f.Name} END AS {f.Name}"));
        return $" REPLACE ({string.Join(", ", known)})";
    }

    private static string What(int doing) => "events:" + doing switch
    {
        View => "view",
        Cart => "cart",
        Review => "review",
        _ => throw new ArgumentOutOfRangeException(nameof(doing)),
    };

    /// <summary>The most weight wins; of equals the first by name.</summary>
    private string Favourite() => categories.Keys.Count == 0
        ? "NULL::VARCHAR"
        : $"CASE WHEN most > 0 THEN CASE {string.Join(" ", categories.Keys.Zip(Weights, (c, w) => $"WHEN {w} = most THEN '{DataLake.Quote(c)}'"))} END END";

    private string Most() => categories.Keys.Count == 0 ? "0" : $"greatest({string.Join(", ", Weights.Select(w => $"coalesce(v.{w}, 0)"))})";

    private static string Days(string later, string earlier) => $"(epoch({later}) - epoch({earlier})) / 86400.0";

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
