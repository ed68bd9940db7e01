using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Planning;

/// <summary>What a live campaign was measured to bring so far, as far as that says something of what its changes would bring.</summary>
public sealed class LiveMeasurements(OutcomeService outcomes)
{
    private const string Dimension = "lifecycle";

    /// <summary>
    /// Of the present epoch the customers who were in it for as many days as predictions are for, reweighted by lifecycle to whom the
    /// offer reaches now; null where there is no such reading yet, or a segment of it is too small.
    /// </summary>
    public async Task<LiveEvidence?> ReadAsync(Guid campaignId, Planner planner, CampaignRules rules, CancellationToken cancellationToken)
    {
        // A model that has learnt from this very campaign knows the measurement already: it must not count twice.
        if (planner.Model.CampaignIds.Count == 0 || planner.Model.CampaignIds.Contains(campaignId))
            return null;
        if (await outcomes.ReadAsync(campaignId, cancellationToken) is not { } sums || sums.Currency != rules.Currency
            || sums.Epochs.Count == 0)
        {
            return null;
        }

        var epoch = sums.Epochs.MaxBy(e => e.Epoch)!;
        var days = planner.WindowDays(rules);
        if (epoch.Mismatches > 0
            || epoch.Readings.FirstOrDefault(r => r.Reading == OutcomeReading.FirstDays && r.Days == days) is not { } reading)
        {
            return null;
        }

        var unit = Currency.Get(rules.Currency).MinorPerMajor;
        var segments = new List<MeasuredSegment>();
        foreach (var cell in reading.Segments.Where(s => s.Dimension == Dimension))
        {
            if (Of(cell, PlannedArm.Current) is { } treated && Of(cell, PlannedArm.Control) is { } control)
                segments.Add(new MeasuredSegment(cell.Segment, treated.Moments(unit), control.Moments(unit)));
        }

        var campaign = PlannedCampaign.Project(planner, rules);
        var reached = Segments.LifecycleKeys.Select((key, l) => (key, Size: campaign.Size((lifecycle, _) => lifecycle == l)))
            .Where(s => s.Size > 0).ToDictionary(s => s.key, s => s.Size);
        return LiveEvidence.Of(segments, reached, days);
    }

    private static Engine.Experiments.Sums.OutcomeSums? Of(SegmentCell cell, string arm) =>
        cell.Arms.FirstOrDefault(a => a.Arm == arm) is { } found && found.Metrics.TryGetValue(OutcomeMetric.NetProfit, out var sums) ? sums
            : null;
}
