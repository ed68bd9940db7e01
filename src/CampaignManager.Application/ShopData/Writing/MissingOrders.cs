using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>An order that the lake has and a complete export has not.</summary>
public sealed record MissingOrder(string OrderId, DateTime At, string Currency, long? TotalMinor);

/// <summary>Orders of a source, within the time an export of it tells about, that the export does not name.</summary>
internal sealed class MissingOrders(DataLake lake, LakeCatalogue catalogue, ListedImport import, DuckDBConnection connection)
{
    /// <summary>Whether the lake still knows everything that the import said: some of it may have been merged away since.</summary>
    public bool CanTell() =>
        connection.Scalar<long>($"SELECT count(*) FROM ({Written})") >= import.Counts.GetValueOrDefault("written:orders");

    /// <summary>From its first to its last order; null: it named none.</summary>
    public (DateTime From, DateTime To)? Span() => connection.Query(
        $"""SELECT min("at"), max("at") FROM {Orders} WHERE order_id IN ({Said})""",
        r => r.IsDBNull(0) ? ((DateTime, DateTime)?)null : (r.GetDateTime(0), r.GetDateTime(1)))[0];

    /// <summary>A relation with <c>order_id</c>, <c>at</c>, <c>currency</c>, <c>total_minor</c>.</summary>
    public string Missing((DateTime From, DateTime To) span) => $"""
        (SELECT order_id, "at", currency, total_minor FROM {Orders}
         WHERE "at" BETWEEN {DataLake.Moment(span.From)} AND {DataLake.Moment(span.To)} AND order_id NOT IN ({Said}))
        """;

    private string Source => $"'{DataLake.Quote(import.Source)}'";

    // As it stands.
    private string Orders => $"(SELECT * FROM {lake.Source(LakeTable.Orders)} WHERE source = {Source})";

    private string Written => string.Create(CultureInfo.InvariantCulture, $"""
        SELECT DISTINCT order_id FROM {new LakeRelation(lake, LakeTable.Orders, catalogue, null).AllVersions}
        WHERE source = {Source} AND version = {import.Version} AND NOT deleted
        """);

    /// <summary>What it wrote, and what it said that was there already.</summary>
    private string Said => import.Claims is null ? Written
        : $"{Written} UNION SELECT key FROM {lake.SourceOf(import.Claims)} WHERE tbl = 'orders' AND source = {Source}";
}
