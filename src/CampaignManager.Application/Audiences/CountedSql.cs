using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Application.Audiences;

/// <summary>What customers did, counted for conditions that no feature answers: of some goods, or in other windows than the features'.</summary>
/// <param name="lake">Where events and orders are.</param>
/// <param name="asOf">UTC; the moment of the features, so that all conditions speak of one moment.</param>
/// <param name="unit">In which money is counted.</param>
internal sealed class CountedSql(DataLake lake, DateTime asOf, AmountUnit unit)
{
    private readonly LakeCoverage? coverage = LakeCoverage.Of(lake);

    /// <summary>The feature that is this count; null where it must be counted.</summary>
    public static string? Feature(Did did) => (did.Of, did.What, did.Days) switch
    {
        (null, Doing.Views, null) => "x_views",
        (null, Doing.Views, 7 or 30 or 90) => string.Create(CultureInfo.InvariantCulture, $"x_views_{did.Days}"),
        (null, Doing.Carts, 7 or 30 or 90) => string.Create(CultureInfo.InvariantCulture, $"x_carts_{did.Days}"),
        (null, Doing.Orders, null) => "x_orders",
        (null, Doing.Orders, 90 or 365) => string.Create(CultureInfo.InvariantCulture, $"x_orders_{did.Days}"),
        (null, Doing.Spend, null) => "x_monetary",
        _ => null,
    };

    /// <summary>Whether somebody counted it through the whole window, as SQL: else it is not known, which is not 0.</summary>
    public string Known(Did did) => coverage is null
        ? "true"
        : coverage.Spans(did.What switch
        {
            Doing.Views => "events:view",
            Doing.Carts => "events:cart",
            Doing.Purchases or Doing.Orders or Doing.Spend => "orders",
            _ => throw new ArgumentOutOfRangeException(nameof(did)),
        }, DataLake.Moment(asOf), did.Days);

    /// <summary>A query <c>customer_id, n</c>; who did nothing is not in it.</summary>
    public string Sql(Did did, int? bucket)
    {
        var lines = did.What is Doing.Purchases || did.Of is not null;
        var (source, counted) = did.What switch
        {
            Doing.Views => (Events("view"), "count(*)"),
            Doing.Carts => (Events("cart"), "count(*)"),
            Doing.Purchases => (lake.CountedLines(), "count(*)"),
            Doing.Orders => lines ? (lake.CountedLines(), "count(DISTINCT (source, order_id))") : (lake.CountedOrders(), "count(*)"),
            Doing.Spend => lines
                ? (lake.CountedLines(), unit.Sql("sum(unit_price_minor * quantity - coalesce(discount_minor, 0))"))
                : (lake.CountedOrders(), unit.Sql("sum(list_minor - discount_minor)")),
            _ => throw new ArgumentOutOfRangeException(nameof(did)),
        };
        var window = did.Days is { } days ? string.Create(CultureInfo.InvariantCulture, $""" AND "at" >= {DataLake.Moment(asOf)} - INTERVAL {days} DAY""") : "";
        var within = bucket is { } one ? string.Create(CultureInfo.InvariantCulture, $" AND bucket = {one}") : "";
        return $"""
            SELECT customer_id, ({counted})::DOUBLE AS n FROM {source}
            WHERE customer_id IS NOT NULL AND "at" < {DataLake.Moment(asOf)}{window}{within}{Goods(did.Of, ofLines: did.What is not (Doing.Views or Doing.Carts))} GROUP BY 1
            """;
    }

    private string Events(string type) => $"(SELECT * FROM {lake.Source(LakeTable.Events)} WHERE type = '{type}')";

    private string Goods(Goods? goods, bool ofLines)
    {
        if (goods is null)
            return "";
        var key = DataLake.Quote(goods.Key);
        if (goods.Kind == GoodsKind.Sku)
            return $" AND sku = '{key}'";
        if (goods.Kind == GoodsKind.Brand)
            return $" AND sku IN (SELECT sku FROM {lake.Source(LakeTable.Products)} WHERE brand = '{key}')";
        // A line may say its own category; a category lies in those above it.
        return ofLines
            ? $" AND {InCategory("category", key)}"
            : $" AND sku IN (SELECT sku FROM {lake.Source(LakeTable.Products)} WHERE {InCategory("category", key)})";
    }

    private static string InCategory(string column, string key) => $"({column} = '{key}' OR starts_with({column}, '{key}/'))";
}
