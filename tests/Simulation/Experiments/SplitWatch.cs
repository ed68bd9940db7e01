using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>Sample ratios watched for four weeks, every day and at the end, over everybody, each day's entrants and eight segments at once.</summary>
/// <param name="Group">Which table.</param>
/// <param name="Customers">Who enter.</param>
/// <param name="HeldOut">Planned share of control.</param>
/// <param name="Lost">Share of the treated that is lost from the third day on (or of one segment's, where <paramref name="OneSegment"/>).</param>
/// <param name="OneSegment">Only in one segment.</param>
public sealed record SplitWatch(string Group, long Customers, double HeldOut, double Lost, bool OneSegment = false)
    : ExperimentSimulation(Group, FormattableString.Invariant($"{Customers:#,0}|{100 * HeldOut:0} %|{100 * Lost:0.#} %{(OneSegment ? " of one segment" : "")}"))
{
    /// <summary>Runs with an alarm at some look; at the end; days until the first.</summary>
    public const string Alarm = "alarm", AtEnd = "at-end", Day = "day";

    private const int Days = 28, Week = 7, Segments = 8, LostFrom = 2;

    /// <inheritdoc />
    protected override void Run(SeededRandom random, Figures figures)
    {
        var bySegment = new long[Segments, 2];
        var byDay = new long[Days, 2];
        int? first = null;
        for (var day = 0; day < Days; day++)
        {
            for (var s = 0; s < Segments; s++)
            {
                var entering = (day + 1) * Customers / Days / Segments - day * Customers / Days / Segments;
                var held = Draws.Binomial(random, entering, HeldOut);
                var lost = day >= LostFrom && (!OneSegment || s == 0) ? Lost : 0;
                var treated = entering - held - Draws.Binomial(random, entering - held, lost);
                (bySegment[s, 0], bySegment[s, 1]) = (bySegment[s, 0] + held, bySegment[s, 1] + treated);
                (byDay[day, 0], byDay[day, 1]) = (byDay[day, 0] + held, byDay[day, 1] + treated);
            }
            var alarm = Fires(bySegment, byDay, day + 1);
            if (alarm) first ??= day;
            if (day == Days - 1) figures.Count(AtEnd, alarm);
        }
        figures.Count(Alarm, first is not null);
        if (first is { } at) figures.Add(Day, at + 1);
    }

    // As the page does it: everybody every day at the strict level, whole weeks at the usual one; days and segments each split their level over their cuts.
    private bool Fires(long[,] bySegment, long[,] byDay, int days)
    {
        var closed = days == Days;
        long[] all = [0, 0];
        for (var s = 0; s < Segments; s++) (all[0], all[1]) = (all[0] + bySegment[s, 0], all[1] + bySegment[s, 1]);
        var fires = Check(all, days % Week == 0 ? SampleRatioLook.WeeklyOrEnd : SampleRatioLook.Daily, 1);
        for (var s = 0; s < Segments; s++)
            fires |= Check([bySegment[s, 0], bySegment[s, 1]], closed ? SampleRatioLook.WeeklyOrEnd : SampleRatioLook.Daily, Segments);
        for (var d = 0; d < days; d++) fires |= Check([byDay[d, 0], byDay[d, 1]], SampleRatioLook.Daily, days);
        return fires;
    }

    private bool Check(long[] counts, SampleRatioLook look, int cuts) => SampleRatioCheck.Of(counts, [HeldOut, 1 - HeldOut], look, cuts).Alarm;
}
