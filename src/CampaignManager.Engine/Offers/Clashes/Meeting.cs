using System.Globalization;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Engine.Offers.Clashes;

/// <summary>Whether two campaigns can ever meet: in time, and in customers.</summary>
public static class Meeting
{
    // Weekly hours repeat: what does not meet within two weeks of any stretch hardly ever does.
    private const int DaysLooked = 15;

    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The stretch in which both run, from a moment on; null when they never do. Weekly hours are compared in each one's own zone.</summary>
    /// <param name="a">When one runs, UTC; and its schedule, for its hours.</param>
    /// <param name="b">The same of the other.</param>
    /// <param name="from">Nothing before counts, UTC.</param>
    public static ScheduleInterval? InTime((ScheduleInterval Span, Schedule Schedule) a, (ScheduleInterval Span, Schedule Schedule) b, DateTime from)
    {
        var start = Later(Later(a.Span.StartUtc, b.Span.StartUtc), from)!.Value;
        var end = Earlier(a.Span.EndUtc, b.Span.EndUtc);
        if (end <= start)
            return null;
        var looked = Earlier(end, start.AddDays(DaysLooked))!.Value;
        var (mine, theirs) = (Hours(a.Schedule, start, looked), Hours(b.Schedule, start, looked));
        return mine.Any(m => theirs.Any(t => m.From < t.To && t.From < m.To)) ? new ScheduleInterval(start, end) : null;
    }

    /// <summary>Whether a customer can be in both audiences, as far as the rules alone say.</summary>
    public static bool InCustomers(Audience a, Audience b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Overlap(a.CustomerKinds, b.CustomerKinds) && Overlap(a.Channels, b.Channels) && Overlap(a.Regions, b.Regions)
            && !Within(a.AnyOf, b.NoneOf) && !Within(b.AnyOf, a.NoneOf);

        static bool Overlap(IReadOnlyList<string> one, IReadOnlyList<string> two) => one.Count == 0 || two.Count == 0 || one.Intersect(two, StringComparer.Ordinal).Any();

        static bool Within(IReadOnlyList<string> wanted, IReadOnlyList<string> barred) => wanted.Count > 0 && wanted.All(barred.Contains);
    }

    private static DateTime? Later(DateTime? a, DateTime? b) => a is null || b > a ? b : a;

    private static DateTime? Earlier(DateTime? a, DateTime? b) => a is null || b < a ? b : a;

    private static List<(DateTime From, DateTime To)> Hours(Schedule schedule, DateTime start, DateTime end)
    {
        if (schedule.Weekly.Count == 0)
            return [(start, end)];
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        var first = TimeZoneInfo.ConvertTimeFromUtc(start, zone).Date;
        var last = TimeZoneInfo.ConvertTimeFromUtc(end, zone).Date;
        List<(DateTime, DateTime)> hours = [];
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            foreach (var window in schedule.Weekly.Where(w => w.Days.Contains(Days[(int)day.DayOfWeek])))
            {
                var (from, to) = (Utc(day, window.From, zone), Utc(day, window.To, zone));
                (from, to) = (from < start ? start : from, to > end ? end : to);
                if (from < to)
                    hours.Add((from, to));
            }
        }

        return hours;
    }

    private static DateTime Utc(DateTime day, string time, TimeZoneInfo zone)
    {
        var minutes = int.Parse(time.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60 + int.Parse(time.AsSpan(3, 2), CultureInfo.InvariantCulture);
        var local = DateTime.SpecifyKind(day.AddMinutes(minutes), DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        return TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }
}
