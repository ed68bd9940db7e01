using CampaignManager.Application.Behaviour;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Tests.FirstSteps;

public sealed class FirstStepsWordsTests
{
    private static readonly ShopOrders Orders = new(9_000, 5_000, 0, DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(400), "CNY", 0, 0, 8, 0, null);

    private static readonly FirstStepsReport Report = new(
        FirstStep.Orders, Orders, true, null, null, new OfferQuestion(200, 30, null), new OfferEconomics(0.4, MarginSource.Typed, 9_000, 9_000, 96.7, 30),
        [new SegmentBreakEven(null, 5_000, 0.08, 0.08, 0.036, 240, 0.021)], FirstExperiment.Advise(5_000, 0.08, 0.036), RegionRefusal.TooFewRegions, []);

    [Fact]
    public void OrdersOnly_TheDesignsExample_WordByWord() => Assert.Equal(
        "Orders show who buys. Nobody can tell from them who buys because of an offer. To cover its cost, 200−30 would have to move at least 3.6 of 100 customers who would not have ordered.",
        FirstStepsWords.OrdersOnly(Report).En);

    [Fact]
    public void Advice_TheDesignsExample_WordByWord()
    {
        Assert.Equal(
            "With your 5,000 customers a 50:50 split over 14 days can see 2.1 points, a 10 % holdout 3.6. The offer breaks even at 3.6. "
            + "Recommended: 50:50 for the first campaign, 20 % afterwards.",
            FirstStepsWords.Advice(Report)!.En);
        Assert.Contains("not for whom", FirstStepsWords.NotForWhom(Report)!.En, StringComparison.Ordinal);
        Assert.StartsWith("订单只说明谁会买，说明不了谁因为活动才买。", FirstStepsWords.OrdersOnly(Report).Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void NobodyOrdersAnyway_WhatItTakesIsSaidInWords()
    {
        var nobody = Report with
        {
            Segments = [new SegmentBreakEven(null, 5_000, 0, 0, 0, 0, 0.006)],
            Experiment = FirstExperiment.Advise(5_000, 0.0001, 0),
        };

        foreach (var said in (BothLanguages[])[FirstStepsWords.OrdersOnly(nobody), FirstStepsWords.Advice(nobody)!])
            Assert.DoesNotContain("0.00", said.En + said.Zh, StringComparison.Ordinal);
        Assert.EndsWith("Nobody of them orders without an offer, so 200−30 gives nothing away: each order that it brings pays.", FirstStepsWords.OrdersOnly(nobody).En, StringComparison.Ordinal);
    }

    [Fact]
    public void Regions_Eight_AreTooFew() => Assert.Equal(
        "8 regions are too few for a geo holdout (20 needed). Hold back persons instead.", FirstStepsWords.Regions(Report).En);
}
