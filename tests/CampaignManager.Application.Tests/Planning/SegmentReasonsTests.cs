using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>Why, what if and for how long, on a trained shop.</summary>
[Collection(StandardShop.Shared)]
public sealed class SegmentReasonsTests(StandardShop standard)
{
    private static readonly CampaignRules StoreWide = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };
    private static readonly CancellationToken Cancel = CancellationToken.None;

    private PredictionService Predictions => standard.Shop.Get<PredictionService>();

    [Fact]
    public async Task Why_EverySegment_AddsUpAndFollowsThePrediction()
    {
        var id = await DraftAsync(StoreWide);
        var why = (await Predictions.WhyAsync(id, Cancel)).Value;
        var predicted = await standard.Shop.PredictAsync(StoreWide);

        Assert.True(why.Fidelity > 0.6, $"R² {why.Fidelity:0.00}");
        Assert.Equal(predicted.Segments.Select(s => s.Segment).Order(StringComparer.Ordinal),
            why.Segments.Select(s => s.Segment).Order(StringComparer.Ordinal));
        foreach (var segment in why.Segments)
        {
            Assert.Equal(segment.Explained, segment.Mean + segment.Reasons.Sum(r => r.Effect), 9);
            // The imitation says of a segment what the model says of it.
            var uplift = predicted.Segments.Single(s => s.Segment == segment.Segment).Uplift;
            Assert.InRange(segment.Explained, uplift - 0.01, uplift + 0.01);
        }

        Assert.Equal(Reasons(why), Reasons((await Predictions.WhyAsync(id, Cancel)).Value));
    }

    [Fact]
    public async Task Predict_AllAtOnce_IsWiderThanEachByItself()
    {
        var predicted = await standard.Shop.PredictAsync(StoreWide);
        Assert.All(predicted.Segments, s =>
        {
            Assert.True(s.UpliftJointLow < s.UpliftLow && s.UpliftHigh < s.UpliftJointHigh, $"{s.Segment}: uplift");
            Assert.True(s.NetProfitJointLow < s.NetProfitLow && s.NetProfitHigh < s.NetProfitJointHigh, $"{s.Segment}: net profit");
            // Never more than Bonferroni would ask for.
            Assert.True(s.UpliftJointHigh - s.Uplift < 2.2 * (s.UpliftHigh - s.Uplift), $"{s.Segment}: too wide");
        });
        Assert.Equal(
            (predicted.Total.UpliftLow, predicted.Total.UpliftHigh), (predicted.Total.UpliftJointLow, predicted.Total.UpliftJointHigh));
    }

    [Fact]
    public async Task Flips_DeepOffer_LeadToWhatIsPredictedThere()
    {
        var deep = StoreWide with { Offer = new FullReduction { Tiers = [new SpendTier(200, 60)] } };
        var flips = (await Predictions.FlipsAsync(await DraftAsync(deep), Cancel)).Value;
        var now = await standard.Shop.PredictAsync(deep);
        Assert.NotEmpty(flips);
        foreach (var flip in flips)
        {
            var (_, changed) = OfferKnobs.Grid(deep, flip.Knob).Single(g => g.At == flip.To);
            var then = await standard.Shop.PredictAsync(changed);
            CampaignPrediction[] both = [now, then];
            var lines = both.Select(p => p.Segments.Append(p.Total).Single(s => s.Segment == flip.Segment).NetProfit).ToList();
            Assert.Equal(lines, [flip.Before, flip.After]);
            Assert.True(flip.Before * flip.After < 0);
        }
    }

    [Fact]
    public async Task Budget_OfHalfTheDiscounts_EndsAboutHalfWay()
    {
        var cost = (await standard.Shop.PredictAsync(StoreWide)).Total.DiscountCost;
        var start = DateOnly.FromDateTime(standard.Shop.Clock.GetUtcNow().UtcDateTime).AddDays(10);
        var planned = StoreWide with
        {
            Schedule = new Schedule { TimeZone = "Asia/Shanghai", Start = start, End = start.AddDays(9) },
            Limits = new Limits { Budget = Math.Round((decimal)cost * 0.55m, 2) },
        };
        var outlook = await Predictions.BudgetAsync(await DraftAsync(planned), Cancel);
        Assert.Equal((start.AddDays(5), 4), (outlook!.Day, outlook.DaysBeforeEnd));
        Assert.True(outlook.EarliestDay <= outlook.Day);

        var plenty = planned with { Limits = new Limits { Budget = Math.Round((decimal)cost * 20, 2) } };
        Assert.Null((await Predictions.BudgetAsync(await DraftAsync(plenty), Cancel))!.Day);
        Assert.Null(await Predictions.BudgetAsync(await DraftAsync(StoreWide), Cancel));
    }

    private static IEnumerable<(string, double)> Reasons(SegmentReasons why) =>
        why.Segments.SelectMany(s => s.Reasons.Select(r => (s.Segment, r.Effect)));

    private async Task<Guid> DraftAsync(CampaignRules rules) =>
        (await standard.Shop.Get<CampaignService>().CreateDraftAsync("Reasons", rules, PlannedShop.Marketer, Cancel)).Value;
}
