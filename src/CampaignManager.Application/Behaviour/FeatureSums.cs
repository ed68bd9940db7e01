using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// What features are made of, as whole numbers that add up: a table <c>sums</c> with a row for each of <c>subjects(k, customer_id, moment, grp)</c>. Only what happened strictly
/// before the moment counts, and where it is asked for, only what the shop had said by then.
/// </summary>
internal sealed partial class FeatureSums(DataLake lake, ShopCategories categories, ShopSettings shop)
{
    private const int PurchaseWeight = 5;

    /// <summary>Days of the longest window of doings.</summary>
    private const int Late = 90;

    public static readonly int[] Windows = [7, 30, Late];

    public static readonly int[] OrderWindows = [90, 365];

    // What somebody did, by number: comparing text costs the most time of all.
    private const int View = 1;
    private const int Cart = 2;
    private const int Purchase = 3;
    private const int Review = 4;

    /// <summary>What is counted in windows, and what the lake's coverage calls it.</summary>
    public static readonly (int What, string Name, string Coverage)[] Counted =
        [(View, "views", "events:view"), (Cart, "carts", "events:cart"), (Review, "reviews", "events:review")];

    /// <summary>The sum over all a customer did is the sum of the sums between one moment and the next.</summary>
    private static readonly string[] Plain = ["views", "carts", "purchases", "told", "band", "bands", "rating", "ratings", "weekend", "evening", "weight"];

    public static IReadOnlyList<string> WindowColumns { get; } = [.. Counted.SelectMany(c => Windows.Select(days => Sql($"{c.Name}_{days}")))];

    private readonly LakeCoverage? coverage = LakeCoverage.Of(lake);

    private IReadOnlyList<string> Weights => [.. categories.Keys.Select((_, i) => Sql($"w{i}"))];

    private IReadOnlyList<string> Sums => [.. Plain, .. Weights];

    /// <summary>Makes <c>sums</c> of everything that ever was, for one bucket.</summary>
    /// <param name="bucket">Of the customers.</param>
    /// <param name="asKnown">Whether only what was known by a subject's moment counts.</param>
    /// <param name="some">Whether the subjects are some of the bucket's customers: then nobody else's rows are looked at.</param>
    public IEnumerable<string> Whole(int bucket, bool asKnown, bool some = false)
    {
        var where = some ? Sql($"bucket = {bucket} AND customer_id IN (SELECT customer_id FROM subjects)") : Sql($"bucket = {bucket}");
        var seen = asKnown ? $" AND {KnownRows.Seen("e", "a.moment")}" : "";
        yield return $"CREATE OR REPLACE TEMP TABLE done AS {Done(where, asKnown)}";
        yield return "CREATE OR REPLACE TEMP TABLE moments AS SELECT row_number() OVER () AS m, * FROM (SELECT DISTINCT customer_id, moment FROM subjects)";
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE bought AS
            SELECT a.k, count(*) AS n, {string.Join(", ", OrderWindows.Select(d => Sql($"""count(*) FILTER (e."at" >= a.moment - INTERVAL {d} DAY) AS n{d}""")))},
                   {Money("e")}
            FROM subjects a JOIN {Orders(where, asKnown)} e ON e.customer_id = a.customer_id AND e."at" < a.moment{seen}
            GROUP BY a.k
            """);
        // A customer has many moments and a long past: what happened is added up once, between one moment and the next, and then over the moments.
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE between_moments AS
            SELECT m, {Doings} FROM {(asKnown ? $"(SELECT *, {KnownRows.SeenAfter} AS seen FROM done WHERE NOT changed)" : "(SELECT *, \"at\" AS seen FROM done)")} e
            ASOF JOIN moments a ON e.customer_id = a.customer_id AND e.seen < a.moment
            GROUP BY m
            """);
        // What was corrected or taken back was there for some moments and not for others.
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE changed AS
            SELECT m, {Doings} FROM moments a JOIN done e ON e.customer_id = a.customer_id AND e."at" < a.moment{seen} WHERE {(asKnown ? "e.changed" : "false")} GROUP BY m
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE late AS
            SELECT m, {string.Join(", ", Counted.SelectMany(c => Windows.Select(days => Sql($"""count(*) FILTER (what = {c.What} AND "at" >= moment - INTERVAL {days} DAY) AS {c.Name}_{days}"""))))}
            FROM moments a JOIN done e ON e.customer_id = a.customer_id AND e."at" < a.moment AND e."at" >= a.moment - INTERVAL {Late} DAY{seen}
            GROUP BY m
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE acted AS
            SELECT a.customer_id, a.moment, l.* EXCLUDE (m), greatest(max(b.viewed_at) OVER past, c.viewed_at) AS viewed_at,
                   {string.Join(", ", Sums.Select(s => $"coalesce((sum(b.{s}) OVER past)::BIGINT, 0) + coalesce(c.{s}, 0) AS {s}"))}
            FROM moments a LEFT JOIN between_moments b USING (m) LEFT JOIN changed c USING (m) LEFT JOIN late l USING (m)
            WINDOW past AS (PARTITION BY a.customer_id ORDER BY a.moment)
            """);
        yield return """
            CREATE OR REPLACE TEMP TABLE sums AS
            SELECT a.k, b.* EXCLUDE (k), v.* EXCLUDE (customer_id, moment) FROM subjects a LEFT JOIN bought b USING (k) LEFT JOIN acted v USING (customer_id, moment)
            """;
    }

    private static string Money(string orders) => $"""
        sum({orders}.list_minor - {orders}.discount_minor)::BIGINT AS net, sum(({orders}.list_minor - {orders}.discount_minor)::HUGEINT * ({orders}.list_minor - {orders}.discount_minor)) AS squares,
        min({orders}."at") AS first_at, max({orders}."at") AS last_at, sum({orders}.discount_minor)::BIGINT AS discounts, sum({orders}.list_minor)::BIGINT AS list,
        count({orders}.campaign_id) AS campaign_orders
        """;

    private string Doings => Sql($"""
        max("at") FILTER (what = {View}) AS viewed_at, count(*) FILTER (what = {View}) AS views, count(*) FILTER (what = {Cart}) AS carts, count(*) FILTER (what = {Purchase}) AS purchases,
        count(*) FILTER (what = {Purchase} AND said) AS told, sum(band)::BIGINT AS band, count(band) AS bands, sum(rating)::BIGINT AS rating, count(rating) AS ratings, sum(weekend)::BIGINT AS weekend, sum(evening)::BIGINT AS evening,
        sum(weight)::BIGINT AS weight{string.Concat(categories.Keys.Select((_, i) => Sql($", (sum(weight) FILTER (nr = {i + 1}))::BIGINT AS w{i}")))}
        """);

    private string Orders(string where, bool asKnown) => asKnown
        ? Sql($"""
            (SELECT * REPLACE (coalesce(discount_minor, 0) AS discount_minor, coalesce(list_minor, total_minor) AS list_minor)
             FROM {KnownRows.Of(lake, LakeTable.Orders)} WHERE status = 'counted' AND {where})
            """)
        : $"(SELECT * FROM {lake.CountedOrders()} WHERE {where})";

    /// <summary>Narrow and in numbers: a row for everything anybody ever did.</summary>
    private string Done(string where, bool asKnown) => Sql($"""
        SELECT customer_id, "at", what, rating, said, g.nr,
               CASE what WHEN {View} THEN 1 WHEN {Purchase} THEN {PurchaseWeight} END AS weight, CASE WHEN what IN ({View}, {Purchase}) THEN g.band END AS band,
               CASE WHEN what IN ({View}, {Purchase}) THEN (isodow(local_at) >= 6)::INT END AS weekend, CASE WHEN what IN ({View}, {Purchase}) THEN (hour(local_at) >= 18)::INT END AS evening{(asKnown ? KnownRows.Columns : "")}
        FROM (SELECT *, CASE type WHEN 'view' THEN {View} WHEN 'cart' THEN {Cart} WHEN 'purchase' THEN {Purchase} WHEN 'review' THEN {Review} END AS what,
                     ("at" AT TIME ZONE 'UTC') AT TIME ZONE '{DataLake.Quote(shop.TimeZone)}' AS local_at
              FROM {DoneBy(where, asKnown)}) e
        LEFT JOIN goods g USING (sku)
        WHERE what IS NOT NULL
        """);

    /// <summary>
    /// What customers did. Purchases are what they ordered; only where nobody counts orders do events speak of them. The demo shop and an earlier release wrote an event
    /// for each line beside it: there the events are as good, and one table less to read.
    /// </summary>
    private string DoneBy(string where, bool asKnown)
    {
        var events = $"{Rows(LakeTable.Events, asKnown)} WHERE {where}";
        if (coverage is null)
            return $"(SELECT *, true AS said FROM {events})";
        var known = asKnown ? KnownRows.Columns : "";
        var bucket = where.Split(" AND ")[0];
        var orders = $"SELECT order_id FROM {lake.Source(LakeTable.Orders)} WHERE {bucket} AND order_id IS NOT NULL";
        return $"""
            (SELECT customer_id, type, sku, rating, "at", true AS said{known} FROM {events}
                 AND (type <> 'purchase' OR (NOT {coverage.Holds("orders", "\"at\"")} AND (order_id IS NULL OR order_id NOT IN ({orders})){ToldOnce(bucket)}))
             UNION ALL SELECT customer_id, 'purchase', sku, NULL, "at", false{known} FROM {Rows(LakeTable.OrderLines, asKnown)} WHERE status = 'counted' AND {where})
            """;
    }

    /// <summary>An order that a page told and the server, too, is the server's.</summary>
    private string ToldOnce(string bucket) => TellsByPage ? $"""
         AND (event_id IS NULL OR event_id NOT LIKE 'page:%' OR order_id NOT IN (
            SELECT order_id FROM {lake.Source(LakeTable.Events)} WHERE {bucket} AND type = 'purchase' AND order_id IS NOT NULL AND event_id NOT LIKE 'page:%'))
        """ : "";

    private bool TellsByPage => lake.Catalogue().Imports.Any(i => i.Batch is not null);

    private string Rows(LakeTable table, bool asKnown) => asKnown ? KnownRows.Of(lake, table) : lake.Source(table);

    /// <summary>A query with the rows that were read as backfilled, and those that were left out because they were known after the first moment that follows them.</summary>
    public string Read(int bucket) => Sql($"""
        SELECT count(*) FILTER (NOT backfilled AND known_from > a.moment), count(*) FILTER (backfilled)
        FROM (SELECT customer_id, "at"{KnownRows.Columns} FROM done UNION ALL SELECT customer_id, "at"{KnownRows.Columns} FROM {Orders(Sql($"bucket = {bucket}"), true)}) e
        ASOF JOIN moments a ON e.customer_id = a.customer_id AND e."at" < a.moment
        """);

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
