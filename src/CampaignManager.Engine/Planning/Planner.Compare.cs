using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Planning;

/// <content>Campaigns beside each other, and several together.</content>
public sealed partial class Planner
{
    /// <summary>How much more net profit one campaign makes than another, with its uncertainty; draws are joint, so what they share
    /// cancels.</summary>
    /// <param name="before">The campaign as it is.</param>
    /// <param name="after">With the change.</param>
    /// <param name="measured">What the campaign as it is was measured to bring: errors that both share are taken out by it.</param>
    public CampaignDifference Compare(PlannedCampaign before, PlannedCampaign after, LiveEvidence? measured = null)
    {
        var (from, to) = (before.Sum(), after.Sum());
        var margin = Scaled(to.Phi, after.TreatedShare);
        Subtract(margin, from.Phi, before.TreatedShare);
        var discounts = Scaled(to.Phi, after.TreatedShare * after.Unit);
        Subtract(discounts, from.Phi, before.TreatedShare * before.Unit);
        var touched = PlannedCampaign.Touched(before, after);
        var distance = range.Distance(after.Position);
        var delta = effects.Predict(PlannerTargets.Margin, margin) - (Cost(after, to) - Cost(before, from));

        // Two campaigns that are alike err alike: only the part in which they differ can make a campaign's own luck matter.
        var unlike = Math.Max(range.Difference(before.Position, after.Position), Math.Abs(to.Weight - from.Weight) > 0.5 ? 1 : LeastUnlike);
        var size = Math.Max(Math.Abs(to.Weight - from.Weight), touched * unlike) * after.TreatedShare;
        var between = size * size * CampaignVariance(after.Unit);
        var within = NetSpread.Of(effects, margin, discounts).Net;
        if (measured is not null)
        {
            var treated = from.Weight * before.TreatedShare;
            var update = LiveUpdate.Of(
                NetDraws(margin, discounts),
                NetDraws(Scaled(from.Phi, before.TreatedShare), Scaled(from.Phi, before.TreatedShare * before.Unit)),
                treated * treated * CampaignVariance(before.Unit),
                treated * measured.Effect,
                treated * measured.Error);
            delta += update.PosteriorMean - update.PriorMean;
            within = update.PosteriorDeviation * update.PosteriorDeviation;
        }

        return new CampaignDifference(delta, Math.Sqrt(within + between) * (1 + distance), Freedom(within, between), touched, distance);
    }

    private double[] NetDraws(double[] margin, double[] discounts) =>
    [
        .. Enumerable.Range(0, effects.Draws)
            .Select(b => effects.Predict(PlannerTargets.Margin, margin, b) - effects.Predict(PlannerTargets.Discount, discounts, b)),
    ];

    /// <summary>
    /// What several campaigns bring together. Their errors are drawn jointly, so what they share is not counted as if it evened out;
    /// what differs
    /// between campaigns is each one's own. A customer of two audiences counts in both.
    /// </summary>
    public PlannedSum Together(IReadOnlyList<PlannedCampaign> campaigns)
    {
        var (margin, discounts) = (new double[Basis.Length], new double[Basis.Length]);
        double cost = 0, between = 0, distance = 0;
        foreach (var campaign in campaigns)
        {
            var sums = campaign.Sum();
            Subtract(margin, sums.Phi, -campaign.TreatedShare);
            Subtract(discounts, sums.Phi, -campaign.TreatedShare * campaign.Unit);
            cost += Cost(campaign, sums);
            var treated = sums.Weight * campaign.TreatedShare;
            between += treated * treated * CampaignVariance(campaign.Unit);
            distance = Math.Max(distance, range.Distance(campaign.Position));
        }

        var net = effects.Predict(PlannerTargets.Margin, margin) - cost;
        var within = NetSpread.Of(effects, margin, discounts).Net;
        var widen = 1 + (double.IsFinite(distance) ? distance : 1);
        var half = widen * StudentT.Quantile(Tail, Freedom(within, between)) * Math.Sqrt(within + between);
        return new PlannedSum(net, net - half, net + half, cost, distance > 0);
    }
}

/// <summary>What campaigns bring together, major units.</summary>
/// <param name="NetProfit">Margin less discounts.</param>
/// <param name="Low">Lower end of its 90 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Cost">Discounts to be paid.</param>
/// <param name="Extrapolated">One of them lies outside the offers tried.</param>
public sealed record PlannedSum(double NetProfit, double Low, double High, double Cost, bool Extrapolated);

/// <summary>How much more net profit one campaign makes than another.</summary>
/// <param name="Delta">Expected difference, major units.</param>
/// <param name="StandardError">Of it, with what differs between campaigns and, outside the range tried, widened.</param>
/// <param name="DegreesOfFreedom">Of the t distribution to use with it.</param>
/// <param name="Customers">Customers whose offer differs.</param>
/// <param name="Distance">How far the second lies outside the range tried.</param>
public sealed record CampaignDifference(double Delta, double StandardError, double DegreesOfFreedom, double Customers, double Distance);
