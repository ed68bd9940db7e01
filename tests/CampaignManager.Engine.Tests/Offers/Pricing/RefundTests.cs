using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class RefundTests
{
    [Theory]
    [InlineData(ReturnPolicy.Keep, 42_50, 127_50)] // the paid shares
    [InlineData(ReturnPolicy.Clawback, 20_00, 150_00)] // the 30 go: 170 paid, 150 to pay for what is kept
    public void Of_ReturnBreaksTheThreshold_ByPolicy(ReturnPolicy policy, long first, long second)
    {
        var order = Order(Cart(Line("a", 50_00), Line("b", 150_00)), With(Campaign("c", Full(200, 30)), policy));
        Assert.Equal(first, Pay(ref order, ("a", 1)));
        Assert.Equal(second, Pay(ref order, ("b", 1)));
    }

    [Theory]
    [InlineData(ReturnPolicy.Keep)]
    [InlineData(ReturnPolicy.Clawback)]
    public void Of_NoThresholdBreaks_PaysTheShareByEitherPolicy(ReturnPolicy policy)
    {
        // 30 over 300: 5, 15 and 10. Without a there are still 250; without b too the 200 are gone.
        var order = Order(Cart(Line("a", 50_00), Line("b", 150_00), Line("c", 100_00)), With(Campaign("f", Full(200, 30)), policy));
        Assert.Equal(45_00, Pay(ref order, ("a", 1)));
        Assert.Equal(policy == ReturnPolicy.Keep ? 135_00 : 125_00, Pay(ref order, ("b", 1)));
        Assert.Equal(policy == ReturnPolicy.Keep ? 90_00 : 100_00, Pay(ref order, ("c", 1)));
    }

    public static TheoryData<Offer, long> Broken => new()
    {
        { new FullReduction { Tiers = [new SpendTier(100, 10), new SpendTier(300, 60)] }, 50_00 }, // the lower tier is left: 240 paid, 190 to pay for what is kept
        { new FullReduction { Every = 100, Off = 10 }, 90_00 }, // two times are left of three
        { new QuantityDiscount { Tiers = [new(2, Off: 10), new(3, Off: 60)] }, 50_00 },
        { new QuantityDiscount { Tiers = [new(3, Percent: 50)] }, 0 },
        { new BuyXGetY { Buy = new(2), Get = new(1) }, 0 },
        { new Bundle { Items = [new(Quantity: 3)], Price = 200 }, 0 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Of_ThresholdOfAnyMechanicBreaks_PricesAnewWhatIsKept(Offer offer, long refund)
    {
        var order = Order(Cart(Line("a", 100_00, 3)), With(Campaign("c", offer), ReturnPolicy.Clawback));
        Assert.Equal(refund, Pay(ref order, ("a", 1)));
        Assert.Equal(order.Quote.Total - refund, Pay(ref order, ("a", 2)));
    }

    [Fact]
    public void Of_ThresholdOfThenGone_LeavesMoreToALaterCampaign()
    {
        // 300 off 650 leave 350, 80.77 of it on a: 8.08 off. Kept alone a costs 150 less 15.
        var order = Order(
            Cart(Line("a", 150_00, category: "shoes"), Line("b", 500_00)), With(Campaign("full", Full(600, 300), priority: 9), ReturnPolicy.Clawback), With(Campaign("ten", Percent(10), category: "shoes"), ReturnPolicy.Clawback));
        Assert.Equal(order.Quote.Total - 135_00, Pay(ref order, ("b", 1)));
    }

    [Fact]
    public void Of_ClawbackWithMoreGivenThanIsPaid_PaysNothingYet()
    {
        var order = Order(Cart(Line("a", 100_00, 3)), With(Campaign("c", new BuyXGetY { Buy = new(2), Get = new(1) }), ReturnPolicy.Clawback));
        Assert.Equal(0, Pay(ref order, ("a", 1))); // two kept at 100 each are what was paid
        Assert.Equal(100_00, Pay(ref order, ("a", 1)));
        Assert.Equal(100_00, Pay(ref order, ("a", 1)));
    }

    [Fact]
    public void Of_UnitsOfALine_ArePaidEvenlyFirstUnitsFirst()
    {
        var order = Order(Cart(Line("a", 10_00, 3)), Campaign("c", Full(1, 5))); // 25.00 for three
        Assert.Equal([8_34, 8_33, 8_33], new[] { Pay(ref order, ("a", 1)), Pay(ref order, ("a", 1)), Pay(ref order, ("a", 1)) });
    }

    [Fact]
    public void Of_KeepAndClawbackTogether_KeepGivesItsShareOfWhatIsKept()
    {
        // 10 % keeps giving 10 on b (of 15); the 30 off are lost: 50 - 5 to pay for a.
        var order = Order(Cart(Line("a", 50_00), Line("b", 150_00)), Campaign("ten", Percent(10), priority: 9), With(Campaign("full", Full(150, 30)), ReturnPolicy.Clawback));
        Assert.Equal(150_00, order.Quote.Total);
        Assert.Equal(105_00, Pay(ref order, ("b", 1)));
        Assert.Equal(45_00, Pay(ref order, ("a", 1)));
    }

    [Fact]
    public void Of_ClawbackOfAGroupWinner_KeepsTheOrderOfThen()
    {
        // b won a's turn, before mid; by its own priority it would come after.
        var half = new PercentOff { Tiers = [new PercentTier(null, 25), new PercentTier(150, 50)] };
        var order = Order(
            Cart(Line("a", 100_00), Line("b", 100_00)), With(Campaign("a", Percent(1), priority: 9, group: "g"), ReturnPolicy.Clawback), With(Campaign("b", half, priority: 1, group: "g"), ReturnPolicy.Clawback),
            With(Campaign("mid", new AmountOff { Amount = 40 }, priority: 5), ReturnPolicy.Clawback));
        Assert.Equal(60_00, order.Quote.Total);
        Assert.Equal(25_00, Pay(ref order, ("a", 1))); // 100 - 25 % - 40 = 35 for what is kept
    }

    [Fact]
    public void Of_PartialBudgetThen_GivesNoMoreNow()
    {
        var campaign = With(Campaign("c", new FullReduction { Tiers = [new SpendTier(50, 20), new SpendTier(150, 30)] }, limits: new Limits { Budget = 5, OnBudgetShort = OnBudgetShort.Partial }), ReturnPolicy.Clawback);
        var order = Order(Cart(Line("a", 100_00), Line("b", 50_00)), campaign);
        Assert.Equal(145_00, order.Quote.Total);
        Assert.Equal(100_00, Pay(ref order, ("a", 1)));
    }

    [Fact]
    public void Of_Shipping_IsNeitherPaidBackNorAskedFor()
    {
        var order = Order(Cart(Line("a", 100_00), Line("b", 20_00)) with { Shipping = 10_00 }, With(Campaign("c", new FreeShipping { Spend = 99 }), ReturnPolicy.Clawback));
        Assert.Equal(100_00, Pay(ref order, ("a", 1)));
        Assert.Equal(20_00, Pay(ref order, ("b", 1)));
    }

    [Fact]
    public void Of_GiftWithoutItsReason_GoesBack()
    {
        var order = Order(Cart(Line("a", 100_00), Line("b", 100_00)), With(Campaign("c", new Gift { Tiers = [new("CUP", 1, Spend: 100)], PerTimes = true }), ReturnPolicy.Clawback));
        var refund = Refunds.Of(order, [new("a", 1)], out _)!;
        Assert.Equal(new LostGift("c", "CUP", 1), Assert.Single(refund.Gifts));
        Assert.Equal((100_00, false), (refund.Amount, refund.Everything));
        Assert.Equal(0, Refunds.Of(order, [new("gift:c", 2)], out _)!.Amount);
    }

    [Fact]
    public void Of_SeveralLines_PartsAddUp()
    {
        var order = Order(Cart(Line("a", 33_33, 2), Line("b", 66_67), Line("c", 0)), With(Campaign("c", Full(100, 30)), ReturnPolicy.Clawback));
        var refund = Refunds.Of(order, [new("c", 1), new("a", 1), new("b", 1)], out _)!;
        Assert.Equal(refund.Amount, refund.Lines.Sum(l => l.Amount));
        Assert.Equal(0, refund.Lines[0].Amount);
        Assert.Equal(order.Quote.Total - 33_33, refund.Amount);
    }

    [Fact]
    public void Of_PricedByEarlierRulesOfPricing_GivesThePaidShareAndSaysSo()
    {
        // As if sets had once been formed in another way: the frozen rules give 200.00 off today, and gave 50.00 when it was paid.
        var cart = Cart(Line("a", 200_00), Line("b", 200_00));
        var then = cart.Quote(With(Campaign("c", new BuyXGetY { Buy = new(1), Get = new(1, Percent: 25) }), ReturnPolicy.Clawback));
        var now = With(Campaign("c", new BuyXGetY { Buy = new(1), Get = new(1) }), ReturnPolicy.Clawback);
        var order = new ConfirmedOrder(cart, then, [now]);
        var refund = Refunds.Of(order, [new("a", 1)], out _)!;
        Assert.Equal((then.Lines[0].Total, true), (refund.Amount, refund.PaidShare));
        Assert.Equal(then.Lines[0].Total, Pay(ref order, ("a", 1)));
        Assert.Equal(then.Lines[1].Total, Pay(ref order, ("b", 1)));
        Assert.False(Refunds.Of(Order(cart, now), [new("a", 1)], out _)!.PaidShare);
    }

    [Theory]
    [InlineData("x", 1, "lines[1].id", "line-unknown")]
    [InlineData("a", 0, "lines[1].quantity", "quantity-positive")]
    [InlineData("a", 2, "lines[1].quantity", "return-large")]
    public void Of_WrongLine_NamesIt(string id, int quantity, string path, string code)
    {
        Assert.Null(Refunds.Of(Order(Cart(Line("a", 10_00, 2)), Campaign("c", Percent(5))), [new("a", 1), new(id, quantity)], out var errors));
        Assert.Equal((path, code), (Assert.Single(errors).Path, errors[0].Code));
    }

    internal static LiveCampaign With(LiveCampaign campaign, ReturnPolicy policy) => campaign with { Rules = campaign.Rules with { ReturnPolicy = policy } };

    internal static ConfirmedOrder Order(Cart cart, params LiveCampaign[] campaigns) => new(cart, cart.Quote(campaigns), campaigns);

    /// <summary>Pays a return back and notes it in the order.</summary>
    internal static long Pay(ref ConfirmedOrder order, params (string Id, int Quantity)[] lines)
    {
        var refund = Refunds.Of(order, [.. lines.Select(l => new ReturnedLine(l.Id, l.Quantity))], out var errors);
        Assert.Empty(errors);
        var returned = new Dictionary<string, int>(order.Returned);
        foreach (var (id, quantity) in lines)
            returned[id] = returned.GetValueOrDefault(id) + quantity;
        order = order with { Returned = returned, Refunded = order.Refunded + refund!.Amount };
        return refund.Amount;
    }
}
