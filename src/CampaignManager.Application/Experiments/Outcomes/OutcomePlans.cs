using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What a campaign and its exposures say of how its outcomes are counted.</summary>
internal sealed class OutcomePlans(DataLake lake, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>More shares of the treated than this are no epochs: everybody had a chance of their own.</summary>
    private const int MostShares = 12;

    /// <returns>Null where there is no such campaign, or nobody was drawn at random for it with a chance that is known.</returns>
    public async Task<OutcomePlan?> FindAsync(Guid experiment, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == experiment && c.LaunchedAt != null)
            .Select(c => new { c.Origin, c.StartsAt, c.EndsAt, c.LaunchedAt, c.LaunchedHoldoutShare, c.HoldoutSalt, c.RulesJson }).FirstOrDefaultAsync(cancel);
        if (campaign is null || !lake.HasRows(LakeTable.Exposures))
            return null;
        var exposed = await Task.Run(() => Exposed(experiment), cancel);
        // One group alone, or somebody who was sure of it, is no experiment.
        if (exposed.Count == 0 || exposed.Any(e => e.Propensity is not (> 0 and < 1)) || exposed.Select(e => e.Propensity).Distinct().Count() > MostShares)
            return null;
        var rules = RulesJson.Read(campaign.RulesJson);
        var hashed = campaign.Origin == CampaignOrigin.App && exposed.Select(e => e.Propensity).Distinct().Count() == 1
            && campaign.LaunchedHoldoutShare is { } share && Math.Abs(1 - share - exposed[0].Propensity!.Value) < 1e-9;
        var shares = exposed.GroupBy(e => e.Propensity!.Value).OrderBy(g => g.Min(e => e.From)).ThenBy(g => g.Key).ToList();
        var epochs = shares.Select((g, i) => new OutcomeEpoch(
            i + 1, 1, shares.Count > 1 ? g.Key : null, null, hashed ? campaign.HoldoutSalt : null, g.Min(e => e.From),
            [new PlannedArm(PlannedArm.Control, 1 - g.Key), new PlannedArm(PlannedArm.Current, g.Key)])).ToList();
        return new OutcomePlan(
            experiment, campaign.StartsAt ?? campaign.LaunchedAt, campaign.EndsAt, campaign.Origin == CampaignOrigin.Imported && campaign.EndsAt is null,
            rules.Experiment.AttributionDays, 0, Counted(rules.Scope), epochs);
    }

    private List<(int Arm, double? Propensity, DateTime From)> Exposed(Guid experiment)
    {
        using var connection = lake.Open();
        return connection.Query(
            $"""
            SELECT least(arm, 1)::INTEGER, CASE WHEN bool_and(coalesce(randomised, true)) THEN propensity END, min(assigned_at)
            FROM {lake.Source(LakeTable.Exposures)} WHERE campaign_id = '{experiment:D}' AND assigned_at IS NOT NULL GROUP BY 1, propensity
            """,
            r => (r.GetInt32(0), r.IsDBNull(1) ? (double?)null : r.GetDouble(1), DateTime.SpecifyKind(r.GetDateTime(2), DateTimeKind.Utc)));
    }

    /// <summary>The goods that count as the campaign's: by category and by number, whatever it says of brands and tags.</summary>
    private static string Counted(Scope scope)
    {
        static string In(string column, IReadOnlyList<string> keys) =>
            $"coalesce({column} IN ({string.Join(", ", keys.Select(k => $"'{DataLake.Quote(k)}'"))}), false)";
        static string? Any(ScopeSelector? selector) => selector switch
        {
            null or { Categories.Count: 0, Skus.Count: 0 } => null,
            { Skus.Count: 0 } => In("l.category", selector.Categories),
            { Categories.Count: 0 } => In("l.sku", selector.Skus),
            _ => $"({In("l.category", selector.Categories)} OR {In("l.sku", selector.Skus)})",
        };
        var inside = scope.Include is { All: false } ? Any(scope.Include) : null;
        return string.Join(" AND ", new[] { inside, Any(scope.Exclude) is { } outside ? $"NOT {outside}" : null }.OfType<string>().DefaultIfEmpty("true"));
    }
}
