using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class RefundTests
{
    [Theory]
    [InlineData("keep", 42_50, 127_50)] // the paid shares
    [InlineData("clawback", 20_00, 150_00)] // the 30 go: 170 paid, 150 to pay for what is kept
    public void Of_ReturnBreaksTheThreshold_ByPolicy(string policy, long first, long second)
    {
        var order = Order(Cart(Line("a", 50_00), Line("b", 150_00)), With(Campaign("c", Full(200, 30)), policy));
        Assert.Equal(first, Pay(ref order, ("a", 1)));
        Assert.Equal(second, Pay(ref order, ("b", 1)));
    }

    [Fact]
    public void Of_ClawbackWithMoreGivenThanIsPaid_PaysNothingYet()
    {
        var order = Order(Cart(Line("a", 100_00, 3)), With(Campaign("c", new BuyXGetY { Buy = new(2), Get = new(1) }), "clawback"));
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
        var order = Order(Cart(Line("a", 50_00), Line("b", 150_00)), Campaign("ten", Percent(10), priority: 9), With(Campaign("full", Full(150, 30)), "clawback"));
        Assert.Equal(150_00, order.Quote.Total);
        Assert.Equal(105_00, Pay(ref order, ("b", 1)));
        Assert.Equal(45_00, Pay(ref order, ("a", 1)));
    }

    [Fact]
    public void Of_ClawbackOfAGroupWinner_KeepsTheOrderOfThen()
    {
        // b won a's turn, before mid; by its own priority it would come after.
        var order = Order(
            Cart(Line("a", 100_00), Line("b", 100_00)), With(Campaign("a", Percent(1), priority: 9, group: "g"), "clawback"), With(Campaign("b", Percent(50), priority: 1, group: "g"), "clawback"),
            With(Campaign("mid", new AmountOff { Amount = 40 }, priority: 5), "clawback"));
        Assert.Equal(60_00, order.Quote.Total);
        Assert.Equal(50_00, Pay(ref order, ("a", 1))); // 100 x 50 % - 40 = 10 for what is kept
    }

    [Fact]
    public void Of_PartialBudgetThen_GivesNoMoreNow()
    {
        var campaign = With(Campaign("c", Full(100, 30), limits: new Limits { Budget = 5, OnBudgetShort = "partial" }), "clawback");
        var order = Order(Cart(Line("a", 100_00), Line("b", 100_00)), campaign);
        Assert.Equal(195_00, order.Quote.Total);
        Assert.Equal(100_00, Pay(ref order, ("a", 1)));
    }

    [Fact]
    public void Of_Shipping_IsNeitherPaidBackNorAskedFor()
    {
        var order = Order(Cart(Line("a", 100_00), Line("b", 20_00)) with { Shipping = 10_00 }, With(Campaign("c", new FreeShipping { Spend = 99 }), "clawback"));
        Assert.Equal(100_00, Pay(ref order, ("a", 1)));
        Assert.Equal(20_00, Pay(ref order, ("b", 1)));
    }

    [Fact]
    public void Of_GiftWithoutItsReason_GoesBack()
    {
        var order = Order(Cart(Line("a", 100_00), Line("b", 100_00)), With(Campaign("c", new Gift { Tiers = [new("CUP", 1, Spend: 100)], PerTimes = true }), "clawback"));
        var refund = Refunds.Of(order, [new("a", 1)], out _)!;
        Assert.Equal(new LostGift("c", "CUP", 1), Assert.Single(refund.Gifts));
        Assert.Equal((100_00, false), (refund.Amount, refund.Everything));
        Assert.Equal(0, Refunds.Of(order, [new("gift:c", 2)], out _)!.Amount);
    }

    [Fact]
    public void Of_SeveralLines_PartsAddUp()
    {
        var order = Order(Cart(Line("a", 33_33, 2), Line("b", 66_67), Line("c", 0)), With(Campaign("c", Full(100, 30)), "clawback"));
        var refund = Refunds.Of(order, [new("c", 1), new("a", 1), new("b", 1)], out _)!;
        Assert.Equal(refund.Amount, refund.Lines.Sum(l => l.Amount));
        Assert.Equal(0, refund.Lines[0].Amount);
        Assert.Equal(order.Quote.Total - 33_33, refund.Amount);
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

    internal static LiveCampaign With(LiveCampaign campaign, string policy) => campaign with { Rules = campaign.Rules with { ReturnPolicy = policy } };

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
