using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Tests.Offers.Replay;

/// <summary>Every figure worked out by hand, see <see cref="ASmallShop"/>.</summary>
public sealed class ReplayFiguresTests
{
    [Fact]
    public async Task Replay_TwoTiers_CostReachAndSharesToTheCent()
    {
        await using var room = await ASmallShop.OpenAsync();
        var result = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers));

        Assert.Equal((new DateTime(2026, 8, 31, 12, 0, 0), new DateTime(2026, 9, 30, 12, 0, 0)), (result.From, result.Until));
        Assert.Equal((ASmallShop.Read, 7, 2), (result.OrdersRead, result.Orders, result.BadLines));
        Assert.Equal([(ReplaySkip.WithoutLines, 1), (ReplaySkip.BadLine, 2), (ReplaySkip.Twice, 1)], result.Skipped.Select(s => (s.Why, s.Orders)));
        Assert.Equal((4, 17_000, 4_250, 0), (result.Reached, result.Discount, result.AverageDiscount, result.ShippingDiscount));
        Assert.Equal((163_000, 125_000, 700), (result.Goods, result.GoodsReached, result.GivenThen));
        Assert.Equal(170.0 / 1630, result.DiscountShare, 1e-12);
        Assert.Equal((3, 3), (result.Customers, result.CustomersReached));
        Assert.Equal([(ReasonCode.BelowThreshold, 3L)], result.Reasons.Select(r => (r.Why, r.Orders)));
    }

    [Fact]
    public async Task Replay_TwoTiers_BasketsAroundTheThresholds()
    {
        await using var room = await ASmallShop.OpenAsync();
        var baskets = (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers))).Baskets;

        Assert.Equal([new ReplayThreshold(20_000, 4, 2, 1, 5_000), new ReplayThreshold(40_000, 1, 1, 0, 5_000)], baskets.Thresholds);
        Assert.Equal(2_500, baskets.Thresholds[0].MissingOnAverage);
        Assert.False(baskets.IsQuantity);
        // 500 is room beyond the highest threshold: twenty yuan a bin, and one for what lies beyond.
        Assert.Equal((2_000, 27, 52_000), (baskets.Width, baskets.Bins.Count, baskets.Bins[^1].From));
        Assert.Null(baskets.Bins[^1].To);
        Assert.Equal([(2_000L, 1L), (16_000, 1), (18_000, 1), (20_000, 1), (24_000, 1), (34_000, 1), (44_000, 1)], baskets.Bins.Where(b => b.Orders > 0).Select(b => (b.From, b.Orders)));
    }

    [Fact]
    public async Task Replay_TwoTiers_WhoAndWhatGetsIt()
    {
        await using var room = await ASmallShop.OpenAsync();
        var result = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers));

        // O4: 80 over 250, 100, 100 is 44.44, 17.78, 17.78. O6: 30 over 250, 100 is 21.43, 8.57.
        Assert.Equal([new ReplayGroup("shoes", 3, 3, 4_444 + 3_000 + 2_143, 75_000), new ReplayGroup("kitchen", 6, 3, 3_000 + 3_556 + 857, 88_000)], result.Categories);
        // C1 in September had ordered in May; C2 had joined that month, and O11 comes after four orders (O3 counts once); of C3 nothing is known before.
        Assert.Equal(
            [new ReplayGroup("new", 3, 2, 11_000, 86_000), new ReplayGroup("lapsing", 1, 1, 3_000, 20_000), new ReplayGroup("active", 1, 0, 0, 19_000), new ReplayGroup("loyal", 1, 0, 0, 3_000)],
            result.Segments);
        Assert.Equal([new ReplayGroup("returning", 4, 2, 11_000, 87_000), new ReplayGroup("new", 2, 1, 3_000, 41_000), new ReplayGroup("guest", 1, 1, 3_000, 35_000)], result.Kinds);
        Assert.Equal([new ReplayGroup("app", 7, 4, 17_000, 163_000)], result.Channels);
    }

    [Fact]
    public async Task Replay_ScopeSegmentAndKind_AreAsOfTheOrder()
    {
        await using var room = await ASmallShop.OpenAsync();
        var rules = ASmallShop.TwoTiers with { Scope = new Scope { Include = new ScopeSelector { Categories = ["kitchen"] } }, Audience = new Audience { AnyOf = ["new", "loyal"], CustomerKinds = ["returning"] } };
        var result = await room.ReplayAsync(await room.CampaignAsync(rules));

        // Of C2's orders only the later two: O4 has 200 of kitchen goods, O11 has 30.
        Assert.Equal((1, 3_000), (result.Reached, result.Discount));
        Assert.Equal([(ReasonCode.NotInAudience, 5L), (ReasonCode.BelowThreshold, 1L)], result.Reasons.Select(r => (r.Why, r.Orders)));
        Assert.Equal(new ReplayThreshold(20_000, 1, 0, 0, 0), result.Baskets.Thresholds[0]);
    }

    [Fact]
    public async Task Replay_AudienceByUplift_IsAsOfToday()
    {
        await using var room = await ASmallShop.OpenAsync();
        using (var connection = room.Lake.Open())
            room.Lake.WriteFile(connection, "SELECT * FROM (VALUES ('C2', 'uplift:top30'), ('C2', 'uplift:top50'), ('C3', 'uplift:negative'), ('C3', 'uplift:top50')) t(customer_id, segment)", SegmentService.CurrentFile);

        // C2's O3, O4 and O11, of which one reaches a threshold.
        var top = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Audience = new Audience { AnyOf = ["uplift:top30"] } }));
        Assert.Equal((1, 8_000), (top.Reached, top.Discount));
        Assert.Equal([(ReasonCode.NotInAudience, 4L), (ReasonCode.BelowThreshold, 2L)], top.Reasons.Select(r => (r.Why, r.Orders)));
        // Without C3's O5: O2, O4 and the guest's.
        var others = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Audience = new Audience { NoneOf = ["uplift:negative"] } }));
        Assert.Equal((3, 14_000), (others.Reached, others.Discount));
        Assert.Equal(1, (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Audience = new Audience { AnyOf = ["uplift:top50"], NoneOf = ["uplift:negative"] } }))).Reached);
    }

    [Fact]
    public async Task Replay_UnitsInsteadOfMoney_CountsUnits()
    {
        await using var room = await ASmallShop.OpenAsync();
        var result = await room.ReplayAsync(await room.CampaignAsync(new CampaignRules { Offer = new QuantityDiscount { Tiers = [new QuantityTier(3, Percent: 10)] } }));

        // Units: 2, 3, 3, 1, 2, 4, 1. O3 gives 16, O4 gives 45, O7 gives 19.
        Assert.Equal((3, 8_000), (result.Reached, result.Discount));
        Assert.True(result.Baskets.IsQuantity);
        Assert.Equal(new ReplayThreshold(3, 3, 0, 0, 0), Assert.Single(result.Baskets.Thresholds));
        Assert.Equal([0, 2, 2, 2, 1], result.Baskets.Bins.Take(5).Select(b => b.Orders));
    }

    [Fact]
    public async Task Replay_FreeShippingGiftsAndCodes_AreCountedAsTheyAre()
    {
        await using var room = await ASmallShop.OpenAsync();
        var free = await room.ReplayAsync(await room.CampaignAsync(new CampaignRules { Offer = new FreeShipping { Spend = 150 }, Trigger = new Trigger { Code = "SHIP" } }));
        // O2, O3, O5, O7 paid 10 for shipping; O4 and O6 had none to waive.
        Assert.Equal((4, 4_000, 4_000, true), (free.Reached, free.Discount, free.ShippingDiscount, free.ByCode));
        Assert.Equal([(ReasonCode.NoEffect, 2L), (ReasonCode.BelowThreshold, 1L)], free.Reasons.Select(r => (r.Why, r.Orders)));

        var gift = await room.ReplayAsync(await room.CampaignAsync(new CampaignRules { Offer = new Gift { Tiers = [new GiftTier("CUP", 2, Spend: 300)] } }));
        Assert.Equal((2, 0, 4), (gift.Reached, gift.Discount, gift.Gifts));
    }

    [Fact]
    public async Task Replay_LimitPerCustomer_BindsInOrderOfTime()
    {
        await using var room = await ASmallShop.OpenAsync();
        var rules = new CampaignRules { Offer = new AmountOff { Amount = 5, Per = AmountPer.Order }, Limits = new Limits { UsesPerCustomer = 1 } };
        var result = await room.ReplayAsync(await room.CampaignAsync(rules));

        // O2, O3 and O5; a guest cannot be counted, and so does not get it.
        Assert.Equal((3, 1_500), (result.Reached, result.Discount));
        Assert.Equal([(ReasonCode.LimitReached, 3L), (ReasonCode.CustomerNeeded, 1L)], result.Reasons.Select(r => (r.Why, r.Orders)));
    }

    [Fact]
    public async Task Replay_Budget_SaysWhenItIsGone()
    {
        await using var room = await ASmallShop.OpenAsync();
        async Task<int?> DaysAsync(decimal budget) => (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Limits = new Limits { Budget = budget } }))).BudgetDays;

        // 30 on the tenth day (from 31 August noon), 80 on the twentieth: 100 is gone during the latter.
        Assert.Equal(19, await DaysAsync(100));
        Assert.Equal(24, await DaysAsync(110));
        Assert.Null(await DaysAsync(170));
    }

    [Fact]
    public async Task Replay_OtherCurrency_CountsEveryOrderAndPricesNone()
    {
        await using var room = await ASmallShop.OpenAsync();
        var result = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Currency = "USD" }));

        Assert.Equal((ASmallShop.Read, 0, 0), (result.OrdersRead, result.Orders, result.Reached));
        Assert.Equal(new SkippedOrders(ReplaySkip.OtherCurrency, ASmallShop.Read), Assert.Single(result.Skipped));
    }

    [Fact]
    public async Task Replay_WeeklyHours_AreLocal()
    {
        await using var room = await ASmallShop.OpenAsync();
        // 10:00 UTC is 18:00 in Shanghai. Of the orders reached, O5 is on a Friday and O6 on a Saturday.
        var rules = ASmallShop.TwoTiers with { Schedule = new Schedule { Start = new DateOnly(2026, 11, 1), Weekly = [new WeeklyWindow(["fri", "sat"], "18:00", "22:00")] } };
        var result = await room.ReplayAsync(await room.CampaignAsync(rules));
        Assert.Equal((2, 6_000), (result.Reached, result.Discount));
        Assert.Contains(new ReasonOrders(ReasonCode.OutsideHours, 5), result.Reasons);
    }

    [Fact]
    public async Task Replay_ShopWithoutOrders_HasAnEmptyResult()
    {
        await using var room = await AReplayRoom.OpenAsync();
        var result = await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers));
        Assert.Equal((0, 0, 0), (result.OrdersRead, result.Orders, result.Discount));
        Assert.Equal((0, 0.0, 0), (result.AverageDiscount, result.DiscountShare, result.Baskets.Bins.Count));
    }
}
