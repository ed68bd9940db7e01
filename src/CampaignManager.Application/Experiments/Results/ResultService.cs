using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Results of campaigns.</summary>
public sealed class ResultService(OutcomeService outcomes, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    // What a person does to the end after launch; a campaign that ends by its clock is "ended-on-time".
    private static readonly string[] EndMoves = ["extended", "ended"];

    /// <summary>As of now; before anybody is assigned a result without readings.</summary>
    public async Task<Outcome<ExperimentResult>> ReadAsync(Guid campaign, CancellationToken cancellationToken)
    {
        if (await DesignAsync(campaign, cancellationToken) is not { } design)
            return Failure.NotFound("The campaign");
        var sums = await outcomes.ReadAsync(campaign, cancellationToken)
            ?? new ExperimentSums(campaign, time.GetUtcNow().UtcDateTime, null, null, false, null, false, null, new Dictionary<string, long>(), []);
        return await Task.Run(() => ResultReader.Read(sums, design), cancellationToken);
    }

    private async Task<ExperimentDesign?> DesignAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == id)
            .Select(c => new { c.Origin, c.RulesJson, c.StartsAt, c.EndsAt, c.LaunchedAt }).SingleOrDefaultAsync(cancellationToken);
        if (campaign is null)
            return null;
        // As it was launched: what is read may not follow from what was seen.
        var launched = await context.CampaignVersions.AsNoTracking().Where(v => v.CampaignId == id && (campaign.LaunchedAt == null || v.CreatedAt <= campaign.LaunchedAt))
            .OrderByDescending(v => v.Number).Select(v => v.RulesJson).FirstOrDefaultAsync(cancellationToken);
        var rules = RulesJson.Read(launched ?? campaign.RulesJson);
        var imported = campaign.Origin == CampaignOrigin.Imported;
        var moved = !imported && await context.CampaignActivities.AnyAsync(a => a.CampaignId == id && EndMoves.Contains(a.Code), cancellationToken);
        var days = campaign.EndsAt - (campaign.StartsAt ?? campaign.LaunchedAt) is { } length ? (int)Math.Round(length.TotalDays) : (int?)null;
        return new ExperimentDesign(
            DecisionPreset.ClearSignal, null, GuardrailRule.Usual, rules.Experiment.AttributionDays, 0, imported || rules.Schedule.End is not null, moved, days)
        {
            // What ran before the shop came here nobody could look at.
            Looked = !imported,
        };
    }
}
