using System.Globalization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class RulesDiffTests
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CampaignRules Before = new() { Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } } };

    [Fact]
    public void Between_TheSame_IsEmpty() => Assert.Empty(RulesDiff.Between(Before, RulesJson.Read(RulesJson.Write(Before)), English));

    [Fact]
    public void Between_WiderScopeForOneSegment_SaysSoInBothLanguages()
    {
        var after = Before with { Scope = Before.Scope with { PerSegment = [new SegmentScope("new", ["shoes", "kitchen"])] } };
        var names = new RuleNames(key => key == "kitchen" ? "Kitchen" : "Shoes", _ => "New customers");
        Assert.Equal(new RuleChange("scope.perSegment.new", "Products for New customers", "", "Shoes, Kitchen"), Assert.Single(RulesDiff.Between(Before, after, English, names)));
        Assert.Equal(
            new RuleChange("scope.perSegment.new", "适用商品：新客户", "", "鞋靴、厨房"),
            Assert.Single(RulesDiff.Between(Before, after, Chinese, new RuleNames(key => key == "kitchen" ? "厨房" : "鞋靴", _ => "新客户"))));
        Assert.Equal("Shoes, Kitchen", Assert.Single(RulesDiff.Between(after, Before, English, names)).Before);
    }

    public static TheoryData<string, CampaignRules> OneChange => new()
    {
        { "offer", Before with { Offer = new FullReduction { Tiers = [new SpendTier(200, 40)] } } },
        { "offer", Before with { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)], AllowFree = true } } },
        { "scope.include", Before with { Scope = Before.Scope with { Include = new ScopeSelector { Categories = ["shoes", "kitchen"] } } } },
        { "scope.include", Before with { Scope = Before.Scope with { Include = new ScopeSelector { Categories = ["shoes"], Brands = ["Acme"] } } } },
        { "scope.exclude", Before with { Scope = Before.Scope with { Exclude = new ScopeSelector { Skus = ["S-1"] } } } },
        { "scope.exclude", Before with { Scope = Before.Scope with { Exclude = new ScopeSelector { Tags = ["sale"] } } } },
        { "scope.onlyUndiscounted", Before with { Scope = Before.Scope with { OnlyUndiscounted = true } } },
        { "scope.cheapestOnly", Before with { Scope = Before.Scope with { CheapestOnly = true } } },
        { "scope.thresholdNetOfTax", Before with { Scope = Before.Scope with { ThresholdNetOfTax = true } } },
        { "audience.anyOf", Before with { Audience = new Audience { AnyOf = ["new"] } } },
        { "audience.noneOf", Before with { Audience = new Audience { NoneOf = ["new"] } } },
        { "audience.customerKinds", Before with { Audience = new Audience { CustomerKinds = ["new"] } } },
        { "audience.channels", Before with { Audience = new Audience { Channels = ["app"] } } },
        { "audience.regions", Before with { Audience = new Audience { Regions = ["east"] } } },
        { "combining.class", Before with { Combining = new Combining { Class = OfferClass.Item } } },
        { "combining.priority", Before with { Combining = new Combining { Priority = 5 } } },
        { "combining.group", Before with { Combining = new Combining { Group = "g" } } },
        { "combining.exclusive", Before with { Combining = new Combining { Exclusive = true } } },
        { "combining.thresholdBase", Before with { Combining = new Combining { ThresholdBase = ThresholdBase.List } } },
        { "trigger.code", Before with { Trigger = new Trigger { Code = "AUTUMN" } } },
        { "trigger.uniqueCodes", Before with { Trigger = new Trigger { UniqueCodes = true } } },
        { "schedule.timeZone", Before with { Schedule = new Schedule { TimeZone = "UTC" } } },
        { "schedule.start", Before with { Schedule = new Schedule { Start = new DateOnly(2026, 11, 1) } } },
        { "schedule.end", Before with { Schedule = new Schedule { End = new DateOnly(2026, 11, 1) } } },
        { "schedule.weekly", Before with { Schedule = new Schedule { Weekly = [new WeeklyWindow(["fri"], "18:00", "22:00")] } } },
        { "limits.budget", Before with { Limits = new Limits { Budget = 1 } } },
        { "limits.uses", Before with { Limits = new Limits { Uses = 1 } } },
        { "limits.usesPerCustomer", Before with { Limits = new Limits { UsesPerCustomer = 1 } } },
        { "limits.usesPerCode", Before with { Limits = new Limits { UsesPerCode = 1 } } },
        { "limits.usesPerDay", Before with { Limits = new Limits { UsesPerDay = 1 } } },
        { "limits.onBudgetShort", Before with { Limits = new Limits { OnBudgetShort = OnBudgetShort.Partial } } },
        { "limits.reusableOnCancel", Before with { Limits = new Limits { ReusableOnCancel = false } } },
        { "limits.reservationMinutes", Before with { Limits = new Limits { ReservationMinutes = 31 } } },
        { "returnPolicy", Before with { ReturnPolicy = ReturnPolicy.Clawback } },
        { "experiment.holdoutPercent", Before with { Experiment = new ExperimentPlan { HoldoutPercent = 10.25m } } },
        { "experiment.holdoutPercent", Before with { Experiment = new ExperimentPlan { HoldoutPercent = 10.00001m } } },
        { "experiment.attributionDays", Before with { Experiment = new ExperimentPlan { AttributionDays = 15 } } },
    };

    [Theory]
    [MemberData(nameof(OneChange))]
    public void Between_OneFieldChanged_TellsJustThat(string path, CampaignRules after)
    {
        foreach (var culture in new[] { English, Chinese })
        {
            var change = Assert.Single(RulesDiff.Between(Before, after, culture));
            Assert.Equal(path, change.Path);
            Assert.NotEqual("", change.Label);
        }
    }

    public static TheoryData<Offer, Offer> OfferChanges => new()
    {
        { new BuyXGetY { Buy = new(2) }, new BuyXGetY { Buy = new(2), Pick = UnitPick.Dearest } },
        { new BuyXGetY { Buy = new(2) }, new BuyXGetY { Buy = new(2), MaxTimes = 3 } },
        { new BuyXGetY { Buy = new(2) }, new BuyXGetY { Buy = new(2), Get = new(1, new() { Exclude = new() { Tags = ["sale"] } }) } },
        { new Bundle { Items = [new()], Price = 9 }, new Bundle { Items = [new(Quantity: 2)], Price = 9 } },
        { new Gift { Tiers = [new("A", Spend: 9)] }, new Gift { Tiers = [new("A", Spend: 9)], PerTimes = true } },
        { new Gift { Tiers = [new("A", Spend: 9)] }, new Gift { Tiers = [new("A", Spend: 9, Value: 1)] } },
        { new AmountOff { Amount = 5 }, new AmountOff { Amount = 5, Per = AmountPer.Unit } },
        { new AmountOff { Amount = 5 }, new AmountOff { Amount = 5.01m } },
        { new AmountOff { Amount = 5, Per = AmountPer.Unit }, new AmountOff { Amount = 5, Per = AmountPer.Unit, MaxUnits = 2 } },
        { new FullReduction { Every = 9, Off = 1 }, new FullReduction { Every = 9, Off = 1, MaxTimes = 2 } },
        { new FullReduction { Every = 9, Off = 1 }, new FullReduction { Every = 9, Off = 1, AllowFree = true } },
        { new FullReduction { Every = 9, Off = 1 }, new FullReduction { Tiers = [new(9, 1)] } },
        { new PercentOff { Tiers = [new(null, 5)] }, new PercentOff { Tiers = [new(null, 5.000001m)] } },
        { new PercentOff { Tiers = [new(null, 5)] }, new PercentOff { Tiers = [new(1, 5)] } },
        { new PercentOff { Tiers = [new(null, 5)] }, new PercentOff { Tiers = [new(null, 5)], Cap = 9 } },
        { new QuantityDiscount { Tiers = [new(2, Off: 5)] }, new QuantityDiscount { Tiers = [new(2, Off: 5)], Cap = 9 } },
        { new Gift { Tiers = [new("A", Spend: 9)] }, new Gift { Tiers = [new("A", 2, Spend: 9)] } },
        { new Gift { Tiers = [new("A", Spend: 9)] }, new Gift { Tiers = [new("A", Quantity: 9)] } },
        { new Bundle { Items = [new()], Price = 9 }, new Bundle { Items = [new(new() { Include = new() { Brands = ["Acme"] } })], Price = 9 } },
        { new Bundle { Items = [new()], Price = 9 }, new Bundle { Items = [new()], Price = 9, MaxTimes = 1 } },
        { new BuyXGetY { Buy = new(2) }, new BuyXGetY { Buy = new(2), Get = new(1, Percent: 50) } },
        { new FreeShipping(), new FreeShipping { Spend = 9 } },
        { new FreeShipping(), new FreeShipping { Cap = 9 } },
        { new FixedPrice { Price = 5 }, new FixedPrice { Price = 5, MaxUnits = 1 } },
        { new QuantityDiscount { Tiers = [new(2, Off: 5)] }, new QuantityDiscount { Tiers = [new(2, Off: 5)], Cap = 4 } },
    };

    [Theory]
    [MemberData(nameof(OfferChanges))]
    public void Between_OfferChanged_TellsTheOffer(Offer before, Offer after)
    {
        foreach (var culture in new[] { English, Chinese })
            Assert.Equal("offer", Assert.Single(RulesDiff.Between(Before with { Offer = before }, Before with { Offer = after }, culture)).Path);
    }

    [Fact]
    public void Between_AnotherCurrency_TellsCurrencyAndAmounts() =>
        Assert.Equal(["offer", "currency"], RulesDiff.Between(Before, Before with { Currency = "USD" }, English).Select(c => c.Path));
}
