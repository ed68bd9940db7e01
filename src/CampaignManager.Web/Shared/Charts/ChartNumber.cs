using System.Globalization;

namespace CampaignManager.Web.Shared.Charts;

/// <summary>How a chart writes its figures, in the axis, the tooltip and the table alike.</summary>
/// <param name="Kind"><c>number</c>, <c>percent</c> (0.12 is 12 %), <c>points</c> (0.012 is +1.2 percentage points), <c>money</c> or <c>day</c>.</param>
/// <param name="Decimals">Digits after the point; null lets the size of the figure decide.</param>
/// <param name="Currency">ISO code of money.</param>
public sealed record ChartNumber(string Kind, int? Decimals = null, string? Currency = null)
{
    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);

    public static ChartNumber Number { get; } = new("number");

    /// <summary>Counts of customers, orders, rows.</summary>
    public static ChartNumber Whole { get; } = new("number", 0);

    public static ChartNumber Percent { get; } = new("percent", 1);

    /// <summary>Differences of shares: never mixed up with percent.</summary>
    public static ChartNumber Points { get; } = new("points", 1);

    /// <summary>Days of the calendar, as <see cref="OfDay"/> counts them.</summary>
    public static ChartNumber Day { get; } = new("day");

    /// <summary>A day as a figure of a chart: days since 1970.</summary>
    public static double OfDay(DateOnly day) => day.DayNumber - First.DayNumber;

    public static ChartNumber Money(string currency, int decimals = 0) => new("money", decimals, currency);

    /// <summary>Whether nothing but zeros is left of a figure that this writes.</summary>
    public bool RoundsToZero(double value) => !Write(value, "").AsSpan().ContainsAnyInRange('1', '9');

    /// <param name="points">The reader's word for percentage points ("pp").</param>
    public string Write(double? value, string points)
    {
        if (value is not { } v || !double.IsFinite(v))
            return "–";
        if (Kind == "day")
            return Moments.Day(First.AddDays((int)v));
        var culture = CultureInfo.CurrentCulture;
        var written = Kind switch
        {
            "percent" => (v * 100).ToString("N" + (Decimals ?? 1), culture) + "%",
            "points" => (v * 100).ToString(string.Create(CultureInfo.InvariantCulture, $"+#,0.{new string('0', Decimals ?? 1)};-#,0.{new string('0', Decimals ?? 1)};0"), culture) + " " + points,
            "money" => v.ToString("N" + (Decimals ?? 0), culture) + " " + Currency,
            _ => Decimals is { } digits ? v.ToString("N" + digits, culture) : v.ToString("G4", culture),
        };
        // The minus sign of the pages, not a hyphen.
        return written.Replace('-', '−');
    }

    /// <summary>For a file: the figure as it is, a day as 2026-07-01.</summary>
    public object Raw(double value) => Kind == "day" ? First.AddDays((int)value).ToString("O", CultureInfo.InvariantCulture) : value;
}
