using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CampaignServiceTests : IDisposable
{
    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task CreateDraft_SoundRules_StoresWhatListsNeed()
    {
        var draft = new CampaignDraft("  Autumn ", Rules(segments: ["new", "loyal"]), "note", ["Sale", "sale", " autumn "]);
        var view = await room.GetAsync((await room.Campaigns.CreateDraftAsync(draft, Mia, Cancel)).Value);
        Assert.Equal(("Autumn", CampaignStatus.Draft, 1, "Mia", 50_000_00L), (view.Name, view.Status, view.Version, view.OwnerName, view.BudgetMinor));
        Assert.Equal(["sale", "autumn"], view.Tags);
        Assert.Equal((new DateTime(2026, 10, 31, 16, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 11, 16, 0, 0, DateTimeKind.Utc)), (view.StartsAt!.Value, view.EndsAt!.Value));
        Assert.Equal(["created"], await room.LogAsync(view.Id));
        Assert.Equal(1, Assert.Single((await room.History.VersionsAsync(view.Id, new PageRequest(), Cancel)).Items).Number);
    }

    [Fact]
    public async Task CreateDraft_WrongFields_NamesEachByItsPath()
    {
        var outcome = await room.Campaigns.CreateDraftAsync(new CampaignDraft(" ", Rules(end: "2026-10-01", off: 300), null, ["two words"]), Mia, Cancel);
        Assert.Equal(FailureKind.Invalid, outcome.Failure!.Kind);
        Assert.Equal(["name", "offer.tiers[0].off", "schedule.end", "tags"], outcome.Failure.Errors!.Keys.Order());
    }

    [Fact]
    public async Task CreateDraft_NoRole_IsForbidden() =>
        Assert.Equal(FailureKind.Forbidden, (await room.Campaigns.CreateDraftAsync("x", Rules(), Actor.Of("x", "X"), Cancel)).Failure!.Kind);

    [Fact]
    public async Task Save_ChangedRules_MakesAVersionThatKeepsTheOld()
    {
        var id = await room.DraftAsync();
        Assert.Equal(2, (await room.Campaigns.SaveAsync(id, new CampaignDraft("Autumn", Rules(off: 40)), 1, Mia, Cancel, "stronger")).Value);
        Assert.Equal(3, (await room.Campaigns.SaveAsync(id, new CampaignDraft("Renamed", Rules(off: 40)), 2, Mia, Cancel)).Value);
        var versions = (await room.History.VersionsAsync(id, new PageRequest(), Cancel)).Items;
        Assert.Equal([(2, "stronger"), (1, null)], versions.Select(v => (v.Number, v.Reason)));
        Assert.Equal(30, Off((await room.History.RulesAtAsync(id, 1, Cancel))!));
        Assert.Equal(40, Off((await room.History.RulesAtAsync(id, 3, Cancel))!));
        Assert.Equal(["created", "edited", "edited"], await room.LogAsync(id));
    }

    [Fact]
    public async Task Save_NothingChanged_KeepsTheVersion()
    {
        var id = await room.DraftAsync();
        Assert.Equal(1, (await room.Campaigns.SaveAsync(id, new CampaignDraft("Autumn", Rules()), 1, Mia, Cancel)).Value);
        Assert.Equal(["created"], await room.LogAsync(id));
    }

    [Fact]
    public async Task Save_StaleVersion_IsRefusedAndChangesNothing()
    {
        var id = await room.DraftAsync();
        Done(await room.Campaigns.SaveAsync(id, new CampaignDraft("First", Rules()), 1, Mia, Cancel));
        Assert.Equal(FailureKind.Stale, (await room.Campaigns.SaveAsync(id, new CampaignDraft("Second", Rules()), 1, Mia, Cancel)).Failure!.Kind);
        Assert.Equal("First", (await room.GetAsync(id)).Name);
    }

    [Fact]
    public async Task Save_TwentyAtOnce_ExactlyOneWins()
    {
        var id = await room.DraftAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => room.Campaigns.SaveAsync(id, new CampaignDraft($"Try {i}", Rules(off: 31 + i)), 1, Mia, Cancel), Cancel)));
        Assert.Single(outcomes, o => o.Succeeded);
        Assert.All(outcomes.Where(o => !o.Succeeded), o => Assert.Equal(FailureKind.Stale, o.Failure!.Kind));
        Assert.Equal(2, (await room.GetAsync(id)).Version);
        Assert.Equal(2, (await room.History.VersionsAsync(id, new PageRequest(), Cancel)).Total);
    }

    [Fact]
    public async Task Save_SomebodyElsesDraft_IsForMarketersForbidden()
    {
        var id = await room.DraftAsync(owner: Max);
        Assert.Equal(FailureKind.Forbidden, (await room.Campaigns.SaveAsync(id, new CampaignDraft("Mine", Rules()), 1, Mia, Cancel)).Failure!.Kind);
    }

    [Theory]
    [InlineData(CampaignStatus.InReview)]
    [InlineData(CampaignStatus.Live)]
    [InlineData(CampaignStatus.Ended)]
    public async Task Save_NotADraft_IsAConflict(CampaignStatus status)
    {
        var id = await room.InStateAsync(status);
        Assert.Equal(FailureKind.Conflict, (await room.Campaigns.SaveAsync(id, new CampaignDraft("Late", Rules()), 1, Max, Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task Revise_AppliedThenTakenBack_MakesTwoVersionsWithReasons()
    {
        var id = await room.DraftAsync();
        var two = (await room.Campaigns.ReviseAsync(id, 1, Rules(off: 50), "suggestion-applied", "+¥12,300", "Widen scope", Mia, Cancel)).Value;
        var old = (await room.History.RulesAtAsync(id, 1, Cancel))!;
        Assert.Equal(3, (await room.Campaigns.ReviseAsync(id, two, old, "suggestion-undone", null, "Undo", Mia, Cancel)).Value);
        var view = await room.GetAsync(id);
        Assert.Equal(RulesJson.Write(Rules()), RulesJson.Write(view.Rules));
        Assert.Equal(["created", "suggestion-applied", "suggestion-undone"], await room.LogAsync(id));
    }

    [Fact]
    public async Task Duplicate_LiveCampaignOfAnother_IsMyDraft()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var copy = await room.GetAsync((await room.Campaigns.DuplicateAsync(id, null, Ada, Cancel)).Value);
        Assert.Equal(("Autumn (copy)", CampaignStatus.Draft, "Ada", null), (copy.Name, copy.Status, copy.OwnerName, copy.LaunchedAt));
        Assert.NotEqual((await room.GetAsync(id)).HoldoutSalt, copy.HoldoutSalt);
    }

    [Fact]
    public async Task Duplicate_CampaignWithACode_TakesTheCodeOfNobody()
    {
        var source = await room.DraftAsync(rules: Rules() with { Trigger = new Trigger { Code = "TEA", UniqueCodes = true } });
        var copy = (await room.Campaigns.DuplicateAsync(source, null, Mia, Cancel)).Value;
        Assert.Equal(new Trigger { Code = null, UniqueCodes = true }, (await room.Campaigns.GetAsync(copy, Cancel))!.Rules.Trigger);
        Assert.Equal("TEA", (await room.Campaigns.GetAsync(source, Cancel))!.Rules.Trigger.Code);
    }

    [Fact]
    public async Task DeleteDraft_OwnDraft_GoesWithItsLog_ButNothingElseDoes()
    {
        var id = await room.DraftAsync();
        Done(await room.Campaigns.DeleteDraftAsync(id, 1, Mia, Cancel));
        Assert.Null(await room.Campaigns.GetAsync(id, Cancel));
        Assert.Empty(await room.LogAsync(id));
        var live = await room.InStateAsync(CampaignStatus.Live);
        Assert.Equal(FailureKind.Conflict, (await room.Campaigns.DeleteDraftAsync(live, null, Ada, Cancel)).Failure!.Kind);
    }

    private static decimal Off(CampaignRules rules) => ((FullReduction)rules.Offer).Tiers[0].Off;
}
