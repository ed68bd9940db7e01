using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>Looks up what the checklist looks at beside the form: the same for who submits and for who decides.</summary>
public sealed class CheckFinder(
    CatalogueService catalogue, AudienceReach reach, SegmentList segments, CampaignOverlaps overlaps, PredictionService predictions, CodeList codes, CampaignChecks checks,
    TimeProvider time)
{
    /// <param name="id">The draft; null while it has no row.</param>
    /// <param name="rules">As they stand, right or wrong.</param>
    /// <param name="sound">Whether they are right: what cannot be computed of wrong rules stays unknown.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<CheckFacts> FindAsync(Guid? id, CampaignRules rules, bool sound, CancellationToken cancellationToken)
    {
        var goods = await catalogue.GetAsync(cancellationToken);
        var customers = await reach.CustomersAsync(cancellationToken);
        var facts = new CheckFacts(
            time.GetUtcNow().UtcDateTime,
            goods.Products.Count > 0 ? goods.Measure(rules.Scope) : null,
            customers.IsKnown ? customers.Size(rules.Audience) : null,
            null,
            null,
            customers.IsKnown ? await segments.ListAsync(cancellationToken) : null);
        if (!sound)
            return facts;
        var prediction = await predictions.PredictAsync(rules, cancellationToken);
        return facts with
        {
            Never = CampaignChecks.Refusals(rules, goods, time.GetUtcNow().UtcDateTime),
            Warnings = await checks.WarningsAsync(id ?? Guid.Empty, rules, cancellationToken),
            History = await reach.HistoryAsync(rules.Audience, rules.Experiment.AttributionDays, cancellationToken),
            Overlaps = await overlaps.FindAsync(id, rules, cancellationToken),
            Forecast = prediction.Succeeded ? prediction.Value : null,
            NoForecast = prediction.Failure,
            IssuedCodes = id is { } known ? (await codes.SummaryAsync(known, rules.Trigger.Code, cancellationToken)).Issued : 0,
        };
    }
}
