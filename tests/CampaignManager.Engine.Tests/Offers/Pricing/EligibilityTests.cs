using System.Globalization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class EligibilityTests
{
    private static readonly LiveCampaign Ten = Campaign("c", Percent(10));

    public static TheoryData<ReasonCode, Cart, LiveCampaign> Reasons => new()
    {
        { ReasonCode.CurrencyMismatch, Basket(1_00) with { Currency = "USD" }, Ten },
        { ReasonCode.Paused, Basket(1_00), Ten with { State = CampaignState.Paused } },
        { ReasonCode.Ended, Basket(1_00), Ten with { State = CampaignState.Ended } },
        { ReasonCode.Ended, Basket(1_00), Ten with { Interval = new ScheduleInterval(null, Noon) } },
        { ReasonCode.NotStarted, Basket(1_00), Ten with { Interval = new ScheduleInterval(Noon.AddTicks(1), null) } },
        { ReasonCode.NotInAudience, Basket(1_00), For(new Audience { AnyOf = ["vip"] }) },
        { ReasonCode.NotInAudience, Basket(1_00) with { Segments = ["vip", "staff"] }, For(new Audience { AnyOf = ["vip"], NoneOf = ["staff"] }) },
        { ReasonCode.NotInAudience, Basket(1_00) with { IsNew = false }, For(new Audience { CustomerKinds = ["new"] }) },
        { ReasonCode.NotInAudience, Basket(1_00), For(new Audience { CustomerKinds = ["new"] }) },
        { ReasonCode.NotInAudience, Basket(1_00), For(new Audience { Channels = ["app"] }) },
        { ReasonCode.NotInAudience, Basket(1_00) with { Region = "west" }, For(new Audience { Regions = ["east"] }) },
        { ReasonCode.CodeRequired, Basket(1_00), Campaign("c", Percent(10), code: "X") },
        { ReasonCode.CodeRequired, Basket(1_00), Ten with { HasIssuedCodes = true } },
        { ReasonCode.CodeUnknown, Basket(1_00) with { Codes = ["Y"] }, Campaign("c", Percent(10), code: "X") },
        { ReasonCode.NothingInScope, Basket(1_00), Campaign("c", Percent(10), category: "shoes") },
        { ReasonCode.NothingInScope, Cart(Line("a", 1_00, category: "shoes", selected: false)), Campaign("c", Percent(10), category: "shoes") },
        { ReasonCode.CustomerNeeded, Basket(1_00), Campaign("c", Percent(10), limits: new Limits { UsesPerCustomer = 3 }) },
        { ReasonCode.CustomerNeeded, Basket(1_00) with { Codes = ["X"] }, Campaign("c", Percent(10), code: "X", limits: new Limits { UsesPerCustomer = 1 }) },
        { ReasonCode.NoEffect, Basket(0), Ten },
        { ReasonCode.NoEffect, Basket(1_00), Campaign("c", new FreeShipping()) },
        { ReasonCode.BudgetExhausted, Basket(100_00), Campaign("c", Percent(10), limits: new Limits { Budget = 9.99m }) },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Quote_DoesNotApply_SaysWhy(ReasonCode reason, Cart cart, LiveCampaign campaign)
    {
        var quote = cart.Quote(campaign);
        Assert.Equal(reason, quote.Why("c"));
        Assert.Equal(quote.GoodsTotal + quote.Shipping, quote.Total);
    }

    [Theory]
    [InlineData("Double11")]
    [InlineData("  double11\t")]
    [InlineData("ｄｏｕｂｌｅ１１")]
    [InlineData("\u3000ＤＯＵＢＬＥ11")]
    public void Quote_CodeInAnyCaseAndWidth_Applies(string typed)
    {
        var quote = (Basket(1_00) with { Codes = ["other", typed] }).Quote(Campaign("c", Percent(10), code: "DOUBLE１１"));
        Assert.Equal((true, "DOUBLE11"), (quote.Of("c").Applied, quote.Of("c").Code));
        Assert.Equal(ReasonCode.CodeUnknown, quote.Codes[0].Reason!.Value.Code);
        Assert.Equal((typed, "c", null), (quote.Codes[1].Code, quote.Codes[1].CampaignId, quote.Codes[1].Reason));
    }

    [Theory]
    [InlineData(1L, true)]
    [InlineData(0L, false)]
    public void Quote_SingleCode_CountsItsUses(long left, bool applies)
    {
        var usage = new CampaignUsage { Codes = new Dictionary<string, long> { ["ABC"] = left } };
        var quote = (Basket(1_00) with { Codes = ["abc"] }).Quote(usage, Ten with { HasIssuedCodes = true });
        Assert.Equal(applies ? null : ReasonCode.CodeUsedUp, quote.Why("c"));
    }

    [Theory]
    [InlineData("uses")]
    [InlineData("usesPerCustomer")]
    [InlineData("usesPerDay")]
    public void Quote_LimitReached_NamesIt(string limit)
    {
        var campaign = Campaign("c", Percent(10), limits: new Limits { Uses = 5, UsesPerCustomer = 5, UsesPerDay = 5 });
        var usage = new CampaignUsage
        {
            UsesLeft = limit == "uses" ? 0 : 1,
            CustomerUsesLeft = limit == "usesPerCustomer" ? 0 : 1,
            DayUsesLeft = limit == "usesPerDay" ? 0 : 1,
        };
        var cart = Basket(1_00) with { CustomerId = "u1" };
        Assert.Equal((ReasonCode.LimitReached, limit), (cart.Quote(usage, campaign).Why("c")!.Value, cart.Quote(usage, campaign).Of("c").Reason!.Value.Limit));
        Assert.True(cart.Quote(usage, campaign, new QuoteSettings { IgnoreLimits = true }).Of("c").Applied);
    }

    [Theory]
    [InlineData(OnBudgetShort.Reject, 30_00, 30_00)] // just enough
    [InlineData(OnBudgetShort.Reject, 29_99, 0)]
    [InlineData(OnBudgetShort.Partial, 29_99, 29_99)]
    [InlineData(OnBudgetShort.Partial, 1, 1)]
    [InlineData(OnBudgetShort.Partial, 0, 0)]
    public void Quote_Budget_IsNeverOverspent(OnBudgetShort onShort, long left, long off)
    {
        Offer[] offers = [Full(200, 30), new FixedPrice { Price = 85 }, new BuyXGetY { Buy = new(1), Get = new(1, Percent: 30) }, new FreeShipping { Cap = 30 }];
        foreach (var offer in offers)
        {
            var quote = (Basket(100_00, 100_00) with { Shipping = 50_00 }).Quote(new CampaignUsage { BudgetLeft = left }, Campaign("c", offer, limits: new Limits { Budget = 999, OnBudgetShort = onShort }));
            Assert.Equal((off, off, 30_00), (250_00 - quote.Total, quote.Of("c").Amount, quote.Of("c").Desired));
            Assert.Equal(off > 0 ? null : ReasonCode.BudgetExhausted, quote.Why("c"));
        }
    }

    [Theory]
    [InlineData("2026-10-31T15:59:59Z", ReasonCode.NotStarted)]
    [InlineData("2026-10-31T16:00:00Z", null)]
    [InlineData("2026-11-11T15:59:59Z", null)]
    [InlineData("2026-11-11T16:00:00Z", ReasonCode.Ended)]
    public void Quote_LocalDays_EndWithTheirLastDay(string at, ReasonCode? reason) => Assert.Equal(reason, At(at, new Schedule { Start = new DateOnly(2026, 11, 1), End = new DateOnly(2026, 11, 11) }));

    [Theory]
    [InlineData("2026-03-29T21:59:59Z", null)] // clocks go forward on that day
    [InlineData("2026-03-29T22:00:00Z", ReasonCode.Ended)]
    [InlineData("2026-03-28T22:59:59Z", ReasonCode.NotStarted)]
    public void Quote_DayOfTwentyThreeHours_EndsAtItsMidnight(string at, ReasonCode? reason) =>
        Assert.Equal(reason, At(at, new Schedule { TimeZone = "Europe/Berlin", Start = new DateOnly(2026, 3, 29), End = new DateOnly(2026, 3, 29) }));

    [Theory]
    [InlineData("2026-11-13T10:00:00Z", null)] // Friday, 18:00 in Shanghai
    [InlineData("2026-11-13T13:59:59Z", null)]
    [InlineData("2026-11-13T14:00:00Z", ReasonCode.OutsideHours)]
    [InlineData("2026-11-12T10:00:00Z", ReasonCode.OutsideHours)]
    public void Quote_WeeklyHours_AreLocal(string at, ReasonCode? reason) => Assert.Equal(reason, At(at, new Schedule { Weekly = [new WeeklyWindow(["fri"], "18:00", "22:00")] }));

    [Theory]
    [InlineData("2026-10-25T00:30:00Z", null)] // 02:30 summer time
    [InlineData("2026-10-25T01:30:00Z", null)] // 02:30 again, winter time
    [InlineData("2026-10-25T02:00:00Z", ReasonCode.OutsideHours)]
    public void Quote_HourThatComesTwice_CountsTwice(string at, ReasonCode? reason) =>
        Assert.Equal(reason, At(at, new Schedule { TimeZone = "Europe/Berlin", Weekly = [new WeeklyWindow(["sun"], "02:00", "03:00")] }));

    [Fact]
    public void Quote_HeldOut_IsHiddenFromShoppers()
    {
        var campaign = Campaign("c", Full(200, 30), code: "X") with { HoldoutSalt = "s", HoldoutShare = 0.5 };
        var held = Enumerable.Range(0, 99).Select(i => "u" + i).First(u => Assignment.IsControl("s", u, 0.5));
        var cart = Basket(100_00) with { CustomerId = held, Codes = ["x"] };
        Assert.Equal(ReasonCode.Holdout, cart.Quote(campaign).Why("c"));

        // The same answer as when there is no such campaign at all, whatever else stands against it.
        foreach (var hidden in new[] { campaign, campaign with { State = CampaignState.Ended }, campaign with { Rules = campaign.Rules with { Currency = "USD" } } })
        {
            var answer = cart.Quote(new QuoteSettings { Explain = Explain.Shopper }, hidden);
            Assert.Empty(answer.Campaigns);
            Assert.Empty(answer.NearMisses);
            Assert.Equal(Assert.Single(cart.Quote(new QuoteSettings { Explain = Explain.Shopper }).Codes), Assert.Single(answer.Codes));
        }

        Assert.Equal(ReasonCode.BelowThreshold, (cart with { CustomerId = null }).Quote(campaign).Why("c"));
        Assert.Equal(ReasonCode.BelowThreshold, cart.Quote(new QuoteSettings { IgnoreHoldouts = true }, campaign).Why("c"));
    }

    [Fact]
    public void Quote_CustomersQuotedAgainAndAgain_StayInTheArmsOfTheirHashes()
    {
        var open = Enumerable.Range(0, 70).Select(i => Campaign($"c{i:00}", Percent(1)) with { HoldoutSalt = "s" + i, HoldoutShare = 0.3 });
        LiveCampaign[] live = [.. open, Campaign("coded", Percent(1), code: "X") with { HoldoutSalt = "x", HoldoutShare = 0.3 }];
        var compiled = CompiledCampaigns.Of(live);
        var settings = new QuoteSettings { Explain = Explain.Full };

        // The code asks for one arm more than the cart before it did; more customers than are remembered come in between.
        void Check(int customer, bool coded)
        {
            var cart = Basket(100_00) with { CustomerId = "u" + customer, Codes = coded ? ["x"] : [] };
            var quote = PromotionEngine.Quote(cart, compiled, Usage.None, settings, Priced.Noon);
            foreach (var campaign in live.Where(c => coded || c.Id != "coded"))
                Assert.Equal(Assignment.IsControl(campaign.HoldoutSalt!, "u" + customer, 0.3), quote.Why(campaign.Id) == ReasonCode.Holdout);
        }

        foreach (var coded in new[] { false, true, false })
        {
            for (var i = 0; i < 40; i++)
                Check(i, coded);
        }

        for (var i = 0; i < 20_000; i++)
            PromotionEngine.Quote(Basket(1_00) with { CustomerId = "other" + i }, compiled, Usage.None, new QuoteSettings(), Priced.Noon);
        for (var i = 0; i < 40; i++)
            Check(i, true);
    }

    [Fact]
    public void Quote_HeldOutAndUsedUp_IsHeldOut()
    {
        var campaign = Campaign("c", Percent(10), limits: new Limits { Uses = 1 }) with { HoldoutSalt = "s", HoldoutShare = 0.5 };
        var users = Enumerable.Range(0, 99).Select(i => "u" + i).ToLookup(u => Assignment.IsControl("s", u, 0.5));
        var spent = new CampaignUsage { UsesLeft = 0 };
        Assert.Equal(ReasonCode.Holdout, (Basket(1_00) with { CustomerId = users[true].First() }).Quote(spent, campaign).Why("c"));
        Assert.Equal(ReasonCode.LimitReached, (Basket(1_00) with { CustomerId = users[false].First() }).Quote(spent, campaign).Why("c"));
    }

    [Fact]
    public void Quote_UsedUpOnOtherGoods_HasNothingInScope()
    {
        var campaign = Campaign("c", Percent(10), category: "shoes", limits: new Limits { Uses = 1 });
        Assert.Equal(ReasonCode.NothingInScope, Basket(1_00).Quote(new CampaignUsage { UsesLeft = 0 }, campaign).Why("c"));
    }

    [Fact]
    public void Quote_Explain_ShowsNoMoreThanAsked()
    {
        LiveCampaign[] campaigns = [Campaign("on", Percent(10)), Campaign("short", Full(500, 9)), Campaign("coded", Percent(1), code: "X"), Campaign("off", Percent(10)) with { State = CampaignState.Paused }];
        string[] Shown(Explain explain) => [.. Basket(100_00).Quote(new QuoteSettings { Explain = explain }, campaigns).Campaigns.Select(c => c.Id)];
        Assert.Equal(["on"], Shown(Explain.None));
        Assert.Equal(["on", "short"], Shown(Explain.Shopper));
        Assert.Equal(["coded", "off", "on", "short"], Shown(Explain.Full));
    }

    private static LiveCampaign For(Audience audience) => Ten with { Rules = Ten.Rules with { Audience = audience } };

    private static ReasonCode? At(string at, Schedule schedule)
    {
        var campaign = Ten with { Rules = Ten.Rules with { Schedule = schedule } };
        var utc = DateTime.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return PromotionEngine.Quote(Basket(1_00), CompiledCampaigns.Of([campaign]), Usage.None, QuoteSettings.Default, utc).Why("c");
    }
}
