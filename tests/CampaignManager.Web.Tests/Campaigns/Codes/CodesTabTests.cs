using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns.Codes;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.Codes;

public sealed class CodesTabTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    private static readonly Actor Leo = Actor.Of("leo", "Leo", Roles.Marketer);
    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CodeService Codes => app.Services.GetRequiredService<CodeService>();

    private CampaignService Campaigns => app.Services.GetRequiredService<CampaignService>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Draft_TriggerChanged_MakesAVersionWithIt()
    {
        var campaign = await DraftAsync();
        await using var circuit = new ACircuit(app, Mia);
        var saved = new TaskCompletionSource();
        var tab = circuit.Render<CodesTab>(p => p.Add(t => t.Campaign, campaign).Add(t => t.Actor, Mia).Add(t => t.Changed, () => saved.TrySetResult()));
        tab.WaitForElement("#generic-code").Input("Welcome");
        await tab.PressAsync("#save-trigger");
        await saved.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        var after = await GetAsync(campaign.Id);
        Assert.Equal(("Welcome", true, 2), (after.Rules.Trigger.Code, after.Rules.Trigger.UniqueCodes, after.Version));
    }

    [Fact]
    public async Task Dialog_OwnCodesOneTwice_SaysWhichAndMakesNone_ThenMakesThem()
    {
        var campaign = await DraftAsync();
        await using var circuit = new ACircuit(app, Mia);
        var tab = Tab(circuit, campaign, Mia);
        await tab.PressAsync("#make-codes");
        circuit.Dialogs.WaitForElement("#code-count");
        await circuit.Dialogs.InvokeAsync(() => circuit.Dialogs.FindComponent<MudRadioGroup<bool>>().Instance.ValueChanged.InvokeAsync(true));
        circuit.Dialogs.WaitForElement("#own-codes").Input("ALPHA\nBETA\nalpha");
        await circuit.Dialogs.PressAsync("#codes-save");
        circuit.Dialogs.WaitForAssertion(() => Assert.Contains("is in the list twice", circuit.Dialogs.Markup));
        circuit.Dialogs.Find("#own-codes").Input("ALPHA\nBETA");
        await circuit.Dialogs.PressAsync("#codes-save");
        tab.WaitForAssertion(() => Assert.Equal("2", tab.Find("#codes-issued").TextContent));
    }

    [Fact]
    public async Task Codes_FromTheAddress_SearchedAndRevokedAndBroughtBack()
    {
        var campaign = await DraftAsync();
        await Codes.IssueAsync(campaign.Id, new NewCodes("Mail", null, null, null, ["ALPHA", "BETA", "GAMMA"], null), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo($"/campaigns/{campaign.Id}?tab=codes&q=eta");
        var tab = Tab(circuit, campaign, Mia);
        tab.WaitForElement("tr[data-code]");
        Assert.Equal(["BETA"], tab.FindAll("tr[data-code]").Select(r => r.GetAttribute("data-code")));
        await tab.PressAsync("button[aria-label='Revoke BETA']");
        await tab.PressAsync("button[aria-label='Restore BETA']");
        tab.WaitForElement("button[aria-label='Revoke BETA']");
    }

    [Fact]
    public async Task AnothersCampaign_IsLookedAtOnly()
    {
        var campaign = await DraftAsync();
        await Codes.IssueAsync(campaign.Id, new NewCodes("Mail", 3, null, null, null, null), Mia, Cancel);
        await using var circuit = new ACircuit(app, Leo);
        var tab = Tab(circuit, campaign, Leo);
        tab.WaitForElement("tr[data-code]");
        Assert.Empty(tab.FindAll("#make-codes, #save-trigger, button[aria-label^='Revoke']"));
        Assert.NotEmpty(tab.FindAll("#export-codes"));
    }

    private static IRenderedComponent<CodesTab> Tab(ACircuit circuit, CampaignView campaign, Actor actor) =>
        circuit.Render<CodesTab>(p => p.Add(t => t.Campaign, campaign).Add(t => t.Actor, actor));

    private async Task<CampaignView> GetAsync(Guid id) => (await Campaigns.GetAsync(id, Cancel))!;

    private async Task<CampaignView> DraftAsync()
    {
        var made = await Campaigns.CreateDraftAsync("Coded", new CampaignRules { Offer = new AmountOff { Amount = 5 }, Trigger = new Trigger { UniqueCodes = true } }, Mia, Cancel);
        return await GetAsync(made.Value);
    }
}
