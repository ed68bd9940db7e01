using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Tests.Experiments;

public sealed class FirstExperimentTests
{
    [Theory]
    [InlineData(1_000, 0.03, 3.0, 3.8, 5.0)]
    [InlineData(5_000, 0.03, 1.4, 1.7, 2.3)]
    [InlineData(20_000, 0.03, 0.7, 0.8, 1.1)]
    [InlineData(100_000, 0.03, 0.3, 0.4, 0.5)]
    [InlineData(1_000, 0.08, 4.8, 6.0, 8.0)]
    [InlineData(5_000, 0.08, 2.1, 2.7, 3.6)]
    [InlineData(20_000, 0.08, 1.1, 1.3, 1.8)]
    [InlineData(100_000, 0.08, 0.5, 0.6, 0.8)]
    public void Advise_TheDesignsTable_ToItsDigits(long customers, double baseline, double half, double fifth, double tenth)
    {
        var advice = FirstExperiment.Advise(customers, baseline, 0.036);

        Assert.Equal([half, fifth, tenth], advice.Splits.Select(s => Math.Round(100 * s.Detectable!.Value, 1)));
    }

    [Fact]
    public void Advise_BreakEvenAtWhatATenthSees_HalfFirstAndAFifthAfterwards()
    {
        var advice = FirstExperiment.Advise(5_000, 0.08, 0.036);

        Assert.Equal((FirstExperimentVerdict.Sees, 0.5, 0.2), (advice.Verdict, advice.First, advice.Afterwards));
        // The same formula, turned round.
        Assert.Equal(0.036, Power.DetectableDifference(0.08, advice.Needed!.Value / 2, advice.Needed.Value / 2)!.Value, 1e-4);
        Assert.Equal(16 * advice.Needed, advice.ForSegments);
    }

    [Theory]
    [InlineData(5_000, 0.08, 0.01, FirstExperimentVerdict.TooFew)]
    [InlineData(200, 0.03, 0.01, FirstExperimentVerdict.CannotLearn)]
    [InlineData(0, 0.03, 0.01, FirstExperimentVerdict.CannotLearn)]
    [InlineData(5_000, 0, 0.01, FirstExperimentVerdict.CannotLearn)]
    // Few customers, but the offer has to move so many that even they tell.
    [InlineData(1_000, 0.03, 0.05, FirstExperimentVerdict.Sees)]
    public void Advise_SmallShops_SaysWhatCannotBeSeen(long customers, double baseline, double breakEven, FirstExperimentVerdict expected) =>
        Assert.Equal(expected, FirstExperiment.Advise(customers, baseline, breakEven).Verdict);

    [Fact]
    public void Advise_NothingPays_SaysSo()
    {
        var advice = FirstExperiment.Advise(5_000, 0.08, null);

        Assert.Equal((FirstExperimentVerdict.CannotPay, null, 1), (advice.Verdict, advice.Needed, advice.MostOffers));
    }

    [Theory]
    [InlineData(5_000, 0.036, 3)]
    [InlineData(5_000, 0.0284, 2)]
    [InlineData(5_000, 0.022, 1)]
    [InlineData(5_000, 0.005, 1)]
    public void Advise_SeveralOffers_OnlyWhereEachPairSeesItsBreakEven(long customers, double breakEven, int expected) =>
        Assert.Equal(expected, FirstExperiment.Advise(customers, 0.08, breakEven).MostOffers);

    [Fact]
    public void Effect_FullReduction_IsWhatCoversThoseWhoOrderAnyway()
    {
        var offer = new BreakEven(Margin: 90, Discount: 30, Baseline: 0.07, ContactCost: 0.06);

        Assert.Equal(0.036, offer.Effect!.Value, 12);
        Assert.Equal(2.1, offer.ToSureBuyers, 12);
        // At the break-even what is earned is what is given away.
        Assert.Equal(0.036 * 90, 30 * (0.07 + 0.036) + 0.06, 12);
    }

    [Theory]
    [InlineData(30, 30, 0.07)]
    [InlineData(31, 30, 0.5)]
    public void Effect_NoShareCanPay_IsNull(double margin, double discount, double baseline) => Assert.Null(new BreakEven(margin, discount, baseline, 0).Effect);

    [Theory]
    [InlineData(8, 100, RegionRefusal.TooFewRegions)]
    [InlineData(20, 24, RegionRefusal.TooFewPeriods)]
    [InlineData(20, 25, null)]
    public void Refuse_RegionsAndPeriods_BelowTheLimits(int regions, int periods, RegionRefusal? expected) => Assert.Equal(expected, RegionHoldout.Refuse(regions, periods));
}
