using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignManager.Application.Jobs.Schedules;

public enum RhythmKind
{
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Custom,
}

/// <summary>The rhythms people think in, and their cron expressions. Whatever is none of them is <see cref="RhythmKind.Custom"/>.</summary>
/// <param name="Time">Local time; for an hourly rhythm only its minute counts.</param>
/// <param name="Weekday">For a weekly rhythm.</param>
/// <param name="DayOfMonth">1..28, or <see cref="LastDay"/>, for a monthly rhythm.</param>
/// <param name="Cron">For a custom rhythm.</param>
public sealed partial record Rhythm(RhythmKind Kind, TimeOnly Time, DayOfWeek Weekday = DayOfWeek.Monday, int DayOfMonth = 1, string Cron = "")
{
    public const int LastDay = 0;

    public static Rhythm Of(string cron)
    {
        var match = Plain().Match(cron.Trim());
        if (!match.Success || Number(match, "minute") is not { } minute)
            return Custom(cron);
        var (hour, day, weekday) = (Number(match, "hour"), match.Groups["day"].Value, match.Groups["weekday"].Value);
        var time = new TimeOnly(hour ?? 0, minute);
        return (hour, day, weekday) switch
        {
            (null, "*", "*") => new Rhythm(RhythmKind.Hourly, time),
            (null, _, _) => Custom(cron),
            (_, "*", "*") => new Rhythm(RhythmKind.Daily, time),
            (_, "*", _) => new Rhythm(RhythmKind.Weekly, time, (DayOfWeek)(int.Parse(weekday, CultureInfo.InvariantCulture) % 7)),
            (_, "L", "*") => new Rhythm(RhythmKind.Monthly, time, DayOfMonth: LastDay),
            (_, _, "*") when int.Parse(day, CultureInfo.InvariantCulture) is >= 1 and <= 28 and var number => new Rhythm(RhythmKind.Monthly, time, DayOfMonth: number),
            _ => Custom(cron),
        };
    }

    public string ToCron() => Kind switch
    {
        RhythmKind.Hourly => string.Create(CultureInfo.InvariantCulture, $"{Time.Minute} * * * *"),
        RhythmKind.Daily => string.Create(CultureInfo.InvariantCulture, $"{Time.Minute} {Time.Hour} * * *"),
        RhythmKind.Weekly => string.Create(CultureInfo.InvariantCulture, $"{Time.Minute} {Time.Hour} * * {(int)Weekday}"),
        RhythmKind.Monthly when DayOfMonth == LastDay => string.Create(CultureInfo.InvariantCulture, $"{Time.Minute} {Time.Hour} L * *"),
        RhythmKind.Monthly => string.Create(CultureInfo.InvariantCulture, $"{Time.Minute} {Time.Hour} {DayOfMonth} * *"),
        RhythmKind.Custom => Cron.Trim(),
        _ => throw new InvalidOperationException($"No cron expression for {Kind}."),
    };

    private static Rhythm Custom(string cron) => new(RhythmKind.Custom, new TimeOnly(3, 0), Cron: cron.Trim());

    private static int? Number(Match match, string group) => int.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?<minute>[0-5]?\d)\s+(?<hour>\*|1?\d|2[0-3])\s+(?<day>\*|L|\d{1,2})\s+\*\s+(?<weekday>\*|[0-7])$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
