using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>One customer's features with what they are made of. Of the lake the customer's own bucket is read, and no more.</summary>
public sealed class FeatureRows(DataLake lake, FeatureSummaries summaries)
{
    /// <param name="customerId">As the lake has it.</param>
    /// <param name="column">The feature whose events are wanted; null takes those of all.</param>
    /// <param name="page">Of what is behind it.</param>
    /// <param name="actor">Must be allowed to see customers.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<Outcome<FeatureRow>> FindAsync(string customerId, string? column, PageRequest page, Actor actor, CancellationToken cancel)
    {
        if (!actor.SeesCustomers)
            return Failure.Forbidden("Only admins and whoever they grant it see customers.");
        if (column is not null && KnownFeatures.Find(column) is null)
            return Failure.NotFound("The feature");
        if (summaries.Read() is not { } summary)
            return Failure.NotFound("The features");
        return await Task.Run(() => Read(customerId, column, page, summary.AsOf), cancel);
    }

    private Outcome<FeatureRow> Read(string customerId, string? column, PageRequest page, DateTime asOf)
    {
        using var connection = lake.Open(threads: 1);
        var values = Ask(connection, $"SELECT * EXCLUDE (customer_id) FROM {lake.SourceOf(CustomerFeatures.CurrentFile)} WHERE customer_id = $1", customerId, r =>
            Enumerable.Range(0, r.FieldCount).Select(i => new FeatureValue(
                r.GetName(i), r.IsDBNull(i) || r.GetName(i)[0] == 'c' ? null : r.GetDouble(i), r.IsDBNull(i) || r.GetName(i)[0] != 'c' ? null : r.GetString(i))).ToList());
        if (values.Count == 0)
            return Failure.NotFound("The customer");
        var behind = $"({Behind(CustomerBucket.Of(customerId, lake.Buckets), asOf)}) WHERE {Wanted(column, asOf)}";
        var total = Ask(connection, $"SELECT count(*) FROM {behind}", customerId, r => r.GetInt64(0))[0];
        var rows = Ask(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {behind} ORDER BY \"at\" DESC, kind, order_id, sku LIMIT {page.Take} OFFSET {page.Skip}"),
            customerId, Done);
        return new FeatureRow(customerId, asOf, values[0], new Paged<DoneThing>(rows, (int)Math.Min(total, int.MaxValue)));
    }

    /// <summary>All that a row can be made of, strictly before its moment.</summary>
    private string Behind(int bucket, DateTime asOf)
    {
        var who = string.Create(CultureInfo.InvariantCulture, $"bucket = {bucket} AND customer_id = $1 AND \"at\" < {DataLake.Moment(asOf)}");
        var own = $"(SELECT * FROM {lake.CountedOrders()} WHERE {who})";
        var goods = $"(SELECT sku, any_value(category) AS category FROM {lake.Source(LakeTable.Products)} GROUP BY 1)";
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {(int)DoneKind.Order} AS kind, o."at", o.known_at, o.order_id, NULL AS sku, l.categories, l.quantity::INTEGER AS quantity,
                   (o.list_minor - o.discount_minor)::BIGINT AS net_minor, o.campaign_id AS detail
            FROM {own} o LEFT JOIN (
                SELECT source, order_id, string_agg(DISTINCT category, ', ' ORDER BY category) AS categories, sum(quantity) AS quantity
                FROM {lake.CountedLines()} WHERE {who} GROUP BY 1, 2) l USING (source, order_id)
            UNION ALL
            SELECT CASE type WHEN 'view' THEN {(int)DoneKind.View} WHEN 'cart' THEN {(int)DoneKind.Cart} WHEN 'review' THEN {(int)DoneKind.Review} ELSE {(int)DoneKind.Purchase} END,
                   "at", known_at, order_id, sku, g.category, quantity, NULL, rating::VARCHAR
            FROM {lake.Source(LakeTable.Events)} e LEFT JOIN {goods} g USING (sku)
            WHERE {who} AND (type IN ('view', 'cart', 'review') OR (type = 'purchase' AND (order_id IS NULL OR order_id NOT IN (SELECT order_id FROM {own} WHERE order_id IS NOT NULL))))
            UNION ALL
            SELECT {(int)DoneKind.Joined}, joined_at, known_at, NULL, NULL, NULL, NULL, NULL, joined_from
            FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket} AND customer_id = $1
            """);
    }

    private static string Wanted(string? column, DateTime asOf)
    {
        if (column is null || KnownFeatures.Find(column) is not { } feature)
            return "true";
        (FeatureBasis Of, DoneKind[] Kinds)[] all =
        [
            (FeatureBasis.Profile, [DoneKind.Joined]), (FeatureBasis.Orders, [DoneKind.Order, DoneKind.Purchase]), (FeatureBasis.Views, [DoneKind.View]),
            (FeatureBasis.Carts, [DoneKind.Cart]), (FeatureBasis.Reviews, [DoneKind.Review]),
        ];
        // Orders alone count orders; an event of a purchase counts where goods do.
        var kinds = all.Where(a => feature.Basis.HasFlag(a.Of)).SelectMany(a => a.Kinds).Where(k => k != DoneKind.Purchase || feature.Basis != FeatureBasis.Orders);
        var wanted = $"kind IN ({string.Join(", ", kinds.Select(k => ((int)k).ToString(CultureInfo.InvariantCulture)))})";
        if (feature.Days is { } days)
            wanted += $" AND \"at\" >= {DataLake.Moment(asOf.AddDays(-days))}";
        if (column == "x_campaign_orders")
            wanted += " AND detail IS NOT NULL";
        return FeatureSql.IsAffinity(column)
            ? $"{wanted} AND list_contains(list_transform(string_split(categories, ', '), c -> regexp_replace(lower(c), '[^\\p{{L}}\\p{{Nd}}]', '_', 'g')), '{DataLake.Quote(FeatureSql.CategoryOf(column))}')"
            : wanted;
    }

    private static DoneThing Done(DuckDBDataReader r)
    {
        DateTime? Time(int i) => r.IsDBNull(i) ? null : DateTime.SpecifyKind(r.GetDateTime(i), DateTimeKind.Utc);
        string? Text(int i) => r.IsDBNull(i) ? null : r.GetString(i);
        return new DoneThing(
            (DoneKind)r.GetInt32(0), Time(1) ?? default, Time(2), Text(3), Text(4), Text(5), r.IsDBNull(6) ? null : r.GetInt32(6), r.IsDBNull(7) ? null : r.GetInt64(7), Text(8));
    }

    private static List<T> Ask<T>(DuckDBConnection connection, string sql, string customerId, Func<DuckDBDataReader, T> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add(new DuckDBParameter(customerId));
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}
