using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>So many units: of each line, of each SKU, or of the order.</summary>
public sealed class UnitLimitTests
{
    private static readonly Cart TwoLines = Cart(Line("l1", 50_00) with { Sku = "S" }, Line("l2", 50_00) with { Sku = "S" });

    [Theory]
    [InlineData(UnitsPer.Line, 2_00)]
    [InlineData(UnitsPer.Sku, 51_00)]
    [InlineData(UnitsPer.Order, 51_00)]
    public void Quote_OneSkuOnTwoLines_CountsPerWhatIsSaid(UnitsPer per, long total)
    {
        foreach (var cart in new[] { TwoLines, TwoLines with { Lines = [.. TwoLines.Lines.Reverse()] } })
        {
            var quote = cart.Quote(Campaign("a", new FixedPrice { Price = 1, MaxUnits = 1, MaxUnitsPer = per }));
            Assert.Equal(total, quote.Total);
            // Where units tie, the line id decides.
            Assert.Equal(1_00, quote.Lines.Single(l => l.Id == "l1").Total);
        }
    }

    [Theory]
    [InlineData(UnitsPer.Line, new long[] { 10_00, 20_00, 5_00 })]
    [InlineData(UnitsPer.Sku, new long[] { 0, 20_00, 5_00 })]
    [InlineData(UnitsPer.Order, new long[] { 0, 20_00, 0 })]
    public void Quote_AmountOffUnits_TakesTheDearestFirst(UnitsPer per, long[] off)
    {
        var cart = Cart(Line("a", 10_00) with { Sku = "S" }, Line("b", 30_00, 2) with { Sku = "S" }, Line("c", 5_00) with { Sku = "T" });
        var quote = cart.Quote(Campaign("c", new AmountOff { Amount = 10, Per = AmountPer.Unit, MaxUnits = 2, MaxUnitsPer = per }));
        Assert.Equal(off, quote.Off());
    }

    [Fact]
    public void Quote_UnitsThatCostLessAlready_AreNotCounted()
    {
        var cart = Cart(Line("a", 4_00, 3) with { Sku = "S" }, Line("b", 9_00, 2) with { Sku = "S" });
        Assert.Equal([0, 8_00], cart.Quote(Campaign("c", new FixedPrice { Price = 5, MaxUnits = 4, MaxUnitsPer = UnitsPer.Sku })).Off());
    }

    [Theory]
    [InlineData(UnitsPer.Sku)]
    [InlineData(UnitsPer.Order)]
    public void Quote_LineSplitIntoUnits_TotalIsTheSame(UnitsPer per)
    {
        var whole = Cart(Line("a", 7_00, 4) with { Sku = "S" }, Line("b", 9_00, 3) with { Sku = "T" });
        var split = whole with { Lines = [.. whole.Lines.SelectMany(l => Enumerable.Range(0, l.Quantity).Select(i => l with { Id = $"{l.Id}{i}", Quantity = 1 }))] };
        LiveCampaign[] campaigns = [Campaign("p", new FixedPrice { Price = 2, MaxUnits = 2, MaxUnitsPer = per }), Campaign("u", new AmountOff { Amount = 3, Per = AmountPer.Unit, MaxUnits = 3, MaxUnitsPer = per })];
        Assert.Equal(whole.Quote(campaigns).Total, split.Quote(campaigns).Total);
    }

    [Fact]
    public void Quote_FloorOfALine_IsKept()
    {
        var quote = Cart(Line("a", 10_00, 3, min: 8_00) with { Sku = "S" }).Quote(Campaign("c", new FixedPrice { Price = 1, MaxUnits = 2, MaxUnitsPer = UnitsPer.Order }));
        Assert.Equal((6_00, 18_00), (quote.DiscountTotal, quote.Of("c").Desired));
    }

    [Theory]
    [InlineData(false, 80_00)]
    [InlineData(true, 0)]
    public void Quote_FreeShippingForSomeGoods_NotBesideOthersWhereItSaysSo(bool all, long off)
    {
        var cart = Cart(Line("light", 5_00, category: "light"), Line("sofa", 500_00)) with { Shipping = 80_00 };
        var campaign = Campaign("fs", new FreeShipping { OnlyIfAllInScope = all }, category: "light");
        var quote = cart.Quote(campaign);
        Assert.Equal(off, quote.ShippingDiscount);
        Assert.Equal(all ? ReasonCode.NothingInScope : null, quote.Why("fs"));
        Assert.Equal(80_00, (cart with { Lines = [cart.Lines[0], cart.Lines[1] with { Selected = false }] }).Quote(campaign).ShippingDiscount);
    }
}
