using System.Globalization;

namespace CampaignManager.Engine.Money;

/// <summary>Amounts as people read them in offers: ¥1,200, ¥12.50, JP¥500; digits after the point only when there are any.</summary>
public static class MoneyText
{
    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["CNY"] = "¥",
        ["USD"] = "$",
        ["EUR"] = "€",
        ["GBP"] = "£",
        ["JPY"] = "JP¥",
        ["KRW"] = "₩",
        ["HKD"] = "HK$",
        ["TWD"] = "NT$",
        ["SGD"] = "S$",
        ["AUD"] = "A$",
        ["CAD"] = "C$",
        ["NZD"] = "NZ$",
        ["INR"] = "₹",
        ["VND"] = "₫",
        ["THB"] = "฿",
        ["PHP"] = "₱",
        ["BRL"] = "R$",
        ["MXN"] = "MX$",
        ["ILS"] = "₪",
        ["TRY"] = "₺",
    };

    /// <summary>The currency's sign, or its code and a space where there is no usual sign.</summary>
    public static string Sign(string currency) => Symbols.TryGetValue(currency, out var symbol) ? symbol : currency + " ";

    /// <summary>A major-unit amount with its sign, e.g. <c>−¥12.50</c>.</summary>
    public static string Of(decimal major, string currency, CultureInfo culture) =>
        (major < 0 ? "−" : "") + Sign(currency) + Figure(Math.Abs(major), currency, culture);

    /// <summary>Minor units with the currency's sign.</summary>
    public static string OfMinor(long minor, string currency, CultureInfo culture) =>
        Of(Currency.TryGet(currency, out var known) ? known.ToMajor(minor) : minor, currency, culture);

    /// <summary>The amount without the sign: whole amounts without a point, others with all the currency's digits.</summary>
    public static string Figure(decimal major, string currency, CultureInfo culture)
    {
        var digits = Currency.TryGet(currency, out var known) ? known.FractionDigits : 2;
        return major.ToString(major == decimal.Truncate(major) ? "N0" : string.Create(CultureInfo.InvariantCulture, $"N{digits}"), culture);
    }
}
