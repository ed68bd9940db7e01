using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.TestCarts;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.TestCarts;

public sealed class TestCartTabTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    private static readonly Actor Noa = Actor.Of("noa", "Noa", Roles.Marketer);
    private static readonly ProductRow Tea = new("T-1", "Green tea", "绿茶", "kitchen", "Leaf", 9_000);

    // The catalogue is read from files, by an engine that is started for each question.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CampaignService Campaigns => app.Services.GetRequiredService<CampaignService>();

    private CartExampleService Examples => app.Services.GetRequiredService<CartExampleService>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Search_CatalogueProduct_IsFoundByEitherName()
    {
        var lake = app.Services.GetRequiredService<DataLake>();
        using (var connection = lake.Open())
        using (var batch = lake.Begin("test"))
        {
            batch.Add(connection, LakeTable.Products, $"SELECT * FROM (VALUES ('T-1','Green tea','绿茶','kitchen','Leaf',9000,NULL)) AS t({LakeTable.Products.ColumnList})", "products");
            batch.Commit();
        }

        await using var circuit = new ACircuit(app, Mia);
        var tab = await OpenAsync(circuit, Mia);
        var search = tab.FindComponent<MudAutocomplete<ProductRow>>().Instance;
        Assert.Equal([Tea], (await search.SearchFunc!("绿茶", Cancel)!)!);
        Assert.Empty((await search.SearchFunc!("coffee", Cancel)!)!);
    }

    [Fact]
    public async Task Cart_GoodsAddedAndChanged_RepriceWithSplitAndReason()
    {
        await using var circuit = new ACircuit(app, Mia);
        var tab = await OpenAsync(circuit, Mia);
        tab.WaitForElement(".empty-state", Patience);
        await AddAsync(tab, Tea);
        tab.WaitForAssertion(() => Assert.Equal("below-threshold", tab.Find(".cart-trace li").GetAttribute("data-reason")), Patience);
        Assert.Contains("¥110 short of the threshold.", tab.Find(".trace-why").TextContent);
        Assert.Equal("¥100", tab.Find("#cart-total").TextContent);

        // The same product again is one more unit; then three.
        await AddAsync(tab, Tea);
        Assert.Single(tab.FindAll(".cart-rows li"));
        await tab.InvokeAsync(() => tab.Find("#quantity-T-1").Input("3"));
        tab.WaitForAssertion(() => Assert.Equal("¥250", tab.Find("#cart-total").TextContent), Patience);
        Assert.Equal("applied", tab.Find(".cart-trace li").GetAttribute("data-reason"));
        Assert.Equal("−¥30", tab.Find("#cart-off").TextContent);
        Assert.Contains("Tried", tab.Find(".cart-price tbody small").TextContent);

        await tab.InvokeAsync(() => tab.Find(".cart-rows button[aria-label='Remove Green tea']").Click());
        tab.WaitForElement(".empty-state", Patience);
    }

    [Fact]
    public async Task Example_SavedThenRulesEdited_TurnsRedOnThePageAndGreenWhenAccepted()
    {
        var id = await DraftAsync();
        Assert.True((await Examples.SaveAsync(id, "Three teas", Cart(), Mia, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Mia);
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo($"/campaigns/{id}?tab=test");
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".example-green", Patience);
        Assert.Empty(page.FindAll(".example-alert"));

        Assert.True((await Campaigns.SaveAsync(id, new CampaignDraft("Tried", Rules(50)), 1, Mia, Cancel)).Succeeded);
        page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".example-red", Patience);
        Assert.Contains("1 of 1 saved carts", page.Find(".example-alert").TextContent);
        Assert.Equal(
            ["Discount of “Tried”: ¥30 → ¥50 (+¥20)", "Discount on products: ¥30 → ¥50 (+¥20)", "To pay: ¥250 → ¥230 (−¥20)"],
            page.FindAll(".example-difference").Select(d => d.TextContent));
        await page.PressAsync(".example-accept");
        page.WaitForElement(".example-green", Patience);
        Assert.True((await Examples.CheckAsync(id, null, Cancel)).Value.Single().Passes);
    }

    [Fact]
    public async Task Example_Opened_FillsTheCartAsItWasSaved()
    {
        var id = await DraftAsync();
        var cart = Cart();
        cart = cart with { Input = cart.Input with { Customer = new CartCustomerInput { IsNew = true, Segments = ["loyal"] }, Codes = ["TEA"] } };
        Assert.True((await Examples.SaveAsync(id, "Three teas", cart, Mia, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Mia);
        var tab = Render(circuit, (await Campaigns.GetAsync(id, Cancel))!, Mia);
        await tab.PressAsync("button[aria-label='Open the example “Three teas”']");
        tab.WaitForElement("#quantity-T-1", Patience);
        Assert.Equal(("3", "TEA", "2026-11-02T08:00"), (tab.Find("#quantity-T-1").GetAttribute("value"), tab.Find("#cart-codes").GetAttribute("value"), tab.Find("#cart-at").GetAttribute("value")));
        Assert.Equal("¥250", tab.Find("#cart-total").TextContent);
    }

    [Fact]
    public async Task Example_OfSomebodyElsesCampaign_IsShownWithoutButtonsThatChangeIt()
    {
        var id = await DraftAsync();
        Assert.True((await Examples.SaveAsync(id, "Three teas", Cart(), Mia, Cancel)).Succeeded);
        Assert.True((await Campaigns.SaveAsync(id, new CampaignDraft("Tried", Rules(50)), 1, Mia, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Noa);
        var tab = Render(circuit, (await Campaigns.GetAsync(id, Cancel))!, Noa);
        tab.WaitForElement(".example-red", Patience);
        Assert.Empty(tab.FindAll(".example-accept, .example-delete, #save-example"));
    }

    [Fact]
    public void Form_CartInAndOut_IsTheSame()
    {
        var cart = Cart(countLimits: true);
        var line = new CartLineInput { Id = "1", Sku = "T-1", Categories = ["kitchen"], Brand = "Leaf", Quantity = 2, UnitPrice = 90.5m, MinUnitPrice = 50, TaxRate = 13, Selected = false, Tags = ["hot"] };
        cart = cart with
        {
            Input = cart.Input with { Customer = new CartCustomerInput { Id = "C-1", IsNew = false, Segments = ["loyal", "new"] }, Codes = ["A", "B"], Channel = "app", Region = "north", Lines = [line] },
        };
        var back = TestCartForm.From(cart, "Asia/Shanghai", sku => sku).ToCart("CNY", "Asia/Shanghai");
        Assert.Equivalent(cart, back, strict: true);
    }

    [Theory]
    [InlineData("2026-10-01T00:00:00Z", "2026-11-01T00:00")]
    [InlineData("2026-11-05T04:30:20Z", "2026-11-05T12:30")]
    [InlineData("2027-01-01T00:00:00Z", "2026-11-11T23:59")]
    public async Task Form_AtFirst_IsAMomentAtWhichTheCampaignRuns(string now, string local)
    {
        var campaign = (await Campaigns.GetAsync(await DraftAsync(), Cancel))!;
        Assert.Equal(local, TestCartForm.For(campaign, 1_000, DateTimeOffset.Parse(now).UtcDateTime).At);
    }

    private static CampaignRules Rules(decimal off) => new()
    {
        Offer = new FullReduction { Tiers = [new SpendTier(200, off)] },
        Schedule = new Schedule { Start = new DateOnly(2026, 11, 1), End = new DateOnly(2026, 11, 11) },
    };

    private static TestCart Cart(bool countLimits = false) => new(
        new CartInput
        {
            Currency = "CNY",
            At = DateTimeOffset.Parse("2026-11-02T00:00:00Z"),
            Shipping = 10,
            Lines = [new CartLineInput { Id = "1", Sku = "T-1", Categories = ["kitchen"], Quantity = 3, UnitPrice = 90 }],
        },
        countLimits);

    private static Task AddAsync(IRenderedComponent<TestCartTab> tab, ProductRow product) =>
        tab.InvokeAsync(() => tab.FindComponent<MudAutocomplete<ProductRow>>().Instance.ValueChanged.InvokeAsync(product));

    private async Task<Guid> DraftAsync() => (await Campaigns.CreateDraftAsync("Tried", Rules(30), Mia, Cancel)).Value;

    private async Task<IRenderedComponent<TestCartTab>> OpenAsync(ACircuit circuit, Actor actor) =>
        Render(circuit, (await Campaigns.GetAsync(await DraftAsync(), Cancel))!, actor);

    private static IRenderedComponent<TestCartTab> Render(ACircuit circuit, CampaignView campaign, Actor actor)
    {
        var tab = circuit.Render<TestCartTab>(p => p.Add(t => t.Campaign, campaign).Add(t => t.Actor, actor));
        tab.WaitForElement("#cart-search", Patience);
        return tab;
    }
}
