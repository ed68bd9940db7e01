namespace CampaignManager.Engine.Offers;

/// <summary>A campaign's local days as a half-open UTC interval. Null start: from launch; null end: open.</summary>
public sealed record ScheduleInterval(DateTime? StartUtc, DateTime? EndUtc)
{
    /// <summary>
    /// From the first instant of the start day to the first instant of the day after the end day, in the schedule's own zone: an end day counts
    /// whole, also when the clocks change on it.
    /// </summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not known.</exception>
    public static ScheduleInterval ToUtc(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        return new ScheduleInterval(
            schedule.Start is { } start ? FirstInstant(start, zone) : null,
            schedule.End is { } end ? FirstInstant(end.AddDays(1), zone) : null);
    }

    /// <summary>True from the start on and before the end.</summary>
    public bool Contains(DateTime utc) => (StartUtc is null || utc >= StartUtc) && (EndUtc is null || utc < EndUtc);

    private static DateTime FirstInstant(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        // Where clocks jump over midnight the day begins when the gap ends; Samoa once jumped over a whole day.
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        // Where midnight comes twice the day begins with the first: the one with the larger offset.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
