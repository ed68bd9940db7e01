using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.FirstSteps;

/// <summary>Makes the draft of the experiment that finds out: the offer weighed, whom it is for, and the holdout that was advised.</summary>
public sealed class ExperimentPlanner(FirstStepsService firstSteps, CampaignService campaigns, SettingsService settings)
{
    /// <param name="question">The offer.</param>
    /// <param name="name">The draft's.</param>
    /// <param name="actor">Who asks, and owns it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Outcome<Guid>> PlanAsync(OfferQuestion question, string name, Actor actor, CancellationToken cancellationToken)
    {
        if (CampaignService.RefuseMaking(actor) is { } refused)
            return refused;
        var read = await firstSteps.ReadAsync(question, cancellationToken);
        if (!read.Succeeded)
            return read.Failure;
        if (read.Value.Orders is not { } orders)
            return Failure.Conflict("no-orders", "There are no orders yet: bring the shop's orders first.");
        var shop = await settings.GetAsync(cancellationToken);
        var rules = new CampaignRules
        {
            Currency = orders.Currency,
            Offer = question.ToOffer(),
            Audience = new Audience { AnyOf = question.Segment is { } segment ? [segment] : [] },
            Schedule = new Schedule { TimeZone = shop.TimeZone },
            // Without advice (no margin, nobody ordered of late) half is what tells most.
            Experiment = new ExperimentPlan { HoldoutPercent = (decimal)(100 * (read.Value.Experiment?.First ?? 0.5)), AttributionDays = question.Days },
        };
        return await campaigns.CreateDraftAsync(name, rules, actor, cancellationToken);
    }
}
