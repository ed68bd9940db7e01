using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Money;
using DuckDB.NET.Data;

namespace CampaignManager.Application.FirstSteps;

/// <summary>What the shop's orders are, before anything is computed from them.</summary>
/// <param name="Currency">Of most orders; the shop's where they do not say.</param>
/// <param name="OtherCurrencies">Orders in another one: they are not in any amount.</param>
/// <param name="Customers">Who ordered, without guests.</param>
/// <param name="CostShare">Share of the money of lines whose unit cost is known, 0..1.</param>
/// <param name="KnownMargin">Margin on those, as a share of the price; null without any.</param>
public sealed record ShopOrders(
    long Orders, long Customers, long GuestOrders, DateTime From, DateTime To, string Currency, long OtherCurrencies, long Products, long Regions, double CostShare, double? KnownMargin)
{
    /// <summary>Costs of most of what is sold speak for the shop; of less they may be those of the cheap goods.</summary>
    public const double EnoughCosts = 0.8;

    /// <returns>Null: there are none.</returns>
    internal static ShopOrders? Read(DataLake lake, DuckDBConnection connection, ShopSettings shop)
    {
        if (!lake.HasRows(LakeTable.Orders))
            return null;
        var all = connection.Query<Totals?>(
            $"""
            SELECT count(*), count(DISTINCT customer_id) FILTER (NOT starts_with(customer_id, '{DataLake.GuestPrefix}')),
                   count(*) FILTER (starts_with(customer_id, '{DataLake.GuestPrefix}')), min("at"), max("at"),
                   coalesce(mode(currency), '')
            FROM {lake.CountedOrders()}
            """,
            r => r.GetInt64(0) == 0 ? null : new Totals(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), Utc(r, 3), Utc(r, 4), r.GetString(5)))[0];
        if (all is null)
            return null;
        var currency = all.Currency.Length > 0 && Engine.Money.Currency.TryGet(all.Currency, out _) ? all.Currency : shop.Currency;
        var others = connection.Scalar<long>($"SELECT count(*) FROM {lake.CountedOrders()} WHERE currency IS NOT NULL AND currency <> '{currency}'");
        var (costShare, margin) = Costs(lake, connection);
        return new ShopOrders(
            all.Orders, all.Customers, all.Guests, all.From, all.To, currency, others,
            connection.Scalar<long>($"SELECT count(*) FROM {lake.Source(LakeTable.Products)}"),
            connection.Scalar<long>($"SELECT count(DISTINCT region) FROM {lake.Source(LakeTable.Customers)}"), costShare, margin);
    }

    /// <summary>Orders of the shop's currency in the year before the last one, as SQL, with <c>paid</c>: the goods' money in major units, net of discounts.</summary>
    internal string LastYear(DataLake lake)
    {
        var digits = Engine.Money.Currency.Get(Currency).MinorPerMajor;
        return string.Create(CultureInfo.InvariantCulture, $"""
            (SELECT *, (list_minor - discount_minor) / {digits}.0 AS paid FROM {lake.CountedOrders()}
             WHERE coalesce(currency, '{Currency}') = '{Currency}' AND "at" > {DataLake.Moment(To)} - INTERVAL 365 DAY)
            """);
    }

    private static (double Share, double? Margin) Costs(DataLake lake, DuckDBConnection connection)
    {
        const string Paid = "(unit_price_minor * quantity - coalesce(discount_minor, 0))";
        return connection.Query<(double, double?)>(
            $"""
            SELECT coalesce(sum({Paid}) FILTER (unit_cost_minor IS NOT NULL), 0)::DOUBLE, coalesce(sum({Paid}), 0)::DOUBLE,
                   coalesce(sum({Paid} - unit_cost_minor * quantity) FILTER (unit_cost_minor IS NOT NULL), 0)::DOUBLE
            FROM {lake.CountedLines()} WHERE quantity > 0
            """,
            r => r.GetDouble(0) > 0 ? (r.GetDouble(0) / r.GetDouble(1), r.GetDouble(2) / r.GetDouble(0)) : (0, null))[0];
    }

    private sealed record Totals(long Orders, long Customers, long Guests, DateTime From, DateTime To, string Currency);

    private static DateTime Utc(DuckDBDataReader r, int column) => DateTime.SpecifyKind(r.GetDateTime(column), DateTimeKind.Utc);
}
