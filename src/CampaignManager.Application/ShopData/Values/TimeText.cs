using System.Buffers;
using System.Globalization;

namespace CampaignManager.Application.ShopData.Values;

/// <summary>In which order a time's text names its day.</summary>
internal enum DateOrder { YearFirst, DayOrMonthFirst, MonthByName, EpochSeconds, EpochMilliseconds, EpochMicroseconds, SheetSerial }

/// <summary>A time as its text says it; which of the first two figures of <c>03/04/2025</c> is the day is not judged here.</summary>
/// <param name="Year">0 where the text is a count since some day.</param>
/// <param name="First">Month, or the first figure where day and month are not told apart.</param>
/// <param name="Second">Day, or the second figure.</param>
/// <param name="OfDay">Ticks since midnight.</param>
/// <param name="Offset">What the text says itself.</param>
/// <param name="Instant">UTC, where the text is a count since 1970.</param>
internal readonly record struct TimeText(DateOrder Order, int Year, int First, int Second, long OfDay, TimeSpan? Offset,
    DateTime? Instant = null)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Dots and the like are written day first everywhere.</summary>
    public bool DayFirstBySign { get; init; }

    public static TimeText? Read(ReadOnlySpan<char> text)
    {
        text = text.Trim().Trim('\'').Trim();
        if (text.Length is < 5 or > 48)
            return null;
        if (!text.ContainsAnyExcept(Digits) && text.Count('.') <= 1)
            return Counted(text);
        return Dated(text);
    }

    /// <summary>The local time (or the instant's), with the day before or after the month.</summary>
    public DateTime? Local(bool dayFirst)
    {
        if (Instant is { } instant)
            return instant;
        var (month, day) = Order == DateOrder.DayOrMonthFirst && (dayFirst || DayFirstBySign) ? (Second, First) : (First, Second);
        if (Year is < 1900 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(Year, month))
            return null;
        return new DateTime(Year, month, day, 0, 0, 0, DateTimeKind.Unspecified).AddTicks(OfDay);
    }

    private static TimeText? Counted(ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        if (dot < 0 && whole.Length is 8 or 14 && whole[0] is '1' or '2' && Packed(whole) is { } packed)
            return packed;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        return whole.Length switch
        {
            5 when number is > 20000 and < 80000 =>
                Since(new DateTime(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified).AddSeconds((double)decimal.Round(number * 86400m))),
            9 or 10 => Instants(DateOrder.EpochSeconds, number * 10_000_000m),
            12 or 13 => Instants(DateOrder.EpochMilliseconds, number * 10_000m),
            15 or 16 => Instants(DateOrder.EpochMicroseconds, number * 10m),
            _ => null,
        };

        static TimeText Since(DateTime day) => new(DateOrder.SheetSerial, day.Year, day.Month, day.Day, day.TimeOfDay.Ticks, null);

        static TimeText Instants(DateOrder order, decimal ticks) =>
            new(order, 0, 0, 0, 0, TimeSpan.Zero, DateTime.UnixEpoch.AddTicks((long)ticks));
    }

    // 20251130 and 20251130142530.
    private static TimeText? Packed(ReadOnlySpan<char> digits)
    {
        var date = int.Parse(digits[..8], CultureInfo.InvariantCulture);
        var (year, month, day) = (date / 10000, date / 100 % 100, date % 100);
        if (year is < 1970 or > 2100 || month is < 1 or > 12 || day is < 1 or > 31)
            return null;
        if (digits.Length == 8)
            return new TimeText(DateOrder.YearFirst, year, month, day, 0, null);
        var time = int.Parse(digits[8..], CultureInfo.InvariantCulture);
        return time / 10000 < 24 && time / 100 % 100 < 60 && time % 100 < 60
            ? new TimeText(DateOrder.YearFirst, year, month, day, new TimeSpan(time / 10000, time / 100 % 100, time % 100).Ticks, null)
            : null;
    }

    private static TimeText? Dated(ReadOnlySpan<char> text)
    {
        var words = new TimeWords(text);
        if (words.Date(Months) is not { } date)
            return null;
        if (words.TimeOfDay() is not { } time)
            return null;
        var (offset, sound) = words.Offset();
        if (!sound)
            return null;
        return new TimeText(date.Order, date.Year, date.First, date.Second, time, offset) { DayFirstBySign = date.Dotted };
    }
}
