using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>Predictions of campaigns before they run.</summary>
public sealed class PredictionService(PlannerSource planners, IDbContextFactory<AppDbContext> contexts)
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
