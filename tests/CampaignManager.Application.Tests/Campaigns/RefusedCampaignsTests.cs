using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

/// <summary>Campaigns that an earlier version took and this one would not: they go on, and their owners hear of it.</summary>
public sealed class RefusedCampaignsTests : IDisposable
{
    private static readonly CampaignRules LastProductRemoved = Rules(start: null, holdout: 0) with { Scope = new Scope { Include = new ScopeSelector() } };

    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RefusedCampaigns Refused => new(room, room.Bells, room.Time);

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Live_IncludeThatNamesNothing_GoesOnAsBefore()
    {
        var old = await StoredAsync(CampaignStatus.Live, LastProductRemoved);
        using var live = new LiveOffers(room, new SettingsService(room), room.Time);
        var cart = new Cart { Currency = "CNY", Lines = [new CartLine { Id = "1", Sku = "S-1", Quantity = 1, UnitPrice = 250_00 }] };

        var quote = PromotionEngine.Quote(cart, (await live.CurrentAsync(Cancel)).Compiled, Usage.None, QuoteSettings.Default, room.Time.GetUtcNow().UtcDateTime);
        Assert.Equal([old.ToString()], quote.Applied);
        Assert.Equal(30_00, quote.DiscountTotal);
    }

    [Fact]
    public async Task List_WhatIsInForce_IsThereWithWhatIsWrong()
    {
        await room.InStateAsync(CampaignStatus.Live);
        var old = await StoredAsync(CampaignStatus.Live, LastProductRemoved);
        var broken = await room.InStateAsync(CampaignStatus.Paused);
        await StoredAsync(CampaignStatus.Draft, LastProductRemoved);
        await WriteAsync(broken, "{");

        var found = (await Refused.ListAsync(Cancel)).ToDictionary(r => r.Id);
        Assert.Equal([(broken, false), (old, true)], found.Values.Select(r => (r.Id, r.IsPriced)).OrderBy(r => r.IsPriced));
        Assert.Equal(("scope.include", "include-empty"), (found[old].Errors[0].Path, found[old].Errors[0].Code));
    }

    [Fact]
    public async Task Tell_Twice_ReachesTheOwnerOnceForEachVersion()
    {
        var old = await StoredAsync(CampaignStatus.Live, LastProductRemoved);
        var before = (await room.NotesOfAsync(Mia)).Length;
        await Refused.TellOwnersAsync(Cancel);
        await Refused.TellOwnersAsync(Cancel);
        await Task.WhenAll(Refused.TellOwnersAsync(Cancel), Refused.TellOwnersAsync(Cancel));

        var note = Assert.Single(await room.NotesOfAsync(Mia), n => n.Code == "campaign-rules-refused");
        Assert.Equal($"/campaigns/{old}", note.Link);
        Assert.StartsWith("scope.include: ", note.Detail, StringComparison.Ordinal);
        Assert.Equal(before + 1, (await room.NotesOfAsync(Mia)).Length);
    }

    [Fact]
    public async Task SaveAndSubmit_AreRefused_ButALongerRunIsNot()
    {
        var draft = await StoredAsync(CampaignStatus.Draft, LastProductRemoved);
        Assert.Contains("scope.include", (await room.Transitions.SubmitAsync(draft, Mia, Cancel)).Failure!.Errors!.Keys);
        Assert.Contains("scope.include", (await room.Campaigns.CreateDraftAsync("New", LastProductRemoved, Mia, Cancel)).Failure!.Errors!.Keys);

        var live = await StoredAsync(CampaignStatus.Live, LastProductRemoved);
        Assert.Null((await room.Changes.ExtendAsync(live, new DateOnly(2026, 12, 1), Mia, Cancel)).Failure);
    }

    private async Task<Guid> StoredAsync(CampaignStatus status, CampaignRules rules)
    {
        var id = await room.InStateAsync(status, rules with { Scope = new Scope() });
        await WriteAsync(id, RulesJson.Write(rules));
        return id;
    }

    private async Task WriteAsync(Guid id, string json)
    {
        await using var context = room.CreateDbContext();
        await context.Campaigns.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.RulesJson, json), Cancel);
    }
}
