using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Offers.TestCarts;

public sealed class CartExampleTests : IDisposable
{
    private static readonly Actor Noa = Actor.Of("noa", "Noa", Roles.Marketer);

    private readonly CampaignFixture room = new();
    private readonly CartExampleService examples;

    public CartExampleTests() =>
        examples = new CartExampleService(room, new TestCartService(room, new SettingsService(room), room.Time), room.Time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Check_NothingChanged_Passes()
    {
        var id = await room.DraftAsync();
        await SaveAsync(id, "Just enough");
        var check = await OnlyAsync(id);
        Assert.True(check.Passes);
        Assert.Equal(("Just enough", 18_000L, 3_000L, "Mia"), (check.Name, check.Expected.Total, check.Expected.Discount, check.AcceptedByName));
        Assert.Contains("example-saved", await room.LogAsync(id));
    }

    [Fact]
    public async Task Check_RulesEdited_ShowsEveryFigureThatDiffersUntilAPersonAccepts()
    {
        var id = await room.DraftAsync();
        await SaveAsync(id, "Just enough");
        Assert.True((await room.Campaigns.SaveAsync(id, new CampaignDraft("Autumn", CampaignFixture.Rules(off: 50)), 1, CampaignFixture.Mia, Cancel)).Succeeded);

        var red = await OnlyAsync(id);
        Assert.Equal(
            [
                new ExampleDifference(ExampleFigure.Campaign, "Autumn", 3_000, 5_000),
                new ExampleDifference(ExampleFigure.Discount, null, 3_000, 5_000),
                new ExampleDifference(ExampleFigure.Total, null, 18_000, 16_000),
            ],
            red.Differences);

        CampaignFixture.Done(await examples.AcceptAsync(red.Id, red.Version, red.Actual, CampaignFixture.Max, Cancel));
        var green = await OnlyAsync(id);
        Assert.Equal((true, 16_000L, "Max", 2), (green.Passes, green.Expected.Total, green.AcceptedByName, green.Version));
        Assert.Contains("example-accepted", await room.LogAsync(id));
    }

    [Fact]
    public async Task Check_UnsavedRules_AreTriedWithoutBeingKept()
    {
        var id = await room.DraftAsync();
        await SaveAsync(id, "Just enough");
        Assert.False((await examples.CheckAsync(id, CampaignFixture.Rules(off: 31), Cancel)).Value.Single().Passes);
        Assert.True((await OnlyAsync(id)).Passes);
        Assert.Equal(FailureKind.Invalid, (await examples.CheckAsync(id, CampaignFixture.Rules(off: -1), Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task Check_GiftAndAnotherCampaign_AreNamedInTheDifference()
    {
        var rules = CampaignFixture.Rules();
        var id = await room.DraftAsync(rules: rules with { Offer = new Gift { Tiers = [new GiftTier("CUP", 1, 200)] } });
        await SaveAsync(id, "Cup");
        await room.InStateAsync(CampaignStatus.Live, CampaignFixture.Rules(start: null, off: 30) with { Combining = new Combining { Priority = 9 } });

        // The live one goes first and takes the gift's threshold away.
        Assert.Equal(
            [
                new ExampleDifference(ExampleFigure.Campaign, "Autumn", 0, null),
                new ExampleDifference(ExampleFigure.Gifts, "Autumn", null, null, "1 × CUP", ""),
                new ExampleDifference(ExampleFigure.Campaign, "Autumn", null, 3_000),
                new ExampleDifference(ExampleFigure.Discount, null, 0, 3_000),
                new ExampleDifference(ExampleFigure.Total, null, 21_000, 18_000),
            ],
            (await OnlyAsync(id)).Differences);
    }

    [Fact]
    public async Task Save_WithoutAMoment_KeepsTheMomentItWasPricedAt()
    {
        var id = await room.DraftAsync();
        room.Time.Set("2026-11-03T08:00:00Z");
        CampaignFixture.Done(await examples.SaveAsync(id, "Now", ACart.Of(200, at: null), CampaignFixture.Mia, Cancel));
        room.Time.Set("2027-01-01T00:00:00Z");
        var check = await OnlyAsync(id);
        Assert.True(check.Passes);
        Assert.Equal(DateTimeOffset.Parse("2026-11-03T08:00:00Z"), check.Cart.Input.At);
    }

    [Fact]
    public async Task Accept_WhatNobodyHasSeen_IsStaleAndChangesNothing()
    {
        var id = await room.DraftAsync();
        await SaveAsync(id, "Just enough");
        var seen = await OnlyAsync(id);
        Assert.True((await room.Campaigns.SaveAsync(id, new CampaignDraft("Autumn", CampaignFixture.Rules(off: 50)), 1, CampaignFixture.Mia, Cancel)).Succeeded);
        var red = await OnlyAsync(id);
        Assert.Equal("example-stale", (await examples.AcceptAsync(seen.Id, seen.Version, seen.Actual, CampaignFixture.Mia, Cancel)).Failure!.Code);
        Assert.Equal("example-stale", (await examples.AcceptAsync(red.Id, red.Version + 1, red.Actual, CampaignFixture.Mia, Cancel)).Failure!.Code);
        Assert.Equal(FailureKind.Forbidden, (await examples.AcceptAsync(red.Id, red.Version, red.Actual, Actor.System, Cancel)).Failure!.Kind);
        Assert.Equal(18_000, (await OnlyAsync(id)).Expected.Total);
    }

    [Fact]
    public async Task Keep_AnotherMarketersCampaign_IsForbiddenToMarketersOnly()
    {
        var id = await room.DraftAsync();
        Assert.Equal(FailureKind.Forbidden, (await examples.SaveAsync(id, "Mine?", ACart.Of(200), Noa, Cancel)).Failure!.Kind);
        await SaveAsync(id, "Kept");
        var kept = await OnlyAsync(id);
        Assert.Equal(FailureKind.Forbidden, (await examples.AcceptAsync(kept.Id, kept.Version, kept.Actual, Noa, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await examples.DeleteAsync(kept.Id, Noa, Cancel)).Failure!.Kind);
        Assert.Single((await examples.CheckAsync(id, null, Cancel)).Value);
        CampaignFixture.Done(await examples.DeleteAsync(kept.Id, CampaignFixture.Max, Cancel));
        Assert.Empty((await examples.CheckAsync(id, null, Cancel)).Value);
        Assert.Equal("example-deleted", (await room.LogAsync(id))[^1]);
    }

    [Fact]
    public async Task Save_NoNameTakenNameOrBadCart_IsRefused()
    {
        var id = await room.DraftAsync();
        await SaveAsync(id, "Kept");
        Assert.Equal(FailureKind.Invalid, (await examples.SaveAsync(id, "  ", ACart.Of(200), CampaignFixture.Mia, Cancel)).Failure!.Kind);
        Assert.Equal("example-name-taken", (await examples.SaveAsync(id, " Kept ", ACart.Of(200), CampaignFixture.Mia, Cancel)).Failure!.Code);
        var empty = ACart.Of(200) is var cart ? cart with { Input = cart.Input with { Lines = [] } } : null!;
        Assert.Equal(FailureKind.Invalid, (await examples.SaveAsync(id, "Empty", empty, CampaignFixture.Mia, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, (await examples.SaveAsync(id, "Bad", ACart.Of(200.123m), CampaignFixture.Mia, Cancel)).Failure!.Kind);
        Assert.Single((await examples.CheckAsync(id, null, Cancel)).Value);
    }

    private async Task SaveAsync(Guid id, string name) => CampaignFixture.Done(await examples.SaveAsync(id, name, ACart.Of(200), CampaignFixture.Mia, Cancel));

    private async Task<ExampleCheck> OnlyAsync(Guid id) => Assert.Single((await examples.CheckAsync(id, null, Cancel)).Value);
}
