using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Planning;

/// <summary>A model version over the shop's customers of now: predicts campaigns that do not exist yet.</summary>
/// <param name="model">One that <see cref="Knows"/> answers for.</param>
/// <param name="sample">The shop's customers, with the model's categories.</param>
public sealed partial class Planner(PlannerModel model, AudienceSample sample)
{
    private const double Tail = 0.95;
    private const double DrawFreedom = 200;

    // Even two offers that look alike in every dimension may differ a little in a campaign's luck.
    private const double LeastUnlike = 0.1;
    private readonly EffectModel effects = EffectModel.Restore(model.Effects);
    private readonly OfferRange range = new(model.Tried);

    /// <summary>The model version.</summary>
    public PlannerModel Model { get; } = model;

    /// <summary>The customers.</summary>
    public AudienceSample Sample { get; } = sample;

    /// <summary>The model's categories.</summary>
    public IReadOnlyList<string> Categories => Model.Categories;

    /// <summary>The regressors of the effects.</summary>
    public PlanningBasis Basis { get; } = BasisOf(model);

    /// <summary>The size of offers, by the shop's baskets.</summary>
    public OfferUnit Unit { get; } = new(model.Baskets, model.ShippingFee);

    /// <summary>Of the t distribution that goes with what differs between campaigns.</summary>
    public int DegreesOfFreedom => effects.DegreesOfFreedom;

    /// <summary>Days after a customer enters that predictions are for.</summary>
    public int WindowDays(CampaignRules rules) => Model.Windows.Count > 0
        ? Model.Windows.Order().ElementAt(Model.Windows.Count / 2)
        : rules.Experiment.AttributionDays;

    /// <summary>Whether the file's coefficients are those of today's regressors.</summary>
    public static bool Knows(PlannerModel model) => model.Effects.Coefficients.All(c => c.Length == BasisOf(model).Length);

    private static PlanningBasis BasisOf(PlannerModel model) => new(Segments.LifecycleKeys.Count, model.Categories.Count);

    /// <summary>The regressors of one customer of the sample under an offer with these categories in scope.</summary>
    internal void FillPoint(int customer, Offer offer, bool[] scope, double[] phi)
    {
        var share = 0.0;
        var tastes = Sample.AffinityOf(customer);
        Span<double> affinity = stackalloc double[tastes.Length], inScope = stackalloc double[tastes.Length];
        for (var c = 0; c < tastes.Length; c++)
        {
            affinity[c] = tastes[c];
            inScope[c] = scope[c] ? tastes[c] : 0;
            share += inScope[c];
        }

        var terms = OfferTerms.Of(offer, Sample.UsualBasket[customer], Model.ShippingFee);
        Basis.Fill(
            new PlanningPoint
            {
                Lifecycle = Sample.Lifecycle[customer],
                Favourite = Sample.Favourite[customer],
                Affinity = affinity,
                ScopeAffinity = inScope,
                ScopeShare = share,
                ThresholdToBasket = terms.Threshold / Sample.UsualBasket[customer],
                Depth = terms.Depth,
                DiscountShare = Sample.DiscountShare[customer],
                RecencyDays = Sample.RecencyDays[customer],
                Frequency = Sample.Orders[customer],
                Views30 = Sample.Views30[customer],
                Carts30 = Sample.Carts30[customer],
                IsPercent = offer is PercentOff,
                IsFreeShipping = offer is FreeShipping,
            },
            phi);
    }

    /// <summary>min(μ0, μ1) ÷ μ1: at most this share of treated buyers would have bought anyway (Tian &amp; Pearl 2000).</summary>
    internal double SureShare(double[] phi)
    {
        var baseline = Math.Max(0, effects.Predict(PlannerTargets.Baseline, phi));
        var treated = baseline + effects.Predict(PlannerTargets.Conversion, phi);
        return treated <= baseline ? 1 : baseline / treated;
    }

    /// <summary>What a planned campaign is expected to do, by segment and as a whole.</summary>
    public CampaignPrediction Predict(CampaignRules rules)
    {
        var campaign = PlannedCampaign.Project(this, rules);
        var distance = range.Distance(campaign.Position);
        var lines = new List<SegmentPrediction>();
        for (var l = 0; l < Segments.LifecycleKeys.Count; l++)
        {
            var wanted = l;
            AddLine(lines, campaign, Segments.LifecycleKeys[l], "lifecycle", (lifecycle, _) => lifecycle == wanted, distance);
        }

        for (var c = 0; c < Categories.Count; c++)
        {
            var wanted = c;
            AddLine(lines, campaign, SegmentKeys.Favourite(Categories[c]), "favourite", (_, favourite) => favourite == wanted, distance);
        }

        foreach (var (kind, count) in new[] { ("lifecycle", Segments.LifecycleKeys.Count), ("favourite", Categories.Count) })
            Join(lines, kind, MeansOf(campaign, kind, count), campaign.Unit);
        return new CampaignPrediction(
            Model.ModelId,
            distance > 0,
            lines,
            Line(campaign, campaign.Sum(), Segments.Total, "total", distance),
            rules.Currency,
            double.IsFinite(distance) ? distance : 0,
            effects.Campaigns,
            effects.Rows,
            rules.Experiment.HoldoutPercent,
            Model.MarginAssumedShare)
        {
            Outside = range.Outside(campaign.Position),
            OutsideRanges = [.. range.Named(campaign.Position).Where(o => double.IsFinite(o.Value))],
            WindowDays = WindowDays(rules),
        };
    }

    /// <summary>Discounts to be paid.</summary>
    public double DiscountCost(PlannedCampaign campaign) => Cost(campaign, campaign.Sum());

    // Whoever buys because of a campaign gets its discount. The projection knows nothing of that: where few redeem, it may fall below zero.
    private double Cost(PlannedCampaign campaign, PlannedCampaign.Cell sums) => campaign.TreatedShare * campaign.Unit
        * Math.Max(effects.Predict(PlannerTargets.Discount, sums.Phi), Math.Max(0, effects.Predict(PlannerTargets.Orders, sums.Phi)));

    private void AddLine(List<SegmentPrediction> lines, PlannedCampaign campaign, string key, string kind, Func<int, int, bool> within, double distance)
    {
        var sums = campaign.Sum(within);
        if (sums.Weight >= 0.5)
            lines.Add(Line(campaign, sums, key, kind, distance));
    }

    private SegmentPrediction Line(PlannedCampaign campaign, PlannedCampaign.Cell sums, string key, string kind, double distance)
    {
        if (sums.Weight < 0.5)
            return new SegmentPrediction(key, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null);
        var mean = Scaled(sums.Phi, 1 / sums.Weight);
        var treated = sums.Weight * campaign.TreatedShare;
        var widen = 1 + (double.IsFinite(distance) ? distance : 1);

        var uplift = effects.Predict(PlannerTargets.Conversion, mean);
        var upliftHalf = widen * HalfWidth(PlannerTargets.Conversion, mean);
        var orders = treated * effects.Predict(PlannerTargets.Orders, mean);
        var ordersHalf = widen * treated * HalfWidth(PlannerTargets.Orders, mean);
        var margin = treated * effects.Predict(PlannerTargets.Margin, mean);
        var marginHalf = widen * treated * HalfWidth(PlannerTargets.Margin, mean);
        var cost = Cost(campaign, sums);
        var costHalf = widen * treated * campaign.Unit * HalfWidth(PlannerTargets.Discount, mean);
        // The intercept's sum is that of the shares themselves.
        var sure = cost * sums.SurePhi[0] / sums.Weight;
        var net = margin - cost;
        var within = NetSpread.Of(effects, Scaled(mean, treated), Scaled(mean, treated * campaign.Unit));
        var all = within.Plus(
            treated * treated * effects.CampaignVariance[PlannerTargets.Margin],
            treated * treated * campaign.Unit * campaign.Unit * effects.CampaignVariance[PlannerTargets.Discount]);
        var quantile = widen * StudentT.Quantile(Tail, Freedom(within.Net, all.Net - within.Net));
        var netHalf = quantile * Math.Sqrt(all.Net);
        var roi = Fieller.Interval(net, cost, all.Net, all.Cost, all.Both, quantile);
        return new SegmentPrediction(
            key,
            kind,
            (int)Math.Round(sums.Weight),
            Math.Clamp(effects.Predict(PlannerTargets.Baseline, mean), 0, 1),
            uplift,
            uplift - upliftHalf,
            uplift + upliftHalf,
            orders,
            margin,
            cost,
            Math.Clamp(sure, 0, cost),
            net,
            net - netHalf,
            net + netHalf,
            cost > 0 ? net / cost : null)
        {
            Treated = (int)Math.Round(treated),
            UpliftJointLow = uplift - upliftHalf,
            UpliftJointHigh = uplift + upliftHalf,
            NetProfitJointLow = net - netHalf,
            NetProfitJointHigh = net + netHalf,
            IncrementalOrdersLow = orders - ordersHalf,
            IncrementalOrdersHigh = orders + ordersHalf,
            IncrementalMarginLow = margin - marginHalf,
            IncrementalMarginHigh = margin + marginHalf,
            DiscountCostLow = Math.Max(0, cost - costHalf),
            DiscountCostHigh = cost + costHalf,
            RoiLow = cost > 0 ? roi?.Low : null,
            RoiHigh = cost > 0 ? roi?.High : null,
        };
    }

    private double HalfWidth(int target, double[] mean) => HalfWidth(effects.Variance(target, mean), effects.CampaignVariance[target]);

    private double HalfWidth(double within, double between) => StudentT.Quantile(Tail, Freedom(within, between)) * Math.Sqrt(within + between);

    /// <summary>Satterthwaite (1946): many groups of customers stand behind one part of the variance, few campaigns behind the other.</summary>
    private double Freedom(double within, double between) => within + between <= 0
        ? DegreesOfFreedom
        : (within + between) * (within + between) / (within * within / DrawFreedom + between * between / DegreesOfFreedom);

    /// <summary>τ² of net profit per treated customer.</summary>
    private double CampaignVariance(double unit) =>
        effects.CampaignVariance[PlannerTargets.Margin] + unit * unit * effects.CampaignVariance[PlannerTargets.Discount];

    private static double[] Scaled(double[] phi, double factor)
    {
        var scaled = new double[phi.Length];
        System.Numerics.Tensors.TensorPrimitives.Multiply(phi, factor, scaled);
        return scaled;
    }

    private static void Subtract(double[] from, double[] phi, double factor) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(phi, -factor, from, from);
}
