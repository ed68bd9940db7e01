using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.FirstSteps;

/// <summary>Where a margin is from.</summary>
public enum MarginSource
{
    /// <summary>Nobody said: it has to be asked.</summary>
    Unknown,

    /// <summary>Typed beside the offer.</summary>
    Typed,

    /// <summary>From the unit costs of what was sold.</summary>
    Costs,

    /// <summary>The shop's settings.</summary>
    Settings,
}

/// <summary>What the offer means for the orders of the last year. Money in major units.</summary>
/// <param name="MarginShare">Gross margin as a share of the price; null when nobody said.</param>
/// <param name="Orders">Orders of the year.</param>
/// <param name="Earning">Of them those that would have earned it.</param>
/// <param name="Margin">Mean margin of these, before the offer; null without a margin or without any.</param>
/// <param name="Discount">What it takes off such an order on average; null without any.</param>
public sealed record OfferEconomics(double? MarginShare, MarginSource MarginFrom, long Orders, long Earning, double? Margin, double? Discount)
{
    public double EarningShare => Orders == 0 ? 0 : (double)Earning / Orders;

    internal static OfferEconomics Read(DataLake lake, DuckDBConnection connection, ShopOrders shop, OfferQuestion question, double? margin, MarginSource from)
    {
        var spend = (question.Spend ?? 0).ToString(CultureInfo.InvariantCulture);
        var off = question.Percent is { } percent
            ? string.Create(CultureInfo.InvariantCulture, $"avg(paid) FILTER (paid >= {spend}) * {percent} / 100.0")
            : string.Create(CultureInfo.InvariantCulture, $"{question.Off}::DOUBLE");
        return connection.Query(
            $"SELECT count(*), count(*) FILTER (paid >= {spend}), avg(paid) FILTER (paid >= {spend}), {off} FROM {shop.LastYear(lake)} WHERE paid > 0",
            r => r.GetInt64(1) == 0
                ? new OfferEconomics(margin, from, r.GetInt64(0), 0, null, null)
                : new OfferEconomics(margin, from, r.GetInt64(0), r.GetInt64(1), margin * r.GetDouble(2), r.GetDouble(3)))[0];
    }
}
