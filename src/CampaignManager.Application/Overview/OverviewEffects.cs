using CampaignManager.Application.Experiments;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Overview;

/// <summary>One campaign's effect over its windows that closed in the period.</summary>
/// <param name="Mismatch">The arms' sizes are not what was planned (sample ratio mismatch): not in the totals, and not to be believed.</param>
public sealed record CampaignEffect(Guid Id, string Name, DateOnly LastClosed, bool Mismatch, EffectSummary Effect);

/// <summary>A campaign with windows that are still open, so not in any effect yet.</summary>
public sealed record OpenWindows(Guid Id, string Name, long Customers, DateOnly ClosesOn);

/// <summary>Measured effects of a period of whole local days, and of the period of equal length before it.</summary>
public sealed record OverviewEffects(
    DateOnly From,
    DateOnly To,
    string Currency,
    EffectSummary Total,
    EffectSummary Before,
    IReadOnlyList<CampaignEffect> Campaigns,
    IReadOnlyList<OpenWindows> Open,
    UpliftHeat Heat,
    IReadOnlyList<ResponseDay> Response)
{
    internal static OverviewEffects Of(MeasuredWindows windows, int days)
    {
        var to = windows.LastDay;
        var from = to.AddDays(1 - days);
        var all = MeasuredExperiment.Within(windows.Arms, from, to);
        var trusted = all.Where(e => !e.Mismatch).ToList();
        return new OverviewEffects(
            from,
            to,
            windows.Currency,
            EffectSummary.Of(trusted),
            EffectSummary.Of([.. MeasuredExperiment.Within(windows.Arms, from.AddDays(-days), from.AddDays(-1)).Where(e => !e.Mismatch)]),
            [.. all.GroupBy(e => e.Campaign).Select(g => new CampaignEffect(g.Key, windows.Campaigns[g.Key].Name, g.Max(e => e.LastClosed), g.Any(e => e.Mismatch), EffectSummary.Of([.. g])))],
            [.. windows.Arms.Where(a => a.Cohort.ClosedOn is null).GroupBy(a => a.Cohort.Campaign)
                .Select(g => new OpenWindows(g.Key, windows.Campaigns[g.Key].Name, g.Sum(a => a.Converted.Count), g.Max(a => a.LastCloses)))
                .OrderBy(o => o.ClosesOn).ThenBy(o => o.Id)],
            UpliftHeat.Of(windows, trusted, from, to),
            ResponseDay.Of(windows, trusted, from, to));
    }
}
