using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Demo;

/// <summary>
/// The numbers of <see cref="DemoRows"/> as rows of the lake. A guest's number is below 0. The shop's system tells every night of the day,
/// and of a late order some days later; orders that it had wrong come twice, as it first said and as it is.
/// </summary>
internal static class DemoTables
{
    public const string Create = """
        CREATE TEMP TABLE c_rows (
            c INTEGER, joined TIMESTAMP, region VARCHAR, channel VARCHAR, device VARCHAR, country VARCHAR, email BOOLEAN, quiet BOOLEAN,
            plain BOOLEAN, tier VARCHAR, tag VARCHAR);
        CREATE TEMP TABLE e_rows (
            c INTEGER, n INTEGER, type UTINYINT, sku INTEGER, quantity INTEGER, price BIGINT, o INTEGER, rating INTEGER, text INTEGER,
            t TIMESTAMP);
        CREATE TEMP TABLE o_rows (
            c INTEGER, o INTEGER, t TIMESTAMP, list BIGINT, discount BIGINT, shipping BIGINT, campaign INTEGER, campaign_discount BIGINT,
            status UTINYINT, mistake UTINYINT, late INTEGER);
        CREATE TEMP TABLE l_rows (
            c INTEGER, o INTEGER, line INTEGER, t TIMESTAMP, sku INTEGER, quantity INTEGER, discount BIGINT, campaign_discount BIGINT,
            status UTINYINT, mistake UTINYINT, late INTEGER);
        CREATE TEMP TABLE r_rows (c INTEGER, o INTEGER, line INTEGER, t TIMESTAMP, quantity INTEGER, goods BIGINT, shipping BIGINT);
        CREATE TEMP TABLE x_rows (c INTEGER, campaign INTEGER, arm INTEGER);
        """;

    public const string Dimensions = """
        CREATE TEMP TABLE products (i INTEGER, sku VARCHAR, category VARCHAR, price BIGINT, cost BIGINT, early BIGINT);
        CREATE TEMP TABLE texts (i INTEGER, text VARCHAR);
        CREATE TEMP TABLE campaigns (i INTEGER, id VARCHAR, start TIMESTAMP);
        """;

    private const string Customer = "('C' || lpad((c + 1)::VARCHAR, 7, '0'))";

    private const string Person = $"CASE WHEN c < 0 THEN '{DataLake.GuestPrefix}G' || lpad((-c)::VARCHAR, 7, '0') ELSE {Customer} END";

    private const string Order =
        "CASE WHEN c < 0 THEN 'G' || lpad((-c)::VARCHAR, 7, '0') ELSE 'O' || lpad((c + 1)::VARCHAR, 7, '0') || '-' || o END";

    // Alike for both, so that an order's lines have its words.
    private const string Status = "['counted', 'unpaid', 'cancelled', 'test'][status]";

    private const string AtFirst = $"CASE WHEN mistake = 1 THEN 'unpaid' ELSE {Status} END";

    public static void Stage(DuckDBConnection connection, DemoImport import, DemoWorld world, string part)
    {
        var now = DataLake.Moment(world.Calendar.Midnight(world.Calendar.Days));
        var night = $"least(date_trunc('day', t) + INTERVAL 26 HOUR, {now})";
        var told = $"CASE WHEN late > 0 THEN t + to_days(late) ELSE {night} END AS known_at";
        import.Add(connection, LakeTable.Customers, $"""
            SELECT {Customer} AS customer_id, joined AS joined_at, 'file' AS joined_from, region, country, channel, device,
                   email AS email_opt_in, quiet AS opt_out_marketing, plain AS opt_out_personalisation, tier AS member_tier,
                   CASE WHEN tag IS NULL THEN NULL ELSE [tag] END AS tags, joined AS known_at, {import.History}
            FROM c_rows
            """, part);
        import.Add(connection, LakeTable.Events, $"""
            SELECT 'E' || lpad((c + 1)::VARCHAR, 7, '0') || '-' || n AS event_id, {Customer} AS customer_id,
                   ['view', 'cart', 'purchase', 'review'][type] AS type, p.sku, e.quantity,
                   CASE WHEN type < 4 THEN p.price END AS unit_price_minor, CASE WHEN o IS NOT NULL THEN {Order} END AS order_id, rating, x.text, t AS "at",
                   CASE WHEN type < 4 THEN 'CNY' END AS currency, false AS robot, {night} AS known_at, {import.History}
            FROM e_rows e JOIN products p ON p.i = e.sku LEFT JOIN texts x ON x.i = e.text ORDER BY t, c, n
            """, part);
        var shipping = $"shipping + CASE WHEN mistake = 2 THEN {DemoWorld.ShippingFee} ELSE 0 END";
        var (first, since) = ($"{told}, {import.History}", $"{now} AS known_at, {import.Corrections}");
        import.Add(connection, LakeTable.Orders, Orders(AtFirst, shipping, first, "true"), part);
        import.Add(connection, LakeTable.Orders, Corrected(Orders(Status, "shipping", since, "mistake > 0"), "deleted"), part + "c");
        import.Add(connection, LakeTable.OrderLines, Lines(AtFirst, world, first, "true"), part);
        import.Add(connection, LakeTable.OrderLines, Corrected(Lines(Status, world, since, "mistake > 0"), "line_no"), part + "c");
        import.Add(connection, LakeTable.Refunds, $"""
            SELECT 'R' || {Order} AS refund_id, {Order} AS order_id, line AS line_no, {Person} AS customer_id, t AS "at", 'file' AS at_from,
                   quantity, goods AS goods_minor, shipping AS shipping_minor, 0 AS tax_minor, {night} AS known_at, {import.History}
            FROM r_rows ORDER BY t, c, o
            """, part);
        import.Add(connection, LakeTable.Exposures, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT g.id AS campaign_id, {Customer} AS customer_id, g.start AS assigned_at, arm, {1 - DemoCampaign.Holdout:R} AS propensity,
                   true AS randomised, g.start AS known_at, {import.History}
            FROM x_rows JOIN campaigns g ON g.i = campaign ORDER BY g.i, c
            """), part);
    }

    private static string Orders(string status, string shipping, string origin, string which) => $"""
        SELECT {Order} AS order_id, {Order} AS number, {Person} AS customer_id, t AS "at", coalesce(r.channel, 'web') AS channel, r.region,
               'CNY' AS currency, list AS list_minor, discount AS discount_minor, {shipping} AS shipping_minor,
               list - discount + {shipping} AS total_minor, 0 AS tax_minor, true AS tax_included,
               g.id AS campaign_id, campaign_discount AS campaign_discount_minor, true AS has_lines, true AS adds_up,
               {status} AS status, CASE {status} WHEN 'cancelled' THEN t + INTERVAL 5 HOUR ELSE t END AS status_at,
               CASE WHEN {status} = 'counted' THEN t + INTERVAL 2 MINUTE END AS paid_at, {origin}
        FROM o_rows LEFT JOIN c_rows r USING (c) LEFT JOIN campaigns g ON g.i = campaign WHERE {which} ORDER BY t, c, o
        """;

    private static string Lines(string status, DemoWorld world, string origin, string which) => $"""
        SELECT {Order} AS order_id, {Person} AS customer_id, t AS "at", line AS line_no, p.sku, p.sku AS product_id, p.category, quantity,
               p.price AS unit_price_minor, discount AS discount_minor, 'line' AS discount_from,
               CASE WHEN t < {DataLake.Moment(world.CostsRose)} THEN p.early ELSE p.cost END AS unit_cost_minor,
               campaign_discount AS campaign_discount_minor, p.price * quantity - discount AS goods_minor, {status} AS status, {origin}
        FROM l_rows l JOIN products p ON p.i = l.sku WHERE {which} ORDER BY t, c, o, line
        """;

    /// <summary>Rows that take the place of earlier ones, each order with the mark of it.</summary>
    private static string Corrected(string rows, string order) => $"""
        WITH said AS ({rows})
        SELECT * FROM said
        UNION ALL BY NAME SELECT DISTINCT order_id, customer_id, "at", true AS deleted, source, import_id, version, known_at FROM said
        ORDER BY "at", order_id, {order}
        """;
}
