using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class DraftAutosaveTests : IDisposable
{
    private static readonly Guid Sitting = new("00000000-0000-0000-0000-000000000001");

    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DraftAutosave Drafts => new(room.Campaigns, room);

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Create_WithoutAName_IsADraftThatKeepsWhatWasTyped()
    {
        var made = await Drafts.CreateAsync(Typed("", Rules(off: 45), complete: false), new CampaignRules(), "Untitled", Sitting, Mia, Cancel);
        var view = await room.GetAsync(made.Value.Id);
        Assert.Equal(("Untitled", 45m, "{typed}", "offer", 1), (view.Name, Off(view), view.EditorJson, view.EditorStep, made.Value.Version));
    }

    [Fact]
    public async Task Save_OnePartWrong_TakesTheOthersAndKeepsItsLastValidState()
    {
        var id = await room.DraftAsync(rules: Rules(budget: 100));
        var wrong = Rules(off: 45, budget: -5);
        Assert.Equal(2, (await Drafts.SaveAsync(id, Typed("New name", wrong, complete: false), 1, Sitting, Mia, Cancel)).Value.Version);
        var view = await room.GetAsync(id);
        Assert.Equal(("New name", 45m, 100m, "{typed}"), (view.Name, Off(view), view.Rules.Limits.Budget, view.EditorJson));
        Assert.Equal(10_000, view.BudgetMinor);

        // Put right: the rules say it all again.
        Done(await Drafts.SaveAsync(id, Typed("New name", Rules(off: 45, budget: 5), complete: true), 2, Sitting, Mia, Cancel));
        view = await room.GetAsync(id);
        Assert.Equal((5m, null), (view.Rules.Limits.Budget, view.EditorJson));
    }

    [Fact]
    public async Task Save_PartsThatAreWrongOnlyTogether_KeepTheRules()
    {
        var id = await room.DraftAsync(rules: Rules(off: 30));
        var together = Rules() with { Offer = new Bundle { Items = [new BundleItem()], Price = 9 }, Scope = new Scope { CheapestOnly = true } };
        Done(await Drafts.SaveAsync(id, Typed("Autumn", together, complete: false), 1, Sitting, Mia, Cancel));
        var view = await room.GetAsync(id);
        Assert.Equal("bundle", view.Rules.Offer.Type);
        Assert.False(view.Rules.Scope.CheapestOnly);
        Assert.Empty(RulesValidation.Check(view.Rules));
    }

    [Fact]
    public async Task Save_AnotherVersionMeanwhile_IsStaleAndChangesNothing()
    {
        var id = await room.DraftAsync();
        Done(await room.Campaigns.SaveAsync(id, new CampaignDraft("Theirs", Rules()), 1, Max, Cancel));
        var outcome = await Drafts.SaveAsync(id, Typed("Mine", Rules(off: 99), complete: true), 1, Sitting, Mia, Cancel);
        Assert.Equal(FailureKind.Stale, outcome.Failure!.Kind);
        var view = await room.GetAsync(id);
        Assert.Equal(("Theirs", 30m, null), (view.Name, Off(view), view.EditorJson));
    }

    [Fact]
    public async Task Save_TheSameAgain_KeepsTheVersion()
    {
        var id = (await Drafts.CreateAsync(Typed("Autumn", Rules(), complete: true), new CampaignRules(), "Untitled", Sitting, Mia, Cancel)).Value.Id;
        Assert.Equal(1, (await Drafts.SaveAsync(id, Typed("Autumn", Rules(), complete: true), 1, Sitting, Mia, Cancel)).Value.Version);
    }

    [Fact]
    public async Task Save_ManyTimesInOneSitting_IsOneVersionAndOneLineOfTheLog_AndEveryNumberKeepsItsRules()
    {
        var id = await room.DraftAsync();
        for (var i = 1; i <= 5; i++)
            Done(await Drafts.SaveAsync(id, Typed("Autumn", Rules(off: 30 + i), complete: true), i, Sitting, Max, Cancel));
        Assert.Equal([6, 1], (await room.History.VersionsAsync(id, new PageRequest(), Cancel)).Items.Select(v => v.Number));
        Assert.Equal(["created", "edited"], await room.LogAsync(id));
        Assert.Equal(32m, Off((await room.History.RulesAtAsync(id, 3, Cancel))!));

        // Another sitting is another version.
        Done(await Drafts.SaveAsync(id, Typed("Autumn", Rules(off: 50), complete: true), 6, Guid.NewGuid(), Max, Cancel));
        Assert.Equal([7, 6, 1], (await room.History.VersionsAsync(id, new PageRequest(), Cancel)).Items.Select(v => v.Number));
    }

    [Fact]
    public async Task Save_AfterALongPause_IsAnotherLineOfTheLog()
    {
        var id = await room.DraftAsync();
        room.Time.Set("2026-10-01T02:00:00Z");
        Done(await Drafts.SaveAsync(id, Typed("Autumn", Rules(off: 31), complete: true), 1, Sitting, Mia, Cancel));
        room.Time.Set("2026-10-01T02:10:00Z");
        Done(await Drafts.SaveAsync(id, Typed("Autumn", Rules(off: 32), complete: true), 2, Sitting, Mia, Cancel));
        room.Time.Set("2026-10-01T03:00:00Z");
        Done(await Drafts.SaveAsync(id, Typed("Autumn", Rules(off: 33), complete: true), 3, Sitting, Mia, Cancel));
        Assert.Equal(["created", "edited", "edited"], await room.LogAsync(id));
    }

    [Fact]
    public async Task Submit_Unfinished_IsRefusedUntilItIsFinishedOrReplaced()
    {
        var id = await room.DraftAsync();
        Done(await Drafts.SaveAsync(id, Typed("", Rules(), complete: false), 1, Sitting, Mia, Cancel));
        Assert.Equal("unfinished", (await room.Transitions.SubmitAsync(id, Mia, Cancel)).Failure!.Code);
        Assert.Equal(CampaignStatus.Draft, (await room.GetAsync(id)).Status);
        // A whole draft saved over it (the API, a version restored) says it all.
        Done(await room.Campaigns.SaveAsync(id, new CampaignDraft("Autumn", Rules(off: 31)), 2, Mia, Cancel));
        Done(await room.Transitions.SubmitAsync(id, Mia, Cancel));
    }

    [Fact]
    public async Task KeepStep_Draft_IsThereOnComingBackAndMovesNoVersion()
    {
        var id = await room.DraftAsync();
        await Drafts.KeepStepAsync(id, "audience", Cancel);
        Assert.Equal(("audience", 1), ((await room.GetAsync(id)).EditorStep, (await room.GetAsync(id)).Version));
        Done(await room.Campaigns.SaveAsync(id, new CampaignDraft("Renamed", Rules()), 1, Mia, Cancel));
        Assert.Equal("audience", (await room.GetAsync(id)).EditorStep);
    }

    [Fact]
    public async Task Save_AnothersDraft_IsForbiddenToMarketers()
    {
        var id = await room.DraftAsync(owner: Max);
        Assert.Equal(FailureKind.Forbidden, (await Drafts.SaveAsync(id, Typed("x", Rules(), complete: true), 1, Sitting, Mia, Cancel)).Failure!.Kind);
    }

    private static TypedDraft Typed(string name, CampaignRules rules, bool complete) => new(new CampaignDraft(name, rules), "{typed}", complete, "offer");

    private static decimal Off(CampaignView view) => Off(view.Rules);

    private static decimal Off(CampaignRules rules) => ((FullReduction)rules.Offer).Tiers[0].Off;
}
