using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Offers.TestCarts;

public sealed class TestCartServiceTests : IDisposable
{
    private readonly CampaignFixture room = new();
    private readonly TestCartService carts;

    public TestCartServiceTests() => carts = new TestCartService(room, new SettingsService(room), room.Time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Price_DraftBesideALiveCampaign_BothApplyAndThePartsAddUp()
    {
        var live = await room.InStateAsync(CampaignStatus.Live, CampaignFixture.Rules(start: null, off: 30) with { Combining = new Combining { Priority = 5 } });
        var draft = await room.DraftAsync("Second", CampaignFixture.Rules(off: 20) with { Offer = new FullReduction { Tiers = [new SpendTier(150, 20)] } });

        var priced = await PriceAsync(draft, ACart.Of(100, quantity: 2));

        // 200 reaches the live one first: 170 is left, which still reaches 150.
        Assert.Equal((20_000, 5_000, 1_000, 16_000), (priced.Quote.GoodsTotal, priced.Quote.DiscountTotal, priced.Quote.Shipping, priced.Quote.Total));
        Assert.Equal([(live, 3_000L, false), (draft, 2_000L, true)], priced.Quote.Campaigns.Select(c => (priced.Campaigns[c.Id].Id, c.Amount, priced.Campaigns[c.Id].IsTested)));
        Assert.Equal(5_000, Assert.Single(priced.Quote.Lines).Discounts.Sum(d => d.Amount));
    }

    [Theory]
    [InlineData("2026-10-15T00:00:00Z", 250, ReasonCode.NotStarted)]
    [InlineData("2026-11-12T00:00:00Z", 250, ReasonCode.Ended)]
    [InlineData("2026-11-02T00:00:00Z", 187.5, ReasonCode.BelowThreshold)]
    [InlineData("2026-11-02T00:00:00Z", 250, null)]
    public async Task Price_Draft_SaysWhyNotWithFigures(string at, decimal price, ReasonCode? expected)
    {
        var draft = await room.DraftAsync();
        var outcome = Assert.Single((await PriceAsync(draft, ACart.Of(price, at: at))).Quote.Campaigns);
        Assert.Equal(expected, outcome.Reason?.Code);
        Assert.Equal(expected is null ? 3_000 : 0, outcome.Amount);
        Assert.Equal(expected == ReasonCode.BelowThreshold ? 1_250 : null, outcome.Reason?.Missing);
    }

    [Fact]
    public async Task Price_SegmentsAndCodes_DecideWhoGetsIt()
    {
        var draft = await room.DraftAsync(rules: CampaignFixture.Rules(segments: "new") with { Trigger = new Trigger { Code = "TEA" } });
        Assert.Equal(ReasonCode.NotInAudience, await ReasonAsync(draft, ACart.Of(250, codes: ["TEA"])));
        Assert.Equal(ReasonCode.CodeRequired, await ReasonAsync(draft, ACart.Of(250, segments: ["new"])));
        Assert.Equal(ReasonCode.CodeUnknown, await ReasonAsync(draft, ACart.Of(250, segments: ["new"], codes: ["COFFEE"])));
        Assert.Null(await ReasonAsync(draft, ACart.Of(250, segments: ["new"], codes: [" ｔea "])));
    }

    [Fact]
    public async Task Price_IssuedCodes_WantOneThatIsInUse()
    {
        var draft = await room.DraftAsync();
        var live = await room.InStateAsync(CampaignStatus.Live, CampaignFixture.Rules(start: null));
        await room.IssueAsync(draft, "ONE-1", uses: 1);
        await room.IssueAsync(draft, "GONE-1", revoked: true);
        await room.IssueAsync(live, "LIVE-1");

        Assert.Equal(ReasonCode.CodeRequired, await ReasonAsync(draft, ACart.Of(250)));
        Assert.Equal(ReasonCode.CodeRevoked, await ReasonAsync(draft, ACart.Of(250, codes: ["GONE-1"])));
        Assert.Equal(ReasonCode.CodeUnknown, await ReasonAsync(draft, ACart.Of(250, codes: ["LIVE-1"])));
        Assert.Null(await ReasonAsync(draft, ACart.Of(250, codes: [" one-1 "])));
        Assert.Equal([live.ToString()], (await PriceAsync(draft, ACart.Of(250, codes: ["LIVE-1"]))).Quote.Applied);

        await room.UseAsync(draft, UsageKind.Code, "ONE-1");
        Assert.Null(await ReasonAsync(draft, ACart.Of(250, codes: ["ONE-1"])));
        Assert.Equal(ReasonCode.CodeUsedUp, await ReasonAsync(draft, ACart.Of(250, codes: ["ONE-1"], countLimits: true)));
    }

    [Fact]
    public async Task Price_UsedUpLimits_BindOnlyWhenLimitsCount()
    {
        var rules = CampaignFixture.Rules(start: null, holdout: 0);
        var perCustomer = await room.InStateAsync(CampaignStatus.Live, rules with { Limits = new Limits { UsesPerCustomer = 1 } });
        var perDay = await room.InStateAsync(CampaignStatus.Live, rules with { Limits = new Limits { UsesPerDay = 1 } });
        var inAll = await room.InStateAsync(CampaignStatus.Live, rules with { Limits = new Limits { Uses = 1 } });
        await room.UseAsync(perCustomer, UsageKind.Customer, "C-1");
        // Nine in the evening of the first in UTC is the second in Shanghai.
        await room.UseAsync(perDay, UsageKind.Day, "2026-11-02");
        await room.UseAsync(inAll, UsageKind.All, "");

        foreach (var (id, limit) in new[] { (perCustomer, "usesPerCustomer"), (perDay, "usesPerDay"), (inAll, "uses") })
        {
            var cart = ACart.Of(900, customer: "C-1", at: "2026-11-01T21:00:00Z");
            Assert.NotEqual(ReasonCode.LimitReached, await ReasonAsync(id, cart));
            var counted = (await PriceAsync(id, cart with { CountLimits = true })).Quote.Campaigns.Single(c => c.Id == id.ToString());
            Assert.Equal((ReasonCode.LimitReached, limit), (counted.Reason!.Value.Code, counted.Reason.Value.Limit));
        }
    }

    [Fact]
    public async Task Price_WholeAudienceHeldOut_OnlyACustomerNumberMeetsTheControlGroup()
    {
        var draft = await room.DraftAsync(rules: CampaignFixture.Rules(holdout: 50));
        Assert.Null(await ReasonAsync(draft, ACart.Of(250)));
        var reasons = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => ReasonAsync(draft, ACart.Of(250, customer: $"C-{i}"))));
        Assert.Contains(ReasonCode.Holdout, reasons);
        Assert.Contains(null, reasons);
    }

    [Fact]
    public async Task Price_SpentBudget_BindsOnlyWhenLimitsCount()
    {
        var id = await room.InStateAsync(CampaignStatus.Live, CampaignFixture.Rules(start: null, budget: 100));
        await using (var context = room.CreateDbContext())
            await context.Campaigns.ExecuteUpdateAsync(s => s.SetProperty(c => c.DiscountSpentMinor, 8_000), Cancel);
        Assert.Null(await ReasonAsync(id, ACart.Of(250)));
        Assert.Equal(ReasonCode.BudgetExhausted, await ReasonAsync(id, ACart.Of(250, countLimits: true)));
    }

    [Fact]
    public async Task Price_StatusOfOthers_DecidesWhetherTheyTakePart()
    {
        var paused = await room.InStateAsync(CampaignStatus.Paused, CampaignFixture.Rules(start: null));
        var ended = await room.InStateAsync(CampaignStatus.Ended, CampaignFixture.Rules(start: null));
        var approved = await room.InStateAsync(CampaignStatus.Approved, CampaignFixture.Rules(start: "2026-11-05"));
        var draft = await room.DraftAsync("Tried");
        var other = await room.DraftAsync("Other draft");

        var before = (await PriceAsync(draft, ACart.Of(900))).Quote.Campaigns.ToDictionary(c => Guid.Parse(c.Id), c => c.Reason?.Code);
        Assert.Equal(ReasonCode.Paused, before[paused]);
        Assert.Equal(ReasonCode.NotStarted, before[approved]);
        Assert.DoesNotContain(ended, before.Keys);
        Assert.DoesNotContain(other, before.Keys);
        var after = (await PriceAsync(draft, ACart.Of(900, at: "2026-11-06T00:00:00Z"))).Quote.Campaigns.ToDictionary(c => Guid.Parse(c.Id), c => c.Reason?.Code);
        Assert.Null(after[approved]);
    }

    [Fact]
    public async Task Price_UnsavedRules_AreTriedAndWrongOnesRefused()
    {
        var draft = await room.DraftAsync();
        var outcome = await carts.PriceAsync(draft, ACart.Of(250), CampaignFixture.Rules(off: 45), CampaignFixture.Mia, Cancel);
        Assert.Equal(4_500, outcome.Value.Quote.DiscountTotal);
        var wrong = await carts.PriceAsync(draft, ACart.Of(250), CampaignFixture.Rules(off: -1), CampaignFixture.Mia, Cancel);
        Assert.Contains("offer.tiers[0].off", wrong.Failure!.Errors!.Keys);
    }

    [Fact]
    public async Task Price_BadCartStrangerOrNoCampaign_IsRefused()
    {
        var draft = await room.DraftAsync();
        Assert.Contains("lines[0].quantity", (await carts.PriceAsync(draft, ACart.Of(250, quantity: 0), null, CampaignFixture.Mia, Cancel)).Failure!.Errors!.Keys);
        Assert.Equal(FailureKind.Forbidden, (await carts.PriceAsync(draft, ACart.Of(250), null, Application.Accounts.Actor.Of("x", "X"), Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await carts.PriceAsync(Guid.NewGuid(), ACart.Of(250), null, CampaignFixture.Mia, Cancel)).Failure!.Kind);
    }

    private async Task<PricedCart> PriceAsync(Guid id, TestCart cart) => (await carts.PriceAsync(id, cart, null, CampaignFixture.Mia, Cancel)).Value;

    private async Task<ReasonCode?> ReasonAsync(Guid id, TestCart cart) =>
        (await PriceAsync(id, cart)).Quote.Campaigns.Single(c => c.Id == id.ToString()).Reason?.Code;
}
