using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.Wizard;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Campaigns;

/// <summary>Saving as one types, undo and coming back, over the whole app's services and a clock that tests move.</summary>
public sealed class EditorSessionTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    private static readonly Actor Max = Actor.Of("max", "Max", Roles.Manager);

    private readonly WebApp app = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 10, 1, 10, 32, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CampaignService Campaigns => app.Services.GetRequiredService<CampaignService>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Touch_ThenAPause_MakesTheDraftOnce()
    {
        await using var session = Begin();
        session.Step = WizardStep.Details;
        session.Form.Name = "Autumn";
        session.Touch();
        Assert.Equal((SaveState.Waiting, null), (session.State, session.Id));
        time.Advance(EditorSession.Pause / 2);
        session.Form.Tags = "sale";
        session.Touch();
        // Still typing: the pause begins anew.
        time.Advance(EditorSession.Pause / 2);
        Assert.Null(session.Id);
        time.Advance(EditorSession.Pause);
        Assert.True(await session.FlushAsync());
        var row = Assert.Single((await ListAsync()).Items);
        Assert.Equal((row.Id, 1, time.GetUtcNow()), (session.Id!.Value, session.Version, session.SavedAt!.Value));
        Assert.Equal(("Autumn", "sale"), (row.Name, row.Tags.Single()));
    }

    [Fact]
    public async Task Touch_OnlyTheType_IsLookingAroundUntilTheNextStep()
    {
        await using var session = Begin();
        session.Form.Offer.Kind = OfferKind.Gift;
        session.Touch();
        time.Advance(EditorSession.Pause * 2);
        Assert.Empty((await ListAsync()).Items);
        session.Form.Offer.Kind = OfferKind.FreeShipping;
        session.Touch();
        await session.OpenAsync(WizardStep.Details);
        Assert.Equal("freeShipping", Assert.Single((await ListAsync()).Items).Rules.Offer.Type);
    }

    [Fact]
    public async Task Open_NothingTyped_MakesNoDraft()
    {
        await using var session = Begin();
        await session.OpenAsync(WizardStep.Offer);
        Assert.Empty((await ListAsync()).Items);
    }

    [Fact]
    public async Task Flush_AFieldIsWrong_KeepsItAsTypedAndSavesTheRest()
    {
        var id = await DraftAsync();
        await using (var session = await OpenAsync(id))
        {
            (session.Form.Budget, session.Form.Name, session.Form.Code) = (-5, "", "FALL");
            session.Form.Offer.Kind = OfferKind.FixedPrice;
            session.Form.Offer.FixedPrice = null;
            session.Touch();
            Assert.True(await session.FlushAsync());
        }

        var view = (await Campaigns.GetAsync(id, Cancel))!;
        Assert.Equal(("Draft", null, "FALL"), (view.Name, view.Rules.Limits.Budget, view.Rules.Trigger.Code));
        await using var again = await OpenAsync(id);
        Assert.Equal((-5m, "", null, OfferKind.FixedPrice), (again.Form.Budget, again.Form.Name, again.Form.Offer.FixedPrice, again.Form.Offer.Kind));
        Assert.Equal(["limits.budget", "name", "offer.price"], again.Errors.Select(e => e.Path).Order());
    }

    [Fact]
    public async Task Flush_SavedElsewhere_IsSaidAndOverwritesNothing()
    {
        var id = await DraftAsync();
        await using var session = await OpenAsync(id);
        session.Form.Name = "Mine";
        Assert.True((await Campaigns.SaveAsync(id, new CampaignDraft("Theirs", new CampaignRules()), 1, Max, Cancel)).Succeeded);
        session.Touch();
        Assert.False(await session.FlushAsync());
        Assert.Equal(SaveState.Stale, session.State);
        // However much is typed after: nothing is stored until a person decides.
        session.Form.Name = "Mine too";
        session.Touch();
        time.Advance(EditorSession.Pause);
        Assert.False(await session.FlushAsync());
        Assert.Equal("Theirs", (await Campaigns.GetAsync(id, Cancel))!.Name);
        Assert.True(await session.SaveOverAsync(2));
        Assert.Equal(("Mine too", 3), ((await Campaigns.GetAsync(id, Cancel))!.Name, session.Version));
    }

    [Fact]
    public async Task Undo_StepByStep_TakesBackWhatWasTypedAndStoresIt()
    {
        var id = await DraftAsync();
        await using var session = await OpenAsync(id);
        foreach (var name in new[] { "One", "Two" })
        {
            session.Form.Name = name;
            session.Touch();
            await session.FlushAsync();
        }

        session.Undo();
        Assert.Equal(("One", true), (session.Form.Name, session.CanRedo));
        session.Undo();
        Assert.Equal(("Draft", false), (session.Form.Name, session.CanUndo));
        await session.FlushAsync();
        Assert.Equal("Draft", (await Campaigns.GetAsync(id, Cancel))!.Name);
        session.Redo();
        session.Redo();
        Assert.Equal(("Two", false), (session.Form.Name, session.CanRedo));
        // Typing after an undo forgets what was ahead.
        session.Undo();
        session.Form.Name = "Three";
        session.Touch();
        await session.FlushAsync();
        Assert.Equal((false, "Three"), (session.CanRedo, (await Campaigns.GetAsync(id, Cancel))!.Name));
    }

    [Fact]
    public async Task Undo_BeforeThePause_TakesBackWhatIsNotStoredYet()
    {
        var id = await DraftAsync();
        await using var session = await OpenAsync(id);
        session.Form.Name = "Typing";
        session.Touch();
        Assert.True(session.CanUndo);
        session.Undo();
        Assert.Equal("Draft", session.Form.Name);
    }

    [Fact]
    public async Task Open_AnotherStep_IsKeptForComingBack()
    {
        var id = await DraftAsync();
        await using (var session = await OpenAsync(id))
            await session.OpenAsync(WizardStep.Audience);
        var view = (await Campaigns.GetAsync(id, Cancel))!;
        Assert.Equal(("audience", 1), (view.EditorStep, view.Version));
    }

    [Fact]
    public async Task Dispose_WhileTyping_StoresIt()
    {
        var id = await DraftAsync();
        await using (var session = await OpenAsync(id))
        {
            session.Form.Name = "Last words";
            session.Touch();
        }

        Assert.Equal("Last words", (await Campaigns.GetAsync(id, Cancel))!.Name);
    }

    private EditorSession Begin()
    {
        var session = new EditorSession(app.Services.GetRequiredService<DraftAutosave>(), time, Mia, "Untitled");
        session.Begin(CampaignForm.Of("", null, [], new CampaignRules()), new CampaignRules(), null, 0);
        return session;
    }

    private async Task<EditorSession> OpenAsync(Guid id)
    {
        var session = Begin();
        var view = (await Campaigns.GetAsync(id, Cancel))!;
        session.Begin(CampaignForm.Of(view), view.Rules, id, view.Version);
        session.Step = WizardStep.Details;
        return session;
    }

    private async Task<Guid> DraftAsync() => (await Campaigns.CreateDraftAsync("Draft", new CampaignRules(), Mia, Cancel)).Value;

    private Task<Paged<CampaignRow>> ListAsync() => app.Services.GetRequiredService<CampaignList>().ListAsync(new CampaignFilter(), new PageRequest(), Cancel);
}
