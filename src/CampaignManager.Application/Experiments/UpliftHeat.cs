using CampaignManager.Application.Audiences;
using CampaignManager.Application.Experiments;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Experiments;

/// <summary>A cell of the heat map: how campaigns that had the category in scope changed the share of a segment's customers who bought from it.</summary>
/// <param name="Segment">Lifecycle at assignment.</param>
/// <param name="Category">Key of the category.</param>
/// <param name="Campaigns">Campaigns that had it in scope for the segment.</param>
/// <param name="Customers">Exposures in both arms.</param>
/// <param name="Buyers">Of them, those who bought from it.</param>
/// <param name="Baseline">Share of the held-out who bought.</param>
/// <param name="Effect">Change of that share; null when it was never in scope or too few have bought to tell.</param>
public sealed record HeatCell(string Segment, string Category, int Campaigns, long Customers, long Buyers, double Baseline, Measured? Effect);

/// <summary>Uplift by segment and category.</summary>
public sealed record UpliftHeat(IReadOnlyList<string> Segments, IReadOnlyList<string> Categories, IReadOnlyList<HeatCell> Cells)
{
    /// <summary>Below this many buyers in either arm the normal interval of a share cannot be trusted.</summary>
    public const int FewestBuyers = 5;

    public HeatCell Cell(string segment, string category) => Cells.Single(c => c.Segment == segment && c.Category == category);

    internal static UpliftHeat Of(MeasuredWindows windows, IReadOnlyList<MeasuredExperiment> experiments, DateOnly from, DateOnly to)
    {
        var trusted = experiments.Select(e => (e.Campaign, e.Propensity)).ToHashSet();
        var counts = windows.Buyers.Where(b => b.Cohort.ClosedOn >= from && b.Cohort.ClosedOn <= to && trusted.Contains((b.Cohort.Campaign, b.Cohort.Propensity)))
            .GroupBy(b => (b.Cohort.Campaign, b.Cohort.Propensity, b.Treated, b.Lifecycle, b.Category)).ToDictionary(g => g.Key, g => g.Sum(b => b.Customers));
        var segments = LifecycleRules.All.Select(l => l.Key()).ToList();
        var cells = segments.SelectMany(s => windows.Categories.Select((c, i) => Cell(windows, trusted, counts, s, c, i))).ToList();
        return new UpliftHeat(segments, windows.Categories, cells);
    }

    private static HeatCell Cell(
        MeasuredWindows windows, HashSet<(Guid Campaign, double Propensity)> experiments, Dictionary<(Guid, double, bool, string, string?), long> counts, string segment, string category, int index)
    {
        List<(ArmStatistics Treated, ArmStatistics Control)> parts = [];
        var offering = new HashSet<Guid>();
        foreach (var (campaign, propensity) in experiments)
        {
            if (!OfferScope.Resolve(windows.Campaigns[campaign].Rules.Scope, windows.Categories, segment)[index])
                continue;
            var (treated, control) = (Arm(true), Arm(false));
            if (treated.Count < 2 || control.Count < 2)
                continue;
            offering.Add(campaign);
            parts.Add((treated, control));

            ArmStatistics Arm(bool isTreated) => ArmStatistics.OfProportion(
                counts.GetValueOrDefault((campaign, propensity, isTreated, segment, category)), counts.GetValueOrDefault((campaign, propensity, isTreated, segment, null)));
        }

        double n = parts.Sum(p => p.Treated.Count), bought = parts.Sum(p => p.Treated.Sum), held = parts.Sum(p => p.Control.Sum);
        var told = bought >= FewestBuyers && held >= FewestBuyers;
        var effect = told ? Measured.Of(EffectTotal.Sum(parts.Select(p => EffectTotal.OfTreated(p.Treated, p.Control))).Times(1 / n)) : null;
        return new HeatCell(
            segment, category, offering.Count, parts.Sum(p => p.Treated.Count + p.Control.Count), (long)(bought + held),
            n == 0 ? 0 : parts.Sum(p => p.Treated.Count * p.Control.Mean) / n, effect);
    }
}
