namespace CampaignManager.Engine.Offers;

/// <summary>A campaign's local days as a half-open UTC interval. Null start: from launch; null end: open.</summary>
public sealed record ScheduleInterval(DateTime? StartUtc, DateTime? EndUtc)
{
    /// <summary>
    /// From the first instant of the start day to the first instant of the day after the end day, in the schedule's own zone: an end day counts
    /// whole, also when the clocks change on it. With times, from the one and before the other.
    /// </summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not known.</exception>
    public static ScheduleInterval ToUtc(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        return new ScheduleInterval(
            schedule.Start is { } start ? FirstInstant(start.Day, start.Time, zone) : null,
            schedule.End is not { } end ? null : FirstInstant(end.Time is null ? end.Day.AddDays(1) : end.Day, end.Time, zone));
    }

    /// <summary>True from the start on and before the end.</summary>
    public bool Contains(DateTime utc) => (StartUtc is null || utc >= StartUtc) && (EndUtc is null || utc < EndUtc);

    private static DateTime FirstInstant(DateOnly day, TimeOnly? time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time ?? TimeOnly.MinValue, DateTimeKind.Unspecified);
        // A moment that clocks jump over comes when the gap ends, and so does the day where they jump over midnight; Samoa once jumped over a whole day.
        while (zone.IsInvalidTime(local))
            local = local.AddSeconds(-local.Second).AddMinutes(1);
        // Where it comes twice the first counts: the one with the larger offset.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
