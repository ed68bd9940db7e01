using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>Predictions of campaigns before they run.</summary>
public sealed class PredictionService(PlannerSource planners, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    public static Failure FeaturesOtherAmounts { get; } = Failure.Conflict(
        "features-other-amounts",
        "The customers' features hold amounts in another unit than the shop's currency has now. Compute the features again, then predict.");

    public static Failure OfferUnknown { get; } =
        Failure.Conflict("offer-not-predictable", "Predictions cover full reductions, percentages off and free shipping so far, not this kind of offer.");

    public async Task<Outcome<CampaignPrediction>> PredictAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var json = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.RulesJson).SingleOrDefaultAsync(cancellationToken);
        return json is null ? Failure.NotFound("The campaign") : await PredictAsync(RulesJson.Read(json), cancellationToken);
    }

    /// <summary>For rules that are not saved yet, e.g. while sliders move.</summary>
    public async Task<Outcome<CampaignPrediction>> PredictAsync(CampaignRules rules, CancellationToken cancellationToken)
    {
        var planner = await planners.GetAsync(cancellationToken);
        if (!planner.Succeeded)
            return planner.Failure;
        if (!OfferTerms.Knows(rules.Offer))
            return OfferUnknown;
        return await Task.Run(() => planner.Value.Predict(rules), cancellationToken);
    }

    /// <summary>Why the segments of a campaign answer as they do.</summary>
    public Task<Outcome<SegmentReasons>> WhyAsync(Guid campaignId, CancellationToken cancellationToken) =>
        OfAsync(campaignId, (planner, rules) =>
            SegmentReasons.Of(planner, rules, Environment.ProcessorCount, cancellationToken), cancellationToken);

    /// <summary>The smallest changes of the offer that turn a gain into a loss, or the other way round.</summary>
    public Task<Outcome<IReadOnlyList<SignFlip>>> FlipsAsync(Guid campaignId, CancellationToken cancellationToken) => OfAsync(
        campaignId,
        (planner, rules) =>
        {
            var tried = new List<(string, double, CampaignPrediction)>();
            foreach (var knob in OfferKnobs.Of(rules.Offer))
            {
                foreach (var (at, changed) in OfferKnobs.Grid(rules, knob).Where(g => !g.Rules.Offer.Equals(rules.Offer)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    tried.Add((knob, at, planner.Predict(changed)));
                }
            }

            return SignFlip.Of(planner.Predict(rules), tried, rules.Offer);
        },
        cancellationToken);

    /// <summary>When the budget is used up at the predicted pace; null without a budget, a prediction or days to come.</summary>
    public async Task<BudgetOutlook?> BudgetAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == campaignId)
            .Select(c => new { c.RulesJson, c.DiscountSpentMinor, c.StartsAt, c.EndsAt }).SingleOrDefaultAsync(cancellationToken);
        if (campaign is null || RulesJson.Read(campaign.RulesJson) is not { Limits.Budget: { } budget } rules)
            return null;
        var predicted = await PredictAsync(rules, cancellationToken);
        return predicted.Succeeded
            ? BudgetOutlook.Of(rules, (double)budget, campaign.DiscountSpentMinor, campaign.StartsAt, campaign.EndsAt, predicted.Value,
                time.GetUtcNow().UtcDateTime)
            : null;
    }

    private async Task<Outcome<T>> OfAsync<T>(Guid campaignId, Func<Planner, CampaignRules, T> work, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var json = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.RulesJson).SingleOrDefaultAsync(cancellationToken);
        if (json is null)
            return Failure.NotFound("The campaign");
        var planner = await planners.GetAsync(cancellationToken);
        if (!planner.Succeeded)
            return planner.Failure;
        var rules = RulesJson.Read(json);
        if (!OfferTerms.Knows(rules.Offer))
            return OfferUnknown;
        return Outcome<T>.Of(await Task.Run(() => work(planner.Value, rules), cancellationToken));
    }

    /// <summary>Total net profit over a grid of one of the offer's numbers, for the curve beside the sliders.</summary>
    public async Task<Outcome<IReadOnlyList<CurvePoint>>> CurveAsync(IReadOnlyList<(double At, CampaignRules Rules)> grid, CancellationToken cancellationToken)
    {
        var planner = await planners.GetAsync(cancellationToken);
        if (!planner.Succeeded)
            return planner.Failure;
        if (grid.Any(g => !OfferTerms.Knows(g.Rules.Offer)))
            return OfferUnknown;
        return await Task.Run<Outcome<IReadOnlyList<CurvePoint>>>(
            () =>
            {
                var points = new List<CurvePoint>();
                foreach (var (at, rules) in grid)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var prediction = planner.Value.Predict(rules);
                    points.Add(new CurvePoint(at, prediction.Total.NetProfit, prediction.Total.NetProfitLow, prediction.Total.NetProfitHigh, prediction.Extrapolated));
                }

                return points;
            },
            cancellationToken);
    }
}

/// <summary>Net profit at one setting, with its 90 % interval.</summary>
public sealed record CurvePoint(double At, double NetProfit, double Low, double High, bool Extrapolated);
