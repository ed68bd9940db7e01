using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Engine.Tests.Planning;

/// <summary>Ten customers in all five lifecycles, and effects that are known because they are written down.</summary>
public sealed class PlannerTests
{
    private const double Uplift = 0.02, LoyalUplift = 0.03, Margin = 1.5, Discount = 0.05, Baseline = 0.1;

    private static readonly CampaignRules Everyone = new()
    {
        Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
        Experiment = new ExperimentPlan { HoldoutPercent = 20 },
    };

    private readonly Planner planner = APlanner();

    [Fact]
    public void Predict_EffectsWrittenDown_AreThoseOfTheTreated()
    {
        var total = planner.Predict(Everyone).Total;
        Assert.Equal(10, total.Size);
        Assert.Equal(Baseline, total.BaselineConversion, 9);
        Assert.Equal(Uplift + (0.2 * LoyalUplift), total.Uplift, 9);
        Assert.Equal(8 * Margin, total.IncrementalMargin, 9);
        Assert.Equal(8 * 30 * Discount, total.DiscountCost, 9);
        Assert.Equal(total.IncrementalMargin - total.DiscountCost, total.NetProfit, 9);
    }

    [Fact]
    public void Predict_DrawsThatDiffer_GiveEveryFigureAnIntervalThatHoldsIt()
    {
        var prediction = APlanner(spread: 0.2).Predict(Everyone);
        var total = prediction.Total;
        Assert.Equal((8, 10, 21), (total.Treated, total.Size, prediction.WindowDays));
        Assert.Empty(prediction.Outside);
        Assert.All(
            [
                (total.UpliftLow, total.Uplift, total.UpliftHigh),
                (total.IncrementalOrdersLow, total.IncrementalOrders, total.IncrementalOrdersHigh),
                (total.IncrementalMarginLow, total.IncrementalMargin, total.IncrementalMarginHigh),
                (total.DiscountCostLow, total.DiscountCost, total.DiscountCostHigh),
                (total.NetProfitLow, total.NetProfit, total.NetProfitHigh),
                (total.RoiLow!.Value, total.Roi!.Value, total.RoiHigh!.Value),
            ],
            figure => Assert.True(figure.Item1 < figure.Item2 && figure.Item2 < figure.Item3, $"{figure}"));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.4)]
    [InlineData(0.6)]
    public void Predict_AnySpread_RoiIsToldFromZeroExactlyWhereNetProfitIs(double spread)
    {
        var total = APlanner(spread).Predict(Everyone).Total;
        if (total.RoiLow is { } low)
            Assert.Equal(total.NetProfitLow > 0, low > 0);
        else
            Assert.Equal(0, total.DiscountCostLow);
    }

    [Fact]
    public void Predict_EachKindOfSegment_AddsUpToTheTotal()
    {
        var prediction = planner.Predict(Everyone);
        var loyal = Assert.Single(prediction.Segments, s => s.Segment == Lifecycle.Loyal.Key());
        Assert.Equal((2, Uplift + LoyalUplift), (loyal.Size, Math.Round(loyal.Uplift, 9)));
        var kind = prediction.Segments.Where(s => s.Kind == "lifecycle").ToList();
        Assert.Equal(Segments.LifecycleKeys, kind.Select(s => s.Segment));
        Assert.Equal(prediction.Total.NetProfit, kind.Sum(s => s.NetProfit), 9);
        Assert.Equal([SegmentKeys.Favourite("tea")], prediction.Segments.Where(s => s.Kind == "favourite").Select(s => s.Segment));
    }

    [Theory]
    [InlineData("loyal", 2)]
    [InlineData("favourite:tea", 5)]
    [InlineData("uplift:top50", 1)]
    [InlineData("no-such-segment", 0)]
    public void Project_FromAnotherAudience_IsWhatLayingItAfreshGives(string segment, int size)
    {
        var only = Everyone with { Audience = new Audience { AnyOf = [segment] } };
        var everyone = PlannedCampaign.Project(planner, Everyone);
        var derived = PlannedCampaign.Project(planner, only, everyone);
        Assert.Equal(size, derived.Size());
        Assert.Equal(planner.DiscountCost(PlannedCampaign.Project(planner, only)), planner.DiscountCost(derived), 9);
        Assert.Equal(10 - size, planner.Compare(everyone, derived).Customers);
    }

    [Fact]
    public void Compare_OfferMeasuredBetterThanPredicted_DropsWhatItReachesLessGladly()
    {
        // Margin and discounts err together: a campaign that turns out better than predicted makes every customer in it worth more.
        var uncertain = APlanner(spread: 0.5);
        var before = PlannedCampaign.Project(uncertain, Everyone);
        var after = PlannedCampaign.Project(uncertain, Everyone with { Audience = new Audience { AnyOf = ["loyal"] } }, before);
        var prior = uncertain.Compare(before, after);
        var predicted = uncertain.Predict(Everyone).Total.NetProfit / 8;
        var asPredicted = uncertain.Compare(before, after, new LiveEvidence(predicted, 0.1, 1_000, 21));
        var better = uncertain.Compare(before, after, new LiveEvidence(predicted + 0.5, 0.1, 1_000, 21));

        Assert.Equal(prior.Delta, asPredicted.Delta, 9);
        Assert.True(asPredicted.StandardError < prior.StandardError, $"{asPredicted.StandardError} of {prior.StandardError}");
        Assert.True(better.Delta < prior.Delta, $"{better.Delta} after {prior.Delta}");
    }

    /// <param name="spread">How far the two draws lie from what is written down, as a share of it.</param>
    private static Planner APlanner(double spread = 0)
    {
        var basis = new PlanningBasis(Segments.LifecycleKeys.Count, 2);
        var coefficients = new double[PlannerTargets.Count][];
        for (var target = 0; target < coefficients.Length; target++)
            coefficients[target] = new double[basis.Length];
        foreach (var (target, value) in new[]
        {
            (PlannerTargets.Conversion, Uplift), (PlannerTargets.Orders, Uplift), (PlannerTargets.Margin, Margin),
            (PlannerTargets.Discount, Discount), (PlannerTargets.Baseline, Baseline),
        })
        {
            coefficients[target][0] = value;
        }

        // After the intercept the basis has one regressor per lifecycle.
        coefficients[PlannerTargets.Conversion][1 + (int)Lifecycle.Loyal] = LoyalUplift;
        double[] Draw(double factor) => [.. coefficients.SelectMany((c, target) =>
            c.Select(v => v * (1 + (target == PlannerTargets.Discount ? -factor : factor))))];
        var model = new PlannerModel
        {
            ModelId = Guid.Empty,
            Categories = ["shoes", "tea"],
            Effects = new EffectModelState(
                coefficients, [Draw(-spread), Draw(spread)], coefficients, new double[PlannerTargets.Count], 3, 1_000),
            Tried = [new OfferPosition(Everyone.Offer.Type, 200, 0.15, 1)],
            Windows = [21],
            Baskets = [250, 300, 400],
            ShippingFee = 10,
            MarginAssumedShare = 0,
            RowsByLifecycle = new Dictionary<string, long>(),
        };
        Assert.True(Planner.Knows(model));
        return new Planner(model, ASample(model.Categories));
    }

    private static AudienceSample ASample(IReadOnlyList<string> categories) => new()
    {
        Categories = categories,
        Lifecycle = [.. Enumerable.Range(0, 10).Select(i => i % 5)],
        Favourite = [.. Enumerable.Range(0, 10).Select(i => i < 5 ? 1 : -1)],
        Affinity = [.. Enumerable.Repeat(0.5f, 20)],
        UsualBasket = [.. Enumerable.Repeat(250.0, 10)],
        DiscountShare = new double[10],
        RecencyDays = [.. Enumerable.Repeat(double.NaN, 10)],
        Orders = new double[10],
        Views30 = new double[10],
        Carts30 = new double[10],
        Uplift = [1 << UpliftSegments.Keys.ToList().IndexOf(UpliftSegments.Top(50)), 0, 0, 0, 0, 0, 0, 0, 0, 0],
        Region = [.. Enumerable.Repeat("", 10)],
        Channel = [.. Enumerable.Repeat("", 10)],
        Weight = 1,
    };
}
