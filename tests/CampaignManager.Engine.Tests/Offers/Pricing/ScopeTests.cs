using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class ScopeTests
{
    private static readonly CartLine Shoe = Line("a", 10_00, category: "shoes/running", brand: "Acme") with { Tags = ["sale"] };
    private static readonly CartLine Cup = Line("b", 10_00, category: "kitchen");

    public static TheoryData<string, Scope, long[]> Scopes => new()
    {
        { "everything", new Scope(), [1_00, 1_00] },
        { "all", new Scope { Include = new ScopeSelector { All = true } }, [1_00, 1_00] },
        { "descendants by path", new Scope { Include = new ScopeSelector { Categories = ["shoes"] } }, [1_00, 0] },
        { "not the ancestors", new Scope { Include = new ScopeSelector { Categories = ["shoes/running/trail"] } }, [0, 0] },
        { "no half words", new Scope { Include = new ScopeSelector { Categories = ["shoe"] } }, [0, 0] },
        { "brand", new Scope { Include = new ScopeSelector { Brands = ["Acme"] } }, [1_00, 0] },
        { "any of", new Scope { Include = new ScopeSelector { Brands = ["Acme"], Skus = ["S-b"] } }, [1_00, 1_00] },
        { "exclude wins", new Scope { Include = new ScopeSelector { Skus = ["S-a", "S-b"] }, Exclude = new ScopeSelector { Tags = ["sale"] } }, [0, 1_00] },
        { "exclude descendants", new Scope { Exclude = new ScopeSelector { Categories = ["shoes"] } }, [0, 1_00] },
        { "exclude all", new Scope { Exclude = new ScopeSelector { All = true } }, [0, 0] },
        { "by the tree", new Scope { Include = new ScopeSelector { Categories = ["home"] } }, [0, 1_00] },
        { "for a segment of the customer", new Scope { Include = new ScopeSelector { Categories = ["shoes"] }, PerSegment = [new SegmentScope("new", ["kitchen"])] }, [0, 1_00] },
        { "for other segments", new Scope { Include = new ScopeSelector { Categories = ["shoes"] }, PerSegment = [new SegmentScope("old", ["kitchen"])] }, [1_00, 0] },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Quote_Scope_CoversTheseLines(string why, Scope scope, long[] off)
    {
        var campaign = Campaign("c", Percent(10));
        var tree = new CategoryTree(new Dictionary<string, string> { ["kitchen"] = "home", ["home"] = "living" });
        var compiled = CompiledCampaigns.Of([campaign with { Rules = campaign.Rules with { Scope = scope } }], tree);
        var quote = PromotionEngine.Quote(Cart(Shoe, Cup) with { Segments = ["new"] }, compiled, Usage.None, QuoteSettings.Default, Noon);
        Assert.True(off.SequenceEqual(quote.Off()), $"{why}: {string.Join(' ', quote.Off())}");
    }

    [Fact]
    public void Quote_RingOfCategories_Ends()
    {
        var tree = new CategoryTree(new Dictionary<string, string> { ["x"] = "y", ["y"] = "x" });
        var compiled = CompiledCampaigns.Of([Campaign("c", Percent(10), category: "y")], tree);
        Assert.Equal(1_00, PromotionEngine.Quote(Cart(Line("a", 10_00, category: "x")), compiled, Usage.None, QuoteSettings.Default, Noon).DiscountTotal);
    }

    [Fact]
    public void Quote_ManyCampaigns_EachSeesItsOwnGoods()
    {
        var campaigns = Enumerable.Range(0, 200).Select(i => Campaign("c" + i, new AmountOff { Amount = 1, Per = AmountPer.Unit }, category: "k" + i)).ToArray();
        var quote = Cart([.. Enumerable.Range(0, 100).Select(i => Line("l" + i, 10_00, category: "k" + (i * 2)))]).Quote(campaigns);
        Assert.Equal(100_00, quote.DiscountTotal);
        Assert.Equal(100, quote.Campaigns.Count(c => c.Reason?.Code == ReasonCode.NothingInScope));
    }

    [Fact]
    public void Quote_NotSelected_NeitherCountsNorCarries()
    {
        var cart = Cart(Line("a", 150_00), Line("b", 100_00, selected: false));
        Assert.Equal(ReasonCode.BelowThreshold, cart.Quote(Campaign("c", Full(200, 30))).Why("c"));
        Assert.Equal([15_00], cart.Quote(Campaign("c", Percent(10))).Off());
    }

    [Theory]
    [InlineData(226_00, true, true)] // 200.00 net
    [InlineData(225_99, true, false)]
    [InlineData(200_00, false, true)] // prices are net already
    public void Quote_ThresholdNetOfTax_LeavesTaxOut(long price, bool included, bool reached)
    {
        var campaign = Campaign("c", Full(200, 30));
        campaign = campaign with { Rules = campaign.Rules with { Scope = new Scope { ThresholdNetOfTax = true } } };
        var quote = (Cart(Line("a", price, tax: 13)) with { PricesIncludeTax = included }).Quote(campaign);
        Assert.Equal(reached, quote.Of("c").Applied);
    }
}
