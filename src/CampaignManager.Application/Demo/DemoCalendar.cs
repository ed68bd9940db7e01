using System.Globalization;

namespace CampaignManager.Application.Demo;

/// <summary>
/// The shop's time: local days (UTC+8) from the start of the history, with how busy each is. 11.11, 6.18 and 12.12 lift demand, the Spring Festival
/// week and the days before it lower it, weekends are livelier, and within a day most happens at lunch and in the evening.
/// </summary>
internal sealed class DemoCalendar
{
    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);
    private static readonly double[] Week = [1.12, 0.94, 0.93, 0.94, 0.97, 1.02, 1.14]; // Sunday first

    // Share of a day's doings by hour, for people of the day, of the evening and of the night.
    private static readonly double[][] Hours =
    [
        Shape([1, .5, .3, .2, .2, .4, 1, 2, 3.5, 5, 6, 6, 7, 6, 5, 5, 5, 5, 4.5, 5, 6, 5.5, 4, 2]),
        Shape([1.5, .6, .3, .2, .2, .3, .7, 1.5, 2.5, 3, 3.5, 4, 6, 4.5, 3, 3, 3, 3.5, 5, 7.5, 10, 10.5, 8, 4]),
        Shape([6, 3.5, 2, 1, .5, .4, .5, 1, 1.5, 2, 2.5, 3, 4, 3.5, 3, 3, 3, 3, 3.5, 5, 7, 9, 10, 9]),
    ];

    private readonly double[] cumulative;

    public DemoCalendar(DateOnly start, DateOnly end, int daysAhead)
    {
        First = start;
        Days = end.DayNumber - start.DayNumber;
        Origin = start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - Offset;
        cumulative = new double[Days + daysAhead + 1];
        for (var day = 0; day < cumulative.Length - 1; day++)
            cumulative[day + 1] = cumulative[day] + Season(start.AddDays(day));
    }

    public DateOnly First { get; }

    /// <summary>Length of the history.</summary>
    public int Days { get; }

    /// <summary>Length of the calendar: the history and some days ahead.</summary>
    public int Length => cumulative.Length - 1;

    /// <summary>UTC of the first local midnight.</summary>
    public DateTime Origin { get; }

    /// <summary>Busy-days between two times: the days between, each weighted by its season. Times before the history count plainly.</summary>
    public double Busy(double from, double to) => At(to) - At(from);

    /// <summary>The time at which so many busy-days have passed since <paramref name="from"/>; beyond the calendar: infinity.</summary>
    public double After(double from, double busy)
    {
        var target = At(from) + busy;
        if (target >= cumulative[^1])
            return double.PositiveInfinity;
        if (target < 0)
            return target;
        var day = Array.BinarySearch(cumulative, target);
        if (day < 0)
            day = ~day - 1;
        return day + ((target - cumulative[day]) / (cumulative[day + 1] - cumulative[day]));
    }

    /// <summary>UTC of a time whose fraction of the day is a share of the day's doings; <paramref name="habit"/> 0, 1, 2: day, evening, night.</summary>
    public DateTime Moment(double time, int habit)
    {
        var day = Math.Floor(time);
        var cdf = Hours[habit];
        var share = time - day;
        var hour = 0;
        while (cdf[hour + 1] <= share)
            hour++;
        var within = (share - cdf[hour]) / (cdf[hour + 1] - cdf[hour]);
        return Origin.AddSeconds(Math.Floor(((day * 24) + hour + within) * 3600));
    }

    public DateTime Midnight(double day) => Origin.AddDays(day);

    private static double Season(DateOnly date)
    {
        var level = Week[(int)date.DayOfWeek] * (date.Month, date.Day) switch
        {
            (11, 11) => 3.0,
            (11, <= 10) => 1.3,
            (11, <= 16) => 0.85,
            (6, 18) => 2.4,
            (6, >= 8 and < 18) => 1.2,
            (6, >= 19 and <= 24) => 0.9,
            (12, 12) => 1.8,
            (9, >= 28) or (10, <= 7) => 0.92,
            _ => 1.0,
        };
        var fromFestival = date.DayNumber - SpringFestival(date.Year).DayNumber;
        return level * fromFestival switch
        {
            >= -2 and <= 5 => 0.45,
            >= -6 and <= 8 => 0.75,
            >= -25 and < -6 => 1.12,
            _ => 1.0,
        };
    }

    private static DateOnly SpringFestival(int year) => DateOnly.FromDateTime(Lunar.ToDateTime(year, 1, 1, 0, 0, 0, 0));

    private static readonly ChineseLunisolarCalendar Lunar = new();

    private double At(double time)
    {
        if (time < 0)
            return time;
        var day = Math.Min((int)time, cumulative.Length - 2);
        return cumulative[day] + ((time - day) * (cumulative[day + 1] - cumulative[day]));
    }

    private static double[] Shape(double[] weights)
    {
        var cdf = new double[25];
        var sum = weights.Sum();
        for (var hour = 0; hour < 24; hour++)
            cdf[hour + 1] = cdf[hour] + (weights[hour] / sum);
        cdf[24] = 1 + 1e-9;
        return cdf;
    }
}
