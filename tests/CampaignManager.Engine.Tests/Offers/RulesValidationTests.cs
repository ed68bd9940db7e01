using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class RulesValidationTests
{
    private static readonly CampaignRules Sound = new()
    {
        Offer = new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] },
        Schedule = new Schedule { Start = new DateOnly(2026, 11, 1), End = new DateOnly(2026, 11, 11) },
        Limits = new Limits { Budget = 50_000 },
    };

    [Fact]
    public void Check_SoundRules_FindsNothing() => Assert.Empty(RulesValidation.Check(Sound));

    [Fact]
    public void Check_Defaults_FindsNothing() => Assert.Empty(RulesValidation.Check(new CampaignRules()));

    public static TheoryData<string, string, CampaignRules> Wrong => new()
    {
        { "currency", "currency-unknown", Sound with { Currency = "XXQ" } },
        { "offer.tiers", "tiers-missing", With() },
        { "offer.tiers", "tiers-many", With([.. Enumerable.Range(1, 11).Select(i => new SpendTier(i * 100, i))]) },
        { "offer.tiers[1].spend", "tiers-order", With(new(400, 80), new(200, 30)) },
        { "offer.tiers[1].spend", "tiers-order", With(new(200, 30), new(200, 40)) },
        { "offer.tiers[0].spend", "amount-positive", With(new SpendTier(0, 30)) },
        { "offer.tiers[0].off", "amount-positive", With(new SpendTier(200, -1)) },
        { "offer.tiers[0].off", "amount-digits", With(new SpendTier(200, 30.005m)) },
        { "offer.tiers[0].spend", "amount-digits", Sound with { Currency = "JPY", Offer = new FullReduction { Tiers = [new SpendTier(200.5m, 30)] } } },
        { "offer.tiers[0].spend", "amount-large", With(new SpendTier(1e15m, 30)) },
        { "offer.tiers[1]", "blank", With(new SpendTier(200, 30), null!) },
        { "offer.tiers[0].off", "off-over-spend", With(new SpendTier(20, 30)) },
        { "offer.every", "tiers-or-every", Sound with { Offer = new FullReduction { Every = 200, Off = 30, Tiers = [new SpendTier(200, 30)] } } },
        { "offer.every", "every-missing", Sound with { Offer = new FullReduction { Off = 30, Tiers = [new SpendTier(200, 30)] } } },
        { "offer.every", "every-missing", Sound with { Offer = new FullReduction { MaxTimes = 3 } } },
        { "offer.off", "off-missing", Sound with { Offer = new FullReduction { Every = 200 } } },
        { "offer.off", "off-over-spend", Sound with { Offer = new FullReduction { Every = 20, Off = 30 } } },
        { "offer.every", "amount-positive", Sound with { Offer = new FullReduction { Every = 0, Off = 30 } } },
        { "offer.maxTimes", "range", Sound with { Offer = new FullReduction { Every = 200, Off = 30, MaxTimes = 0 } } },
        { "offer.tiers", "tiers-missing", Sound with { Offer = new PercentOff() } },
        { "offer.tiers[0].percent", "percent-range", Sound with { Offer = new PercentOff { Tiers = [new PercentTier(100, 0)] } } },
        { "offer.tiers[0].percent", "percent-range", Sound with { Offer = new PercentOff { Tiers = [new PercentTier(null, 100.5m)] } } },
        { "offer.tiers[1].spend", "tiers-order", Sound with { Offer = new PercentOff { Tiers = [new PercentTier(100, 5), new PercentTier(null, 10)] } } },
        { "offer.cap", "amount-positive", Sound with { Offer = new PercentOff { Tiers = [new PercentTier(100, 5)], Cap = 0 } } },
        { "offer.spend", "amount-digits", Sound with { Offer = new FreeShipping { Spend = 9.999m } } },
        { "offer.tiers[0].percent", "percent-digits", Of(new PercentOff { Tiers = [new PercentTier(100, 0.1234567m)] }) },
        { "offer.tiers", "tiers-missing", Of(new QuantityDiscount()) },
        { "offer.tiers[0]", "percent-or-off", Of(new QuantityDiscount { Tiers = [new(2)] }) },
        { "offer.tiers[0]", "percent-or-off", Of(new QuantityDiscount { Tiers = [new(2, 5, 5)] }) },
        { "offer.tiers[0].quantity", "range", Of(new QuantityDiscount { Tiers = [new(0, 5)] }) },
        { "offer.tiers[1].quantity", "tiers-order-quantity", Of(new QuantityDiscount { Tiers = [new(3, 5), new(2, 9)] }) },
        { "offer.tiers[0].percent", "percent-range", Of(new QuantityDiscount { Tiers = [new(2, 101)] }) },
        { "offer.amount", "amount-positive", Of(new AmountOff()) },
        { "offer.maxUnits", "range", Of(new AmountOff { Amount = 5, Per = AmountPer.Unit, MaxUnits = 0 }) },
        { "offer.price", "amount-negative", Of(new FixedPrice { Price = -1 }) },
        { "offer.price", "amount-digits", Of(new FixedPrice { Price = 1.001m }) },
        { "offer.buy.quantity", "range", Of(new BuyXGetY { Buy = new(0) }) },
        { "offer.get.percent", "percent-range", Of(new BuyXGetY { Get = new(1, null, 0) }) },
        { "offer.get.scope.include.skus[0]", "blank", Of(new BuyXGetY { Get = new(1, new() { Include = new() { Skus = [""] } }) }) },
        { "offer.items", "items-count", Of(new Bundle { Price = 9 }) },
        { "offer.items[0].quantity", "range", Of(new Bundle { Price = 9, Items = [new(null, 0)] }) },
        { "offer.price", "amount-negative", Of(new Bundle { Price = -9, Items = [new()] }) },
        { "offer.tiers[0]", "spend-or-quantity", Of(new Gift { Tiers = [new("A")] }) },
        { "offer.tiers[1]", "tiers-mixed", Of(new Gift { Tiers = [new("A", Spend: 5), new("A", Quantity: 5)] }) },
        { "offer.tiers[0].sku", "blank", Of(new Gift { Tiers = [new(" ", Spend: 5)] }) },
        { "offer.tiers[1].spend", "tiers-order", Of(new Gift { Tiers = [new("A", Spend: 5), new("A", Spend: 5)] }) },
        { "offer.tiers[0].giftQuantity", "range", Of(new Gift { Tiers = [new("A", 0, Spend: 5)] }) },
        { "scope.cheapestOnly", "cheapest-mechanic", Of(new BuyXGetY()) with { Scope = new Scope { CheapestOnly = true } } },
        { "scope.include.categories[1]", "blank", Sound with { Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes", " "] } } } },
        { "scope.exclude.skus[1]", "twice", Sound with { Scope = new Scope { Exclude = new ScopeSelector { Skus = ["S-1", "S-1"] } } } },
        { "scope.perSegment[0].categories", "categories-missing", Sound with { Scope = new Scope { PerSegment = [new SegmentScope("new", [])] } } },
        { "scope.perSegment[1].segment", "twice", Sound with { Scope = new Scope { PerSegment = [new SegmentScope("new", ["a"]), new SegmentScope("new", ["b"])] } } },
        { "audience.noneOf[0]", "segment-both", Sound with { Audience = new Audience { AnyOf = ["new"], NoneOf = ["new"] } } },
        { "audience.customerKinds[0]", "one-of", Sound with { Audience = new Audience { CustomerKinds = ["old"] } } },
        { "trigger.code", "code-length", Sound with { Trigger = new Trigger { Code = " " } } },
        { "schedule.timeZone", "zone-unknown", Sound with { Schedule = Sound.Schedule with { TimeZone = "Asia/Atlantis" } } },
        { "schedule.end", "end-before-start", Sound with { Schedule = Sound.Schedule with { End = new DateOnly(2026, 10, 31) } } },
        { "schedule.end", "day-range", Sound with { Schedule = Sound.Schedule with { End = DateOnly.MaxValue } } },
        { "schedule.weekly[0].days", "days-missing", Weekly([], "18:00", "22:00") },
        { "schedule.weekly[0].days[0]", "one-of", Weekly(["friday"], "18:00", "22:00") },
        { "schedule.weekly[0].from", "time", Weekly(["fri"], "6pm", "22:00") },
        { "schedule.weekly[0].to", "time", Weekly(["fri"], "18:00", "25:00") },
        { "schedule.weekly[0].to", "window-order", Weekly(["fri"], "22:00", "02:00") },
        { "limits.budget", "amount-positive", Sound with { Limits = new Limits { Budget = 0 } } },
        { "limits.usesPerCustomer", "range", Sound with { Limits = new Limits { UsesPerCustomer = 0 } } },
        { "limits.reservationMinutes", "range", Sound with { Limits = new Limits { ReservationMinutes = 0 } } },
        { "experiment.holdoutPercent", "range", Sound with { Experiment = new ExperimentPlan { HoldoutPercent = 100.1m } } },
        { "experiment.holdoutPercent", "range", Sound with { Experiment = new ExperimentPlan { HoldoutPercent = -1 } } },
        { "experiment.attributionDays", "range", Sound with { Experiment = new ExperimentPlan { AttributionDays = 0 } } },
    };

    public static TheoryData<string, string, CampaignRules> NotMeant => new()
    {
        { "scope.include", "include-empty", Sound with { Scope = new Scope { Include = new ScopeSelector() } } },
        { "offer.buy.scope.include", "include-empty", Of(new BuyXGetY { Buy = new(1, new() { Include = new() }) }) },
        { "offer.get.scope.include", "include-empty", Of(new BuyXGetY { Get = new(1, new() { Include = new() }) }) },
        { "offer.items[1].scope.include", "include-empty", Of(new Bundle { Price = 9, Items = [new(), new(new() { Include = new() })] }) },
        { "offer.tiers[1].off", "tiers-fall", With(new SpendTier(100, 30), new SpendTier(200, 20)) },
        { "offer.tiers[2].off", "tiers-fall", With(new SpendTier(100, 30), new SpendTier(200, 30), new SpendTier(300, 29.99m)) },
        { "offer.tiers[1].percent", "tiers-fall", Of(new PercentOff { Tiers = [new PercentTier(null, 20), new PercentTier(100, 10)] }) },
        { "offer.tiers[2].percent", "tiers-fall", Of(new QuantityDiscount { Tiers = [new(2, 10), new(3, Off: 5), new(4, 9)] }) },
        { "offer.tiers[1].off", "tiers-fall", Of(new QuantityDiscount { Tiers = [new(2, Off: 10), new(3, Off: 5)] }) },
    };

    [Theory]
    [MemberData(nameof(NotMeant))]
    public void Check_RulesThatCannotBeMeant_AreRefusedButPriced(string path, string code, CampaignRules rules)
    {
        var error = Assert.Single(RulesValidation.Check(rules));
        Assert.Equal((path, code), (error.Path, error.Code));
        Assert.Empty(RulesValidation.CheckPriceable(rules));
    }

    [Fact]
    public void Check_AllGoodsSaidEitherWayAndEqualSteps_Pass()
    {
        Assert.Empty(RulesValidation.Check(Sound with { Scope = new Scope { Include = new ScopeSelector { All = true }, Exclude = new ScopeSelector() } }));
        Assert.Empty(RulesValidation.Check(Sound with { Scope = new Scope { Include = null } }));
        Assert.Empty(RulesValidation.Check(With(new SpendTier(100, 30), new SpendTier(200, 30))));
        Assert.Empty(RulesValidation.Check(Of(new QuantityDiscount { Tiers = [new(2, 10), new(3, Off: 5)] })));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_OneWrongField_NamesItAndNothingElse(string path, string code, CampaignRules rules)
    {
        var error = Assert.Single(RulesValidation.Check(rules));
        Assert.Equal((path, code), (error.Path, error.Code));
        Assert.EndsWith(".", error.Message);
    }

    [Fact]
    public void Check_SeveralWrongFields_NamesAll()
    {
        var errors = RulesValidation.Check(Sound with { Currency = "?", Experiment = new ExperimentPlan { AttributionDays = 0 }, Limits = new Limits { Uses = -1 } });
        Assert.Equal(["currency", "experiment.attributionDays", "limits.uses"], errors.Select(e => e.Path).Order());
    }

    [Fact]
    public void Check_OffOverSpendWithAllowFree_Passes() =>
        Assert.Empty(RulesValidation.Check(Sound with { Offer = new FullReduction { Tiers = [new SpendTier(20, 30)], AllowFree = true } }));

    [Theory]
    [InlineData("00:00", "24:00")]
    [InlineData("18:00", "22:00")]
    public void Check_WeeklyWindow_Passes(string from, string to) => Assert.Empty(RulesValidation.Check(Weekly(["mon", "sun"], from, to)));

    private static CampaignRules Of(Offer offer) => Sound with { Offer = offer };

    private static CampaignRules With(params IReadOnlyList<SpendTier> tiers) => Sound with { Offer = new FullReduction { Tiers = tiers } };

    private static CampaignRules Weekly(IReadOnlyList<string> days, string from, string to) =>
        Sound with { Schedule = Sound.Schedule with { Weekly = [new WeeklyWindow(days, from, to)] } };
}
