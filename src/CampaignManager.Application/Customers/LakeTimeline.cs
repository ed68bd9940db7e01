using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Customers;

/// <summary>What the lake tells of one customer: orders with their lines, refunds, events, exposures.</summary>
internal sealed class LakeTimeline(DataLake lake, Person person, DuckDBConnection connection, CancellationToken cancel)
{
    private static readonly TimelineKind[] Kinds = [TimelineKind.Order, TimelineKind.Refund, TimelineKind.Event, TimelineKind.Exposure];

    private sealed record Row(TimelineEntry Entry, long All);

    /// <summary>The newest ones, and how many there are in all.</summary>
    public (List<TimelineEntry> Newest, long All) Read(IReadOnlyList<TimelineKind> kinds, int most)
    {
        var asked = Kinds.Where(kinds.Contains).Select(Part).ToList();
        if (asked.Count == 0)
            return ([], 0);
        var rows = connection.Ask(
            string.Create(CultureInfo.InvariantCulture, $"""
                SELECT *, count(*) OVER () FROM ({string.Join(" UNION ALL ", asked)})
                ORDER BY "at" DESC, kind, source, order_id, what, sku, campaign_id LIMIT {most}
                """),
            Read, person.Ids, cancel);
        return ([.. rows.Select(r => r.Entry)], rows is [var first, ..] ? first.All : 0);
    }

    /// <summary>The same with the lines of orders and the goods' names.</summary>
    public List<TimelineEntry> WithLines(IReadOnlyList<TimelineEntry> shown)
    {
        var orders = shown.Where(e => e is { Kind: TimelineKind.Order, OrderId: not null }).Select(e => e.OrderId!).Distinct().ToList();
        // Parameters are numbered without gaps, and browsers have no orders.
        IReadOnlyList<string> ids = [person.Id, .. person.OtherIds];
        var lines = orders.Count == 0 ? [] : connection.Ask(
            $"""
            SELECT source, order_id, sku, quantity, unit_price_minor, discount_minor FROM {person.RowsOf(LakeTable.OrderLines)}
            WHERE order_id IN ({Person.Places(ids.Count + 1, ids.Count + orders.Count)}) ORDER BY source, order_id, line_no, sku
            """,
            r => (
                Source: r.Text(0), Order: r.Text(1),
                Line: new TimelineLine(r.Text(2), Plain(r.Text(2) ?? ""), (int?)r.Whole(3), r.Whole(4), r.Whole(5))),
            [.. ids, .. orders], cancel);
        var ofOrder = lines.ToLookup(l => (l.Source, l.Order), l => l.Line);
        var full = shown.Select(e => e.Kind == TimelineKind.Order ? e with { Lines = [.. ofOrder[(e.Source, e.OrderId)]] } : e).ToList();
        var names = Names([.. full.SelectMany(e => e.Lines).Select(l => l.Sku).OfType<string>().Distinct()]);
        return [.. full.Select(e => e with { Lines = [.. e.Lines.Select(Named)] })];

        TimelineLine Named(TimelineLine line) => line.Sku is { } sku && names.TryGetValue(sku, out var name) ? line with { Name = name } : line;
    }

    private string Part(TimelineKind kind)
    {
        var number = ((int)kind).ToString(CultureInfo.InvariantCulture);
        return kind switch
        {
            TimelineKind.Order => $"""
                SELECT "at", {number} AS kind, status AS what, source, order_id, total_minor AS amount, currency, NULL::VARCHAR AS sku,
                       NULL::INTEGER AS quantity, NULL::BIGINT AS price, campaign_id, campaign_discount_minor AS part
                FROM {person.RowsOf(LakeTable.Orders)}
                """,
            TimelineKind.Refund => $"""
                SELECT r."at", {number} AS kind, r.at_from AS what, r.source, r.order_id,
                       coalesce(r.goods_minor, 0) + coalesce(r.shipping_minor, 0) + coalesce(r.tax_minor, 0) AS amount, o.currency, l.sku,
                       r.quantity, NULL::BIGINT AS price, NULL::VARCHAR AS campaign_id, NULL::BIGINT AS part
                FROM {person.RowsOf(LakeTable.Refunds)} r
                LEFT JOIN (SELECT source, order_id, any_value(currency) AS currency FROM {person.RowsOf(LakeTable.Orders)}
                           GROUP BY 1, 2) o USING (source, order_id)
                LEFT JOIN (SELECT source, order_id, line_no, any_value(sku) AS sku FROM {person.RowsOf(LakeTable.OrderLines)}
                           GROUP BY 1, 2, 3) l ON l.source = r.source AND l.order_id = r.order_id AND l.line_no = r.line_no
                """,
            // A purchase that is told as an event beside its order is the order.
            TimelineKind.Event => $"""
                SELECT "at", {number} AS kind, type AS what, source, order_id, NULL::BIGINT AS amount, currency, sku, quantity,
                       unit_price_minor AS price, campaign_id, NULL::BIGINT AS part FROM {person.RowsOf(LakeTable.Events)}
                WHERE type <> 'purchase' OR order_id IS NULL
                   OR order_id NOT IN (SELECT order_id FROM {person.RowsOf(LakeTable.Orders)} WHERE order_id IS NOT NULL)
                """,
            TimelineKind.Exposure => $"""
                SELECT assigned_at AS "at", {number} AS kind, arm::VARCHAR AS what, source, NULL::VARCHAR AS order_id,
                       NULL::BIGINT AS amount, NULL::VARCHAR AS currency, NULL::VARCHAR AS sku, NULL::INTEGER AS quantity, NULL::BIGINT AS price, campaign_id, NULL::BIGINT AS part
                FROM {person.RowsOf(LakeTable.Exposures)}
                """,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The lake has none of these."),
        };
    }

    private static Row Read(DuckDBDataReader r) => new(
        new TimelineEntry(r.Utc(0), (TimelineKind)r.GetInt32(1), r.Text(2), r.Text(3), r.Text(4), r.Whole(5), r.Text(6))
        {
            Lines = r.Text(7) is { } sku ? [new(sku, Plain(sku), (int?)r.Whole(8), r.Whole(9), null)] : [],
            Campaigns = r.Text(10) is { } campaign ? [new(campaign, null, r.Whole(11), null)] : [],
        },
        r.GetInt64(12));

    private static BothLanguages Plain(string sku) => new(sku, sku);

    private Dictionary<string, BothLanguages> Names(IReadOnlyList<string> skus) => skus.Count == 0 ? [] : connection.Ask(
        $"""
        SELECT sku, any_value(coalesce(name_en, name_zh, sku)), any_value(coalesce(name_zh, name_en, sku))
        FROM {lake.Source(LakeTable.Products)} WHERE sku IN ({Person.Places(1, skus.Count)}) GROUP BY 1
        """,
        r => (Sku: r.GetString(0), Name: new BothLanguages(r.GetString(1), r.GetString(2))), skus, cancel)
        .ToDictionary(p => p.Sku, p => p.Name);
}
