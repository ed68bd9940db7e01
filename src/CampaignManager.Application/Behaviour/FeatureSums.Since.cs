using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// Sums of now from those of an earlier moment: what came since is added, and what left a window in between is taken out of it. So few days are read, however long the history.
/// Customers of whom something older was said, corrected or taken back since are added up anew.
/// </summary>
internal sealed partial class FeatureSums
{
    /// <summary>What is kept of a customer for the next time, as a query over <c>subjects</c> and <c>sums</c>. Squares outgrow 64 bits.</summary>
    public string Kept
    {
        get
        {
            string[] whole = ["n", .. OrderWindows.Select(d => Sql($"n{d}")), "net", "discounts", "list", "campaign_orders", .. WindowColumns, .. Sums];
            return $"""
                SELECT s.customer_id, {string.Join(", ", whole.Select(c => $"coalesce(b.{c}, 0)::BIGINT AS {c}"))}, coalesce(b.squares, 0)::DECIMAL(38, 0) AS squares,
                       b.first_at, b.last_at, b.viewed_at
                FROM subjects s JOIN sums b USING (k) ORDER BY 1
                """;
        }
    }

    /// <summary>Makes <c>stale</c>: the subjects that have to be added up anew.</summary>
    /// <param name="bucket">Of the customers.</param>
    /// <param name="since">The earlier moment.</param>
    /// <param name="old">Relation with what was kept then.</param>
    public IEnumerable<string> Stale(int bucket, FeaturesSince since, string old)
    {
        var then = DataLake.Moment(since.AsOf);
        var catalogue = lake.Catalogue();
        var aliases = new LakeAliases(lake, catalogue, null);
        List<string> stale = [$"SELECT customer_id FROM subjects WHERE customer_id NOT IN (SELECT customer_id FROM {old})"];
        // Of somebody with several ids the rows may lie in another bucket.
        var where = aliases.Any ? "true" : Sql($"bucket = {bucket}");
        foreach (var (table, anonymous) in new[] { (LakeTable.Orders, false), (LakeTable.OrderLines, false), (LakeTable.Events, true) })
        {
            if (new LakeRelation(lake, table, catalogue, null).Since(since.Version, since.Grown) is not { } rows)
                continue;
            var id = anonymous ? "coalesce(f.customer_id, f.anonymous_id)" : "f.customer_id";
            stale.Add($"""
                SELECT {(aliases.Any ? $"coalesce(a.customer_id, {id})" : id)} AS customer_id
                FROM (SELECT * FROM {rows} WHERE {where} AND "at" < {then}) f {(aliases.Any ? $"LEFT JOIN {aliases.Resolved} a ON a.from_id = {id}" : "")}
                """);
        }

        if (new LakeRelation(lake, LakeTable.Aliases, catalogue, null).Since(since.Version, since.Grown) is { } merged)
            stale.Add($"SELECT from_id FROM {merged} UNION ALL SELECT customer_id FROM {aliases.Resolved} WHERE from_id IN (SELECT from_id FROM {merged})");
        if (coverage is not null)
            stale.AddRange(Told(bucket, since, old, then, catalogue));
        yield return $"CREATE OR REPLACE TEMP TABLE stale AS SELECT DISTINCT customer_id FROM ({string.Join(" UNION ALL ", stale)}) JOIN subjects USING (customer_id)";
    }

    /// <summary>Purchases that only events, or only a page, spoke of, and that orders or the server speak of now.</summary>
    private IEnumerable<string> Told(int bucket, FeaturesSince since, string old, string then, LakeCatalogue catalogue)
    {
        var before = Sql($"SELECT customer_id FROM {lake.Source(LakeTable.Events)} WHERE bucket = {bucket} AND type = 'purchase' AND \"at\" < {then}");
        if (since.OrdersHeld != coverage!.Holds("orders", "\"at\""))
            yield return $"{before} AND {coverage.Holds("orders", "\"at\"")} <> {since.OrdersHeld}";
        if (new LakeRelation(lake, LakeTable.Orders, catalogue, null).Since(since.Version, since.Grown) is { } orders)
            yield return $"{before} AND (SELECT coalesce(max(told), 0) > 0 FROM {old}) AND order_id IN (SELECT order_id FROM {orders})";
        if (TellsByPage && new LakeRelation(lake, LakeTable.Events, catalogue, null).Since(since.Version, since.Grown) is { } events)
            yield return $"{before} AND event_id LIKE 'page:%' AND order_id IN (SELECT order_id FROM {events} WHERE type = 'purchase' AND event_id NOT LIKE 'page:%')";
    }

    /// <summary>Makes <c>sums</c> of the subjects, who all have the same moment, after <see cref="Stale"/>.</summary>
    public IEnumerable<string> Since(int bucket, FeaturesSince since, DateTime asOf, string old)
    {
        yield return "CREATE OR REPLACE TEMP TABLE everyone AS SELECT * FROM subjects";
        yield return "CREATE OR REPLACE TEMP TABLE subjects AS SELECT * FROM everyone WHERE customer_id IN (SELECT customer_id FROM stale)";
        foreach (var step in Whole(bucket, false, some: true))
            yield return step;
        yield return "CREATE OR REPLACE TEMP TABLE anew AS SELECT * FROM sums";
        yield return "CREATE OR REPLACE TEMP TABLE subjects AS SELECT * FROM everyone";
        var (then, now) = (DataLake.Moment(since.AsOf), DataLake.Moment(asOf));
        yield return $"CREATE OR REPLACE TEMP TABLE done AS {Done(Within(bucket, Windows, since.AsOf, asOf), false)}";
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE acted AS
            SELECT customer_id, {string.Join(", ", Counted.SelectMany(c => Windows.Select(d => Moved(Sql($"what = {c.What} AND "), d, then, now, Sql($"{c.Name}_{d}")))))},
                   {string.Join(", ", Sums.Prepend("viewed_at").Select(c => "d." + c))}
            FROM done LEFT JOIN (SELECT customer_id, {Doings} FROM done WHERE "at" >= {then} GROUP BY 1) d USING (customer_id)
            GROUP BY ALL
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE bought AS
            SELECT customer_id, {string.Join(", ", OrderWindows.Select(d => Moved("", d, then, now, Sql($"n{d}"))))}, any_value(b.n) AS n,
                   {string.Join(", ", Amounts.Select(c => $"any_value(b.{c}) AS {c}"))}
            FROM {Orders(Within(bucket, OrderWindows, since.AsOf, asOf), false)} o
            LEFT JOIN (SELECT e.customer_id, count(*) AS n, {Money("e")} FROM {Orders(Within(bucket, [], since.AsOf, asOf), false)} e GROUP BY 1) b USING (customer_id)
            GROUP BY 1
            """);
        string[] added = [.. OrderWindows.Select(d => Sql($"n{d}")), "net", "discounts", "list", "campaign_orders"];
        yield return $"""
            CREATE OR REPLACE TEMP TABLE sums AS
            SELECT * FROM anew
            UNION ALL BY NAME
            SELECT s.k, nullif(coalesce(o.n, 0) + coalesce(b.n, 0), 0) AS n, {string.Join(", ", added.Select(c => $"(coalesce(o.{c}, 0) + coalesce(b.{c}, 0))::BIGINT AS {c}"))},
                   coalesce(o.squares, 0)::HUGEINT + coalesce(b.squares, 0)::HUGEINT AS squares,
                   least(o.first_at, b.first_at) AS first_at, greatest(o.last_at, b.last_at) AS last_at, greatest(o.viewed_at, v.viewed_at) AS viewed_at,
                   {string.Join(", ", WindowColumns.Concat(Sums).Select(c => $"(coalesce(o.{c}, 0) + coalesce(v.{c}, 0))::BIGINT AS {c}"))}
            FROM subjects s JOIN {old} o USING (customer_id) LEFT JOIN bought b USING (customer_id) LEFT JOIN acted v USING (customer_id)
            WHERE customer_id NOT IN (SELECT customer_id FROM stale)
            """;
    }

    private static readonly string[] Amounts = ["net", "squares", "first_at", "last_at", "discounts", "list", "campaign_orders"];

    /// <summary>What came since, less what left the window in between.</summary>
    private static string Moved(string condition, int days, string then, string now, string name) => Sql($"""
        count(*) FILTER ({condition}"at" >= {then}) - count(*) FILTER ({condition}"at" >= {then} - INTERVAL {days} DAY AND "at" < {now} - INTERVAL {days} DAY) AS {name}
        """);

    /// <summary>The rows since, and those that left a window; with their quarters, so that others are not opened.</summary>
    private static string Within(int bucket, int[] windows, DateTime then, DateTime now)
    {
        (DateTime From, DateTime To)[] spans = [(then, now), .. windows.Select(d => (then.AddDays(-d), now.AddDays(-d)))];
        var times = spans.Select(s => $"(\"at\" >= {DataLake.Moment(s.From)} AND \"at\" < {DataLake.Moment(s.To)})");
        var quarters = spans.SelectMany(s => new[] { s.From, s.To }).Select(t => Sql($"'{t.Year}Q{(t.Month + 2) / 3}'")).Distinct();
        return Sql($"bucket = {bucket} AND quarter IN ({string.Join(", ", quarters)}) AND ({string.Join(" OR ", times)})");
    }
}
