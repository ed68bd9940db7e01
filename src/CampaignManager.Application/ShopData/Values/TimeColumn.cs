using System.Globalization;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Values;

/// <summary>
/// Times of one column. Whether the day or the month stands first, and what a plain number counts, is judged over all its cells.
/// </summary>
internal sealed class TimeColumn(IReadOnlyList<string> formats)
{
    private readonly long[] byOrder = new long[Enum.GetValues<DateOrder>().Length];
    private long onlyDayFirst;
    private long onlyMonthFirst;
    private long eitherWay;
    private bool? answeredDayFirst;

    public long Filled { get; private set; }

    public long Faulty { get; private set; }

    public long Repaired { get; private set; }

    /// <summary>Times that say no offset themselves.</summary>
    public long WithoutOffset { get; private set; }

    /// <summary>One that can be read in two ways, for the question.</summary>
    public string? Example { get; private set; }

    /// <summary>No cell tells the day from the month, or they contradict each other.</summary>
    public bool IsOpen => answeredDayFirst is null && eitherWay > 0 && (onlyDayFirst > 0) == (onlyMonthFirst > 0);

    public bool DayFirst => answeredDayFirst ?? (onlyDayFirst >= onlyMonthFirst);

    public string Format =>
        byOrder.Sum() == 0 ? formats is [var first, ..] ? first : "none" : (DateOrder)Array.IndexOf(byOrder, byOrder.Max()) switch
        {
            DateOrder.YearFirst => WithoutOffset > 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss zzz",
            DateOrder.DayOrMonthFirst => DayFirst ? "d/M/yyyy" : "M/d/yyyy",
            DateOrder.MonthByName => "MMM d, yyyy",
            DateOrder.EpochSeconds => "epoch-s",
            DateOrder.EpochMilliseconds => "epoch-ms",
            DateOrder.EpochMicroseconds => "epoch-us",
            _ => "spreadsheet-day",
        };

    public void Answer(bool dayFirst) => answeredDayFirst = dayFirst;

    public void See(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        Filled++;
        if (CsvNumber.IsMissing(text))
        {
            Repaired++;
            return;
        }

        if (ByFormat(text) is { } exact)
        {
            WithoutOffset += exact.Offset is null ? 1 : 0;
            return;
        }

        if (TimeText.Read(text) is not { } time || (time.Local(dayFirst: true) is null && time.Local(dayFirst: false) is null))
        {
            Faulty++;
            return;
        }

        byOrder[(int)time.Order]++;
        WithoutOffset += time.Offset is null ? 1 : 0;
        if (time.Order != DateOrder.DayOrMonthFirst || time.DayFirstBySign)
            return;
        var (day, month) = (time.Local(dayFirst: true), time.Local(dayFirst: false));
        if (day is not null && month is not null)
        {
            eitherWay += day == month ? 0 : 1;
            Example ??= day == month ? null : text.ToString();
        }
        else if (day is not null)
        {
            onlyDayFirst++;
        }
        else
        {
            onlyMonthFirst++;
        }
    }

    /// <returns>Null where the cell holds nothing or no time; which is <paramref name="faulty"/>.</returns>
    public LocalTime? Read(ReadOnlySpan<char> text, out bool faulty)
    {
        faulty = false;
        if (text.IsEmpty || CsvNumber.IsMissing(text))
            return null;
        if (ByFormat(text) is { } exact)
            return exact;
        if (TimeText.Read(text) is { } time && time.Local(DayFirst) is { } local)
            return new LocalTime(local, time.Offset);
        faulty = true;
        return null;
    }

    private LocalTime? ByFormat(ReadOnlySpan<char> text)
    {
        foreach (var format in formats)
        {
            var says = format.Contains('z', StringComparison.Ordinal) || format.Contains('K', StringComparison.Ordinal);
            if (says && DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var with))
                return new LocalTime(with.DateTime, with.Offset);
            if (!says && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var without))
                return new LocalTime(DateTime.SpecifyKind(without, DateTimeKind.Unspecified), null);
        }

        return null;
    }
}

/// <summary>A time as a file says it.</summary>
/// <param name="Offset">Null: it says none, and a zone tells.</param>
internal readonly record struct LocalTime(DateTime At, TimeSpan? Offset);

/// <summary>What of a time had to be decided.</summary>
internal enum ClockTurn
{
    None,

    /// <summary>The hour came twice; the first is taken.</summary>
    Twice,

    /// <summary>The hour did not come; the time is read as after the gap.</summary>
    Gap,
}

internal static class ZoneClock
{
    /// <summary>Some sources write a time twice, and name the one in UTC (<c>date_created_gmt</c>).</summary>
    public static bool IsUtc(string column) =>
        column.EndsWith("_gmt", StringComparison.OrdinalIgnoreCase) || column.EndsWith("_utc", StringComparison.OrdinalIgnoreCase)
        || column.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase) || column.EndsWith("(UTC)", StringComparison.OrdinalIgnoreCase)
        || column.EndsWith("(GMT)", StringComparison.OrdinalIgnoreCase);

    /// <summary>The zone that a template or a column's name says; null: neither does.</summary>
    public static TimeZoneInfo? Of(string? said, string column) =>
        said is not null ? TimeZoneInfo.FindSystemTimeZoneById(said) : IsUtc(column) ? TimeZoneInfo.Utc : null;

    /// <summary>UTC of a time. An offset in the file wins over the zone.</summary>
    public static DateTime ToUtc(LocalTime time, TimeZoneInfo? zone, out ClockTurn turn)
    {
        turn = ClockTurn.None;
        if (time.Offset is { } said)
            return DateTime.SpecifyKind(time.At - said, DateTimeKind.Utc);
        if (zone is null)
            throw new InvalidOperationException("A time without an offset needs a zone.");
        var local = DateTime.SpecifyKind(time.At, DateTimeKind.Unspecified);
        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            turn = ClockTurn.Twice;
            offset = zone.GetAmbiguousTimeOffsets(local).Max();
        }
        else if (zone.IsInvalidTime(local))
        {
            turn = ClockTurn.Gap;
            // The offset that held before the clocks went forward puts it as far behind the gap as it lay inside.
            offset = zone.GetUtcOffset(local.AddHours(-3));
        }

        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
