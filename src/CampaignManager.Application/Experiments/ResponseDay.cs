using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Experiments;

/// <summary>Revenue per customer on the n-th day after assignment, treated against held out; the lift with its interval. Major units.</summary>
/// <param name="Day">From 1.</param>
public sealed record ResponseDay(int Day, double Treated, double Control, Measured Lift)
{
    /// <summary>Over several experiments the held-out are weighted like the treated, so that a campaign with a large holdout does not count twice.</summary>
    internal static IReadOnlyList<ResponseDay> Of(MeasuredWindows windows, IReadOnlyList<MeasuredExperiment> experiments, DateOnly from, DateOnly to)
    {
        var sums = windows.Days.Where(d => d.Cohort.ClosedOn >= from && d.Cohort.ClosedOn <= to)
            .GroupBy(d => (d.Cohort.Campaign, d.Cohort.Propensity, d.Treated, d.Day)).ToDictionary(g => g.Key, g => (Sum: g.Sum(d => d.Sum), Squares: g.Sum(d => d.SumOfSquares)));
        var length = experiments.Count == 0 ? 0 : experiments.Max(e => windows.Campaigns[e.Campaign].Rules.Experiment.AttributionDays);
        var days = new List<ResponseDay>(length);
        for (var day = 0; day < length; day++)
        {
            var parts = experiments.Where(e => day < windows.Campaigns[e.Campaign].Rules.Experiment.AttributionDays)
                .Select(e => (Treated: Arm(e, e.Treated, day), Control: Arm(e, e.Control, day))).ToList();
            double n = parts.Sum(p => p.Treated.Count);
            days.Add(new ResponseDay(
                day + 1, parts.Sum(p => p.Treated.Sum) / n, parts.Sum(p => p.Treated.Count * p.Control.Mean) / n,
                Measured.Of(EffectTotal.Sum(parts.Select(p => EffectTotal.OfTreated(p.Treated, p.Control))).Times(1 / n))));
        }

        return days;

        ArmStatistics Arm(MeasuredExperiment e, ArmSums arm, int day)
        {
            var (sum, squares) = sums.GetValueOrDefault((e.Campaign, e.Propensity, arm.Treated, day));
            return new ArmStatistics(arm.Revenue.Count, sum, squares);
        }
    }
}
