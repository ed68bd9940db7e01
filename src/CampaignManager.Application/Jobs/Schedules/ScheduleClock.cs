using Cronos;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>
/// When a cron expression falls due by the clock of a zone. A time that the spring change skips falls due right after the gap; one that the autumn
/// change repeats falls due once.
/// </summary>
public sealed class ScheduleClock
{
    private readonly CronExpression expression;
    private readonly TimeZoneInfo zone;

    private ScheduleClock(CronExpression expression, TimeZoneInfo zone)
    {
        this.expression = expression;
        this.zone = zone;
    }

    public TimeZoneInfo Zone => zone;

    /// <summary>Reads a cron expression of five fields and an IANA zone; a failure names the field that is wrong.</summary>
    public static Outcome<ScheduleClock> Read(string cron, string zoneId)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone) || !zone.HasIanaId)
            return Failure.Invalid("zone", $"'{zoneId}' is not a time zone, for example Asia/Shanghai.");
        if (CronFault.Of(cron) is { } fault)
            return Failure.Invalid("cron", fault.Sentence);
        return new ScheduleClock(CronExpression.Parse(cron.Trim(), CronFormat.Standard), zone);
    }

    /// <summary>The next due times (UTC), soonest first; fewer when there are no more.</summary>
    public IReadOnlyList<DateTime> Next(DateTime afterUtc, int count)
    {
        var times = new List<DateTime>(count);
        for (var next = expression.GetNextOccurrence(afterUtc, zone); next is { } due && times.Count < count; next = expression.GetNextOccurrence(due, zone))
            times.Add(due);
        return times;
    }

    /// <summary>The last time it fell due after one moment and up to another; null when it did not.</summary>
    public DateTime? LastDue(DateTime afterUtc, DateTime untilUtc)
    {
        DateTime? last = null;
        if (afterUtc < untilUtc)
        {
            foreach (var due in expression.GetOccurrences(afterUtc, untilUtc, zone, fromInclusive: false, toInclusive: true))
                last = due;
        }

        return last;
    }
}
