using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.Tests.Imports;

namespace CampaignManager.Application.Tests.ShopData.Imports;

/// <summary>Templates that people save: named, versioned, and found by imports.</summary>
public sealed class ImportTemplateTests : IAsyncDisposable
{
    private const string Mine = """
        { "name": "x", "source": "tills", "kind": "orders", "recognise": { "header": ["bon"] }, "shape": { "type": "repeated" },
          "order": { "id": "bon", "at": "zeit" }, "line": { "sku": "artikel", "quantity": "menge", "price": "preis" } }
        """;

    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ImportTemplateService Templates => room.Get<ImportTemplateService>();

    [Fact]
    public async Task Save_NewOne_IsListedFirstUnderItsNameAndFoundByIt()
    {
        var saved = await Templates.SaveAsync(AnImportRoom.Marketer, " Our tills ", Mine, null, Stop);

        Assert.Equal(("Our tills", "tills", 1, false), (saved.Value.Name, saved.Value.Source, saved.Value.Version, saved.Value.BuiltIn));
        Assert.Equal("Our tills", (await Templates.ListAsync(Stop))[0].Key);
        var chosen = await Templates.ChosenAsync("orders", new ShopMapping { Template = "Our tills" }, Stop);
        Assert.Equal("artikel", chosen.Value!.Field("line", "sku")!.Columns[0]);
    }

    [Fact]
    public async Task Save_OverAnOldVersion_IsStaleAndChangesNothing()
    {
        await Templates.SaveAsync(AnImportRoom.Marketer, "Our tills", Mine, 0, Stop);
        await Templates.SaveAsync(AnImportRoom.Marketer, "Our tills", Mine.Replace("artikel", "ware", StringComparison.Ordinal), 1, Stop);

        var late = await Templates.SaveAsync(AnImportRoom.Marketer, "Our tills", Mine, 1, Stop);

        Assert.Equal(FailureKind.Stale, late.Failure!.Kind);
        Assert.Contains("ware", (await Templates.ListAsync(Stop))[0].Json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shopify", Mine, "template-built-in", null)]
    [InlineData("", Mine, "invalid", "name")]
    [InlineData("Mine", "[]", "invalid", "template")]
    [InlineData("Mine", "{", "invalid", "template")]
    [InlineData("Mine", """{ "kind": "orders", "order": { "id": "a", "colour": "b" } }""", "invalid", "order.colour")]
    public async Task Save_WhatIsNoTemplate_IsRefusedByField(string name, string json, string code, string? field)
    {
        var refused = await Templates.SaveAsync(AnImportRoom.Marketer, name, json, null, Stop);

        Assert.Equal(code, refused.Failure!.Code);
        if (field is not null)
            Assert.Contains(field, refused.Failure.Errors!.Keys);
        Assert.All(await Templates.ListAsync(Stop), t => Assert.True(t.BuiltIn));
    }

    [Fact]
    public async Task Chosen_BySourceOfABuiltInOne_IsThatOfTheKind()
    {
        var chosen = await Templates.ChosenAsync("orders", new ShopMapping { Template = "Shopify" }, Stop);
        Assert.Equal(("orders", "shopify"), (chosen.Value!.Kind, chosen.Value.Source));

        var unknown = await Templates.ChosenAsync("orders", new ShopMapping { Template = "recipes" }, Stop);
        Assert.Contains("shopify", unknown.Failure!.Errors!["template"][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_OfEveryBuiltInOne_IsReadAgain() =>
        Assert.All(await Templates.ListAsync(Stop), t => Assert.True(TemplateJson.Parse(t.Json).Succeeded, t.Name));

    [Fact]
    public async Task Delete_SavedOne_IsGone()
    {
        await Templates.SaveAsync(AnImportRoom.Marketer, "Our tills", Mine, null, Stop);
        Assert.Equal(FailureKind.Forbidden, (await Templates.DeleteAsync(Actor.Of("v", "Vera", Roles.Manager), "Our tills", Stop)).Failure!.Kind);
        Assert.True((await Templates.DeleteAsync(AnImportRoom.Marketer, "Our tills", Stop)).Succeeded);
        Assert.Equal(FailureKind.NotFound, (await Templates.DeleteAsync(AnImportRoom.Marketer, "Our tills", Stop)).Failure!.Kind);
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
