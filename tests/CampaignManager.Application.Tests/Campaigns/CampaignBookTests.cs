using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CampaignBookTests : IDisposable
{
    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "offer": { "type": "tombola" } }""")]
    [InlineData("""{ "returnPolicy": "never" }""")]
    [InlineData("""{ "currency": "???" }""")]
    public async Task Read_RulesThatCannotBePriced_DoNotKeepTheOthersFromIt(string json)
    {
        var broken = await room.InStateAsync(CampaignStatus.Live, Rules(start: null));
        var sound = await room.InStateAsync(CampaignStatus.Live, Rules(start: null));
        await using (var context = room.CreateDbContext())
            await context.Campaigns.Where(c => c.Id == broken).ExecuteUpdateAsync(s => s.SetProperty(c => c.RulesJson, json), Cancel);

        using var live = new LiveOffers(room, new SettingsService(room), room.Time);
        Assert.Equal([sound.ToString()], (await live.CurrentAsync(Cancel)).ById.Keys);
    }

    [Theory]
    [InlineData(CampaignStatus.Approved, ReasonCode.NotStarted, ReasonCode.Applied)]
    [InlineData(CampaignStatus.Live, ReasonCode.Applied, ReasonCode.Applied)]
    [InlineData(CampaignStatus.Paused, ReasonCode.Paused, ReasonCode.Paused)]
    public async Task Read_EachStatus_IsPricedAsItStandsNowAndAsPlanned(CampaignStatus status, ReasonCode now, ReasonCode planned)
    {
        await room.InStateAsync(status, Rules(holdout: 0));
        var held = await HeldAsync();
        Assert.Equal((now, planned, ReasonCode.Applied), (Reason(held.AtCheckout()), Reason(held.OnSchedule()), Reason(held.Tried())));
    }

    [Fact]
    public async Task Read_BeforeAndAfterTheLaunch_HasTheShareThatHolds()
    {
        await room.InStateAsync(CampaignStatus.Approved, Rules(holdout: 25));
        var approved = await HeldAsync();
        Assert.Equal((0, 0.25, 0.25), (approved.AtCheckout().HoldoutShare, approved.OnSchedule().HoldoutShare, approved.Tried().HoldoutShare));
        await using (var context = room.CreateDbContext())
            await context.Campaigns.ExecuteUpdateAsync(s => s.SetProperty(c => c.LaunchedHoldoutShare, 0.0).SetProperty(c => c.Status, CampaignStatus.Live), Cancel);
        var live = await HeldAsync();
        Assert.Equal((0, 0, 0), (live.AtCheckout().HoldoutShare, live.OnSchedule().HoldoutShare, live.Tried().HoldoutShare));
    }

    [Fact]
    public async Task Read_CodesIssued_WantACodeEverywhere()
    {
        var id = await room.InStateAsync(CampaignStatus.Live, Rules(start: null));
        Assert.False((await HeldAsync()).TakesCode);
        await room.IssueAsync(id, "TEA-1");
        var held = await HeldAsync();
        Assert.All([held.AtCheckout(), held.OnSchedule(), held.Tried()], c => Assert.Equal(ReasonCode.CodeRequired, Reason(c)));
    }

    private async Task<HeldCampaign> HeldAsync()
    {
        await using var context = room.CreateDbContext();
        return Assert.Single(await CampaignBook.ReadAsync(context, context.Campaigns, Cancel));
    }

    private static ReasonCode Reason(LiveCampaign campaign)
    {
        var cart = new Cart { Currency = "CNY", Lines = [new CartLine { Id = "1", Sku = "S-1", Quantity = 1, UnitPrice = 250_00 }] };
        var quote = PromotionEngine.Quote(cart, CompiledCampaigns.Of([campaign]), Usage.None, QuoteSettings.Default, new DateTime(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc));
        return quote.Campaigns[0].Reason?.Code ?? ReasonCode.Applied;
    }
}
