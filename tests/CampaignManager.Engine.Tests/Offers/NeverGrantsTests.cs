using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class NeverGrantsTests
{
    private static readonly DateTime Now = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly CartLine[] Shop = [Product("A", "shoes"), Product("B", "shoes/run"), Product("C", "tea")];

    public static TheoryData<string?, CampaignRules> Rules => new()
    {
        { null, new CampaignRules() },
        { "scope.exclude", In(new Scope { Exclude = new ScopeSelector { All = true } }) },
        { "scope", In(new Scope { Include = new ScopeSelector { Skus = ["A", "B"] }, Exclude = new ScopeSelector { Skus = ["B", "A"] } }) },
        { "scope", In(new Scope { Include = new ScopeSelector { Categories = ["shoes/run"] }, Exclude = new ScopeSelector { Categories = ["shoes"] } }) },
        { null, In(new Scope { Include = new ScopeSelector { Categories = ["shoes"] }, Exclude = new ScopeSelector { Categories = ["shoes/run"] } }) },
        { null, In(new Scope { Include = new ScopeSelector { Tags = ["sale"] } }) },
        { "offer.get.scope", new CampaignRules { Offer = new BuyXGetY { Get = new(1, new GoodsScope { Exclude = new ScopeSelector { All = true } }) } } },
        { "offer.items[1].scope", new CampaignRules { Offer = new Bundle { Price = 9, Items = [new(), new(new GoodsScope { Include = new ScopeSelector { Skus = ["A"] }, Exclude = new ScopeSelector { Skus = ["A"] } })] } } },
        { "schedule.weekly", On("2026-11-02", "2026-11-03", "wed", "08:00", "10:00") }, // Monday and Tuesday
        { null, On("2026-11-02", "2026-11-04", "wed", "08:00", "10:00") },
        { "schedule.weekly", On("2026-11-04T10:00", "2026-11-04T18:00", "wed", "08:00", "10:00") },
        { null, On("2026-11-04T09:59", "2026-11-04T18:00", "wed", "08:00", "10:00") },
        { "schedule.weekly", On("2026-10-01", "2026-11-03", "wed", "08:00", "10:00") }, // those that came have passed
        { null, On(null, null, "sun", "23:59", "24:00") },
        { "limits.budget", Budget(29.99m, Full(200, 30)) },
        { null, Budget(30, Full(200, 30)) },
        { null, Budget(30, new FullReduction { Tiers = [new(200, 30), new(400, 80)] }) },
        { null, Budget(1, Full(200, 30), OnBudgetShort.Partial) },
        { "limits.budget", Budget(5, new FullReduction { Every = 100, Off = 10 }) },
        { "limits.budget", Budget(9, new PercentOff { Tiers = [new(100, 10)] }) },
        { null, Budget(9, new PercentOff { Tiers = [new(100, 10)], Cap = 8 }) },
        { null, Budget(1, new PercentOff { Tiers = [new(null, 50)] }) },
        { null, Budget(1, new AmountOff { Amount = 20 }) }, // a cart of 1.00 gets 1.00 off
        { null, Budget(9, new PercentOff { Tiers = [new(100, 10)] }) with { Scope = new Scope { OnlyUndiscounted = true } } },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Check_NothingKnownOfGoods_NamesWhatCanNeverBe(string? path, CampaignRules rules) =>
        Assert.Equal(path, NeverGrants.Check(rules, null, Now).SingleOrDefault()?.Path);

    [Theory]
    [InlineData("shoes", false)]
    [InlineData("hats", true)]
    public void Check_ProductsAreKnown_SomeMustBeInScope(string category, bool refused)
    {
        var rules = In(new Scope { Include = new ScopeSelector { Categories = [category] } });
        Assert.Equal(refused, NeverGrants.Check(rules, Shop, Now).Count == 1);
        Assert.Empty(NeverGrants.Check(rules, null, Now));
        // For one segment the goods are others.
        Assert.Empty(NeverGrants.Check(rules with { Scope = rules.Scope with { PerSegment = [new("vip", ["tea"])] } }, Shop, Now));
    }

    [Fact]
    public void Check_SlotsOfASet_MustHaveGoodsWithinTheScope()
    {
        var tea = new GoodsScope { Include = new ScopeSelector { Categories = ["tea"] } };
        var rules = In(new Scope { Include = new ScopeSelector { Categories = ["shoes"] } }) with { Offer = new BuyXGetY { Get = new(1, tea) } };
        Assert.Equal("offer.get.scope", Assert.Single(NeverGrants.Check(rules, Shop, Now)).Path);
        Assert.Empty(NeverGrants.Check(rules with { Scope = new Scope() }, Shop, Now));
    }

    private static CartLine Product(string sku, string category) => new() { Id = sku, Sku = sku, Categories = [category] };

    private static FullReduction Full(decimal spend, decimal off) => new() { Tiers = [new(spend, off)] };

    private static CampaignRules In(Scope scope) => new() { Scope = scope };

    private static CampaignRules Budget(decimal budget, Offer offer, OnBudgetShort onShort = OnBudgetShort.Reject) => new() { Offer = offer, Limits = new Limits { Budget = budget, OnBudgetShort = onShort } };

    private static CampaignRules On(string? start, string? end, string day, string from, string to) => new()
    {
        Schedule = new Schedule { TimeZone = "UTC", Start = At(start), End = At(end), Weekly = [new([day], from, to)] },
    };

    private static LocalMoment? At(string? text) => LocalMoment.TryParse(text, out var moment) ? moment : null;
}
