using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Alarms by their codes; results stand behind a warning while one fires.</summary>
public static class HealthAlarm
{
    /// <summary>An exposure's arm is not what the hash gives.</summary>
    public const string Audit = "audit";

    /// <summary>The arms' sizes are not as planned.</summary>
    public const string SampleRatio = "sample-ratio";

    /// <summary>The same on one day.</summary>
    public const string SampleRatioDay = "sample-ratio-day";

    /// <summary>The same in one segment.</summary>
    public const string SampleRatioSegment = "sample-ratio-segment";

    /// <summary>The arms differed before.</summary>
    public const string Balance = "balance";
}

/// <summary>Whether an experiment's figures may be believed.</summary>
/// <param name="Alarms">Those that fire, the gravest first.</param>
/// <param name="Mismatches">Exposures whose arm is not what the hash says.</param>
/// <param name="Ratios">By epoch, of everybody.</param>
/// <param name="Cuts">Days and segments whose arms are off.</param>
/// <param name="CutsLooked">How many days and segments were looked at.</param>
/// <param name="Balance">By epoch and arm.</param>
/// <param name="Freshness">UTC time of the last order or event recorded.</param>
/// <param name="LastEntered">The last local day on which a customer entered.</param>
/// <param name="Leaks">Redemptions by guests and by customers held out.</param>
public sealed record ExperimentHealth(
    IReadOnlyList<string> Alarms, long Mismatches, IReadOnlyList<RatioCheck> Ratios, IReadOnlyList<RatioCheck> Cuts, int CutsLooked, IReadOnlyList<BalanceCheck> Balance,
    DateTime? Freshness, DateOnly? LastEntered, IReadOnlyDictionary<string, long> Leaks);

/// <summary>Arms' sizes against the plan, of one cut.</summary>
/// <param name="Cut">"" for everybody, a day, or dimension and segment.</param>
public sealed record RatioCheck(int Epoch, string Cut, IReadOnlyList<ArmSize> Arms, SampleRatioCheck Check);

/// <summary>An arm against control before assignment.</summary>
public sealed record BalanceCheck(int Epoch, string Arm, IReadOnlyList<string> Columns, Balance Balance);

/// <summary>Makes it of sums.</summary>
internal static class HealthReader
{
    private const int Week = 7;

    public static ExperimentHealth Read(ExperimentSums sums, bool closed)
    {
        List<RatioCheck> everybody = [], days = [], segments = [];
        foreach (var epoch in sums.Epochs.Where(e => e.Arms.Count(a => a.Share > 0) > 1))
        {
            var all = epoch.Assigned.Where(a => a.Dimension.Length == 0).ToList();
            everybody.AddRange(Everybody(epoch, all, closed, sums.Epochs.Count));
            var byDay = all.GroupBy(a => a.Day).ToList();
            days.AddRange(byDay.Select(d => Check(epoch, $"{d.Key:yyyy-MM-dd}", d, SampleRatioLook.Daily, byDay.Count)));
            var bySegment = epoch.Assigned.Where(a => a.Dimension.Length > 0).GroupBy(a => (a.Dimension, a.Segment)).ToList();
            segments.AddRange(bySegment.Select(s => Check(
                epoch, $"{s.Key.Dimension}: {s.Key.Segment}", s, closed ? SampleRatioLook.WeeklyOrEnd : SampleRatioLook.Daily, bySegment.Count)));
        }

        List<BalanceCheck> balance = [.. sums.Epochs.SelectMany(BalanceOf)];
        var mismatches = sums.Epochs.Sum(e => e.Mismatches);
        List<string> alarms = [];
        Fire(mismatches > 0, HealthAlarm.Audit);
        Fire(everybody.Exists(r => r.Check.Alarm), HealthAlarm.SampleRatio);
        Fire(days.Exists(r => r.Check.Alarm), HealthAlarm.SampleRatioDay);
        Fire(segments.Exists(r => r.Check.Alarm), HealthAlarm.SampleRatioSegment);
        Fire(balance.Exists(b => b.Balance.Alarm), HealthAlarm.Balance);
        return new ExperimentHealth(
            alarms, mismatches, everybody, [.. days.Concat(segments).Where(r => r.Check.Alarm)], days.Count + segments.Count, balance, sums.Freshness,
            sums.Epochs.SelectMany(e => e.Assigned).Select(a => (DateOnly?)a.Day).DefaultIfEmpty().Max(), sums.Leaks);

        void Fire(bool fires, string alarm)
        {
            if (fires)
                alarms.Add(alarm);
        }
    }

    // Every day at the strict level; whole weeks, and the end, at the usual one. What a week's look found stays found until the next one.
    private static IEnumerable<RatioCheck> Everybody(EpochSums epoch, List<AssignedCount> all, bool closed, int epochs)
    {
        if (all.Count == 0)
            yield break;
        var whole = Check(epoch, "", all, closed ? SampleRatioLook.WeeklyOrEnd : SampleRatioLook.Daily, epochs);
        var first = all.Min(a => a.Day);
        var weeks = (all.Max(a => a.Day).DayNumber - first.DayNumber + 1) / Week;
        var week = closed || weeks == 0 ? whole : Check(epoch, "", all.Where(a => a.Day.DayNumber < first.DayNumber + weeks * Week), SampleRatioLook.WeeklyOrEnd, epochs);
        yield return week.Check.Alarm ? week : whole;
    }

    private static RatioCheck Check(EpochSums epoch, string cut, IEnumerable<AssignedCount> assigned, SampleRatioLook look, int cuts)
    {
        var byArm = assigned.GroupBy(a => a.Arm).ToDictionary(g => g.Key, g => g.Sum(a => a.Customers));
        ArmSize[] arms = [.. epoch.Arms.Where(a => a.Share > 0).Select(a => new ArmSize(a.Key, a.Share, byArm.GetValueOrDefault(a.Key)))];
        return new RatioCheck(epoch.Epoch, cut, arms, SampleRatioCheck.Of([.. arms.Select(a => a.Customers)], [.. arms.Select(a => a.Share)], look, cuts));
    }

    private static IEnumerable<BalanceCheck> BalanceOf(EpochSums epoch)
    {
        if (epoch.Arms.Count == 0 || epoch.BalanceColumns.Count == 0 || !epoch.Balance.TryGetValue(epoch.Arms[0].Key, out var control))
            yield break;
        double[] units = epoch.BalanceUnits.Count > 0 ? [.. epoch.BalanceUnits] : [.. epoch.BalanceColumns.Select(_ => 1.0)];
        foreach (var arm in epoch.Arms.Skip(1).Where(a => epoch.Balance.ContainsKey(a.Key)))
            yield return new BalanceCheck(epoch.Epoch, arm.Key, epoch.BalanceColumns, Engine.Experiments.Estimates.Balance.Of(epoch.Balance[arm.Key], control, units));
    }
}
