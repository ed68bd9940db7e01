using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns;

public sealed class CampaignImportPageTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CampaignService Campaigns => app.Services.GetRequiredService<CampaignService>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task File_WithANewAndAChangedCampaign_ShowsTheDifferencesThenImports()
    {
        var id = (await Campaigns.CreateDraftAsync("Old", new CampaignRules { Offer = new AmountOff { Amount = 5 } }, Mia, Cancel)).Value;
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignImportPage>();
        await LookAsync(page, """[{ "name": "Old", "offer": { "type": "amountOff", "amount": 6 } }, { "name": "Fresh", "offer": { "type": "freeShipping" } }]""");
        page.WaitForElement("li[data-outcome=Changed]");
        Assert.Contains("¥6", page.Find("li[data-outcome=Changed]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Fresh", page.Find("li[data-outcome=New]").TextContent, StringComparison.Ordinal);
        await page.PressAsync("#import-apply");
        page.WaitForAssertion(() => Assert.Contains("Imported.", page.Find("#import-summary").TextContent, StringComparison.Ordinal));
        Assert.Equal(6, ((AmountOff)(await Campaigns.GetAsync(id, Cancel))!.Rules.Offer).Amount);
    }

    [Fact]
    public async Task File_ChangedBetweenLookAndImport_ShowsAnewAndImportsNothing()
    {
        var rules = new CampaignRules { Offer = new AmountOff { Amount = 5 } };
        var id = (await Campaigns.CreateDraftAsync("Old", rules, Mia, Cancel)).Value;
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignImportPage>();
        await LookAsync(page, """[{ "name": "Old", "offer": { "type": "amountOff", "amount": 6 } }]""");
        page.WaitForElement("li[data-outcome=Changed]");
        await Campaigns.SaveAsync(id, new CampaignDraft("Old", rules with { Offer = new AmountOff { Amount = 9 } }), 1, Mia, Cancel);
        await page.PressAsync("#import-apply");
        page.WaitForAssertion(() => Assert.Contains("have changed since you looked", page.Markup, StringComparison.Ordinal));
        Assert.Equal(9, ((AmountOff)(await Campaigns.GetAsync(id, Cancel))!.Rules.Offer).Amount);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "no campaigns in it")]
    public async Task File_ThatIsNone_SaysSo(string text, string sentence)
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignImportPage>();
        await LookAsync(page, text);
        page.WaitForAssertion(() => Assert.Contains(sentence, page.Find(".mud-alert").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_WithARefusedCampaign_NamesThePathAndCannotBeImported()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignImportPage>();
        await LookAsync(page, """[{ "name": "Bad", "offer": { "type": "amountOff", "amount": -1 } }]""");
        Assert.Contains("campaigns[0].offer.amount", page.WaitForElement("li[data-outcome=Refused]").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("#import-apply").HasAttribute("disabled"));
    }

    private static async Task LookAsync(IRenderedComponent<CampaignImportPage> page, string text)
    {
        page.WaitForElement("#campaigns-text").Input(text);
        await page.PressAsync("#import-look");
    }
}
