using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class ScopeMatchTests
{
    private static readonly CartLine Lamp = new() { Id = "1", Sku = "L-1", Categories = ["home/light"], Brand = "Acme", Tags = ["sale"] };

    public static TheoryData<ScopeSelector?, ScopeSelector?, bool> Scopes => new()
    {
        { null, null, true },
        { new ScopeSelector(), null, true },
        { new ScopeSelector { Categories = ["home"] }, null, true },
        { new ScopeSelector { Categories = ["shoes"] }, null, false },
        { new ScopeSelector { Brands = ["Acme"] }, new ScopeSelector { Skus = ["L-1"] }, false },
        { new ScopeSelector { Tags = ["sale"] }, new ScopeSelector { Categories = ["shoes"] }, true },
        { null, new ScopeSelector { All = true }, false },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Covers_IncludeAndExclude_AsPricingDoes(ScopeSelector? include, ScopeSelector? exclude, bool covered) =>
        Assert.Equal(covered, ScopeMatch.Of(include, exclude).Covers(Lamp));
}
