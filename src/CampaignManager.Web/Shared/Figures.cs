using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Web.Shared;

/// <summary>How figures are written everywhere: money with its sign, percent apart from percent points, intervals in brackets.</summary>
public static class Figures
{
    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["CNY"] = "¥",
        ["JPY"] = "¥",
        ["USD"] = "$",
        ["EUR"] = "€",
        ["GBP"] = "£",
    };

    /// <summary>Whole major units: estimates carry no cents.</summary>
    public static string Money(double amount, string currency, bool sign = false)
    {
        var symbol = Symbols.GetValueOrDefault(currency, currency + " ");
        var rounded = Math.Round(amount, MidpointRounding.AwayFromZero);
        var prefix = rounded < 0 ? "−" : sign && rounded > 0 ? "+" : "";
        return prefix + symbol + Math.Abs(rounded).ToString("N0", CultureInfo.CurrentCulture);
    }

    /// <summary>A customer's or an order's amount, with the currency's own digits.</summary>
    public static string Amount(double amount, string currency, bool sign = false)
    {
        var digits = Currency.TryGet(currency, out var known) ? known.FractionDigits : 2;
        var rounded = Math.Round(amount, digits, MidpointRounding.AwayFromZero);
        var prefix = rounded < 0 ? "−" : sign && rounded > 0 ? "+" : "";
        return prefix + Symbols.GetValueOrDefault(currency, currency.Length == 0 ? "" : currency + " ") + Math.Abs(rounded).ToString("N" + digits, CultureInfo.CurrentCulture);
    }

    public static string MoneyInterval(double low, double high, string currency) => Interval(Money(low, currency), Money(high, currency));

    /// <summary>From the lower to the upper end, as the reader's language writes it.</summary>
    public static string Interval(string low, string high) => IsChinese ? $"[{low} ~ {high}]" : $"[{low} .. {high}]";

    private static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    public static string Percent(double share, int digits = 1) => (share * 100).ToString("N" + digits, CultureInfo.CurrentCulture) + "%";

    /// <summary>A difference of shares in percent points, with its sign.</summary>
    public static string Points(double share, bool unit = true, int digits = 1)
    {
        var points = Math.Round(share * 100, digits, MidpointRounding.AwayFromZero);
        var text = (points < 0 ? "−" : "+") + Math.Abs(points).ToString("N" + digits, CultureInfo.CurrentCulture);
        return unit ? text + (IsChinese ? "个百分点" : " pp") : text;
    }

    public static string PointsInterval(double low, double high) => Interval(Points(low, unit: false), Points(high, unit: false));

    /// <summary>A score: three digits.</summary>
    public static string Decimal(double number) => number.ToString("N3", CultureInfo.CurrentCulture).Replace('-', '−');

    public static string Count(double number)
    {
        var rounded = Math.Round(number, MidpointRounding.AwayFromZero);
        return (rounded < 0 ? "−" : "") + Math.Abs(rounded).ToString("N0", CultureInfo.CurrentCulture);
    }

    public static string Ratio(double? ratio) => ratio is { } value ? (value < 0 ? "−" : "") + Math.Abs(value).ToString("N2", CultureInfo.CurrentCulture) : "–";

    /// <summary>Nothing for an interval without ends.</summary>
    public static string RatioInterval(double? low, double? high) => low is null || high is null ? "" : Interval(Ratio(low), Ratio(high));

    /// <summary>Colour only where the interval excludes zero.</summary>
    public static string Tone(double low, double high) => low > 0 ? "gain" : high < 0 ? "loss" : "muted";
}
