using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>The decision metric of the first days, as it would have been read every day.</summary>
internal sealed class CurveReader(ExperimentDesign design, MetricColumn decides, double planned)
{
    public ArmCurve Read(ExperimentSums sums, string arm, string control, int arms)
    {
        var plan = new PeekingPlan(planned, design.HasEnd);
        var days = sums.Epochs.SelectMany(e => e.Closing).Select(c => c.Day).Distinct().Order();
        var soFar = sums.Epochs.ToDictionary(e => e.Epoch, _ => (One: default(Part), None: default(Part)));
        List<CurvePoint> points = [];
        foreach (var day in days)
        {
            foreach (var epoch in sums.Epochs)
            {
                foreach (var closing in epoch.Closing.Where(c => c.Day == day))
                    soFar[epoch.Epoch] = (soFar[epoch.Epoch].One.Plus(Of(closing, arm)), soFar[epoch.Epoch].None.Plus(Of(closing, control)));
            }

            if (Point(day, [.. soFar.Values.Where(p => p.One.Sums.Count > 0 && p.None.Sums.Count > 0)], plan, arms) is { } point)
                points.Add(point);
        }

        return new ArmCurve(arm, points);
    }

    private CurvePoint? Point(DateOnly day, List<(Part One, Part None)> epochs, PeekingPlan plan, int arms)
    {
        if (epochs.Count == 0)
            return null;
        var effect = EpochEffects.Of(epochs.ConvertAll(e => (e.One.Sums, e.None.Sums)), decides.Units, skew: false, Engine.Experiments.Power.UsualAlpha).Effect;
        var customers = epochs.Sum(e => e.One.Sums.Count + e.None.Sums.Count);
        var looks = epochs.Sum(e => e.One.Buyers) >= PeekingPlan.FirstLook && epochs.Sum(e => e.None.Buyers) >= PeekingPlan.FirstLook;
        var band = looks && ConfidenceSequence.Of(effect.Estimate, effect.StandardError, customers, plan.Planned, plan.SequenceAlpha / arms) is { } s ? new Band(s.Low, s.High) : (Band?)null;
        return new CurvePoint(day, customers, effect.Estimate, band);
    }

    private Part Of(ClosingDay day, string arm) => day.Arms.FirstOrDefault(a => a.Arm == arm) is { } cell
        && (decides.Cap is null ? decides.Sums : decides.Capped)(cell) is { } sums ? new Part(sums, decides.Buyers(cell)) : default;

    private readonly record struct Part(OutcomeSums Sums, long Buyers)
    {
        public Part Plus(Part other) => new(Sums + other.Sums, Buyers + other.Buyers);
    }
}
