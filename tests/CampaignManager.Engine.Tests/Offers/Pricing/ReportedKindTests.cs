using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>What other shops got wrong in public, and what must go on being right here.</summary>
public sealed class ReportedKindTests
{
    [Theory]
    [InlineData("CNY", 6_00, 4_00, 5_40, 3_60)]
    [InlineData("JPY", 601, 399, 541, 359)] // 100 off 1,000: 60 and 40
    [InlineData("KWD", 1_005, 2_995, 904, 2_696)] // half a fils each way: the earlier line has it
    public void Refund_OneOfTwoGoodsUnderAnOrderDiscount_PaysItsShare(string currency, long first, long second, long backFirst, long backSecond)
    {
        LiveCampaign[] campaigns = [Campaign("ten", Percent(10), currency: currency)];
        var cart = Cart(Line("a", first), Line("b", second)) with { Currency = currency };
        var order = new ConfirmedOrder(cart, cart.Quote(campaigns), campaigns);
        Assert.Equal(backFirst, RefundTests.Pay(ref order, ("a", 1)));
        Assert.Equal(backSecond, RefundTests.Pay(ref order, ("b", 1)));
        Assert.Equal(order.Quote.Total, backFirst + backSecond);
    }

    [Fact]
    public void Refund_GoodsOutsideOfTheCoupon_PayTheirFullPrice()
    {
        LiveCampaign[] campaigns = [Campaign("c", new AmountOff { Amount = 5 }, category: "tea", code: "TEA")];
        var cart = Cart(Line("a", 20_00, category: "tea"), Line("b", 30_00)) with { Codes = ["tea"] };
        var order = new ConfirmedOrder(cart, cart.Quote(campaigns), campaigns);
        Assert.Equal(30_00, RefundTests.Pay(ref order, ("b", 1)));
        Assert.Equal(15_00, RefundTests.Pay(ref order, ("a", 1)));
    }

    [Fact]
    public void Refund_ClawbackOfAThreshold_ChargesWhatIsKeptAtItsPrice()
    {
        var ten = Campaign("ten", Percent(10, 300));
        ten = ten with { Rules = ten.Rules with { ReturnPolicy = ReturnPolicy.Clawback } };
        var cart = Cart(Line("a", 50_00, 6));
        var order = new ConfirmedOrder(cart, cart.Quote(ten), [ten]);
        Assert.Equal(270_00, order.Quote.Total);
        Assert.Equal(220_00, RefundTests.Pay(ref order, ("a", 5))); // the one kept costs 50
        Assert.Equal(50_00, RefundTests.Pay(ref order, ("a", 1)));
    }

    [Theory]
    [InlineData("America/New_York", 2026, 11, 1, 25)] // clocks go back
    [InlineData("America/Santiago", 2026, 9, 6, 23)] // a day without a midnight
    [InlineData("Europe/Paris", 2026, 3, 29, 23)]
    public void Schedule_OneDayOnWhichClocksChange_IsThatWholeDay(string zone, int year, int month, int day, int hours)
    {
        var only = new DateOnly(year, month, day);
        var interval = ScheduleInterval.ToUtc(new Schedule { TimeZone = zone, Start = only, End = only });
        Assert.Equal(hours, (interval.EndUtc!.Value - interval.StartUtc!.Value).TotalHours);
        var local = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Assert.Equal(only, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(interval.StartUtc.Value, local)));
        Assert.Equal(only, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(interval.EndUtc.Value.AddTicks(-1), local)));
    }

    [Theory]
    [InlineData("2026-10-24T05:00Z", true)] // 07:00 in summer
    [InlineData("2026-10-24T04:59Z", false)]
    [InlineData("2026-10-24T19:59Z", true)]
    [InlineData("2026-10-24T20:00Z", false)]
    [InlineData("2026-10-25T05:59Z", false)] // 06:59 in winter
    [InlineData("2026-10-25T06:00Z", true)]
    [InlineData("2026-10-25T20:59Z", true)]
    [InlineData("2026-10-25T21:00Z", false)]
    public void Hours_OverTheChangeOfClocks_AreThoseOfTheWall(string moment, bool runs)
    {
        var campaign = Campaign("c", Percent(10));
        string[] week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        campaign = campaign with { Rules = campaign.Rules with { Schedule = new Schedule { TimeZone = "Europe/Paris", Weekly = [new(week, "07:00", "22:00")] } } };
        var at = DateTime.Parse(moment, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);
        var quote = PromotionEngine.Quote(Basket(10_00), CompiledCampaigns.Of([campaign]), Usage.None, QuoteSettings.Default, at);
        Assert.Equal(runs ? null : ReasonCode.OutsideHours, quote.Why("c"));
    }

    [Fact]
    public void Quote_GoodsAlreadyReduced_AreLeftOutAndTheOthersAreNot()
    {
        var quote = Cart(Line("a", 10_00, category: "sale"), Line("b", 20_00)).Quote(
            Campaign("first", Percent(50), category: "sale", @class: OfferClass.Item), Campaign("then", Percent(10), onlyUndiscounted: true));
        Assert.Equal([5_00, 2_00], quote.Off());
    }

    [Theory]
    [InlineData(9, 0, 81_00)] // 100 less 10, then 10 %
    [InlineData(0, 9, 80_00)] // 100 less 10 %, then 10
    public void Quote_AmountAndPercentage_WorkInTheOrderOfTheirPriorities(int amount, int percent, long total) => Assert.Equal(
        total, Basket(100_00).Quote(Campaign("a", new AmountOff { Amount = 10 }, priority: amount), Campaign("p", Percent(10), priority: percent)).Total);

    [Theory]
    [InlineData(ConflictResolution.BestForCustomer, "small", 70_00)]
    [InlineData(ConflictResolution.Priority, "large", 90_00)]
    public void Quote_TwoCodesThatApplyAlone_OnlyOneDoes(ConflictResolution resolution, string loser, long total)
    {
        var cart = Basket(100_00) with { Codes = ["TEN", "THIRTY"] };
        var quote = cart.Quote(
            new QuoteSettings { ConflictResolution = resolution },
            Campaign("small", Percent(10), priority: 5, exclusive: true, code: "TEN"), Campaign("large", Percent(30), exclusive: true, code: "THIRTY"));
        Assert.Equal(total, quote.Total);
        Assert.Equal(ReasonCode.ExcludedBy, quote.Why(loser));
        Assert.Equal(1, quote.Codes.Count(c => c.Reason is null));
    }

    [Theory]
    [InlineData("JPY", 333, 334, 567)] // 15 % of 667 is 100.05
    [InlineData("KWD", 333, 334, 567)]
    [InlineData("EUR", 3_33, 3_34, 5_67)]
    public void Quote_Percentage_IsRoundedOnceByTheDigitsOfTheCurrency(string currency, long first, long second, long total) => Assert.Equal(
        total, (Basket(first, second) with { Currency = currency }).Quote(Campaign("c", Percent(15), currency: currency)).Total);

    [Fact]
    public void Quote_MugFreeWithAnything_InAnyOrderOfLines()
    {
        var offer = Campaign("a", new BuyXGetY { Buy = new(1), Get = new(1, Goods("mug")) });
        Assert.Equal(5_00, Cart(Line("pen", 5_00), Line("mug", 10_00, category: "mug")).Quote(offer).Total);
        Assert.Equal(5_00, Cart(Line("mug", 10_00, category: "mug"), Line("pen", 5_00)).Quote(offer).Total);
        Assert.Equal(10_00, Cart(Line("mug", 10_00, 2, category: "mug")).Quote(offer).Total);
        Assert.Equal(10_00, Cart(Line("mug", 10_00, category: "mug")).Quote(offer).Total);
    }
}
