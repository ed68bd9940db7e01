using AngleSharp.Dom;
using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns;

public sealed class CampaignPagesTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    private static readonly Actor Max = Actor.Of("max", "Max", Roles.Manager);

    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CampaignService Campaigns => app.Services.GetRequiredService<CampaignService>();

    private CampaignTransitions Transitions => app.Services.GetRequiredService<CampaignTransitions>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task List_NoCampaigns_SaysHowToStart()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignsPage>();
        page.WaitForElement(".empty-state a[href='/campaigns/new']");
    }

    [Fact]
    public async Task List_FromItsAddress_ShowsThatPageSortAndFilter()
    {
        for (var i = 1; i <= 5; i++)
            await DraftAsync($"Campaign {i}");
        await DraftAsync("Other", owner: Max);
        await using var circuit = new ACircuit(app, Mia);
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo("/campaigns?sort=-name&size=2&page=2&owner=mia");
        var page = circuit.Render<CampaignsPage>();
        page.WaitForElement(".campaign-table");
        Assert.Equal(["Campaign 3", "Campaign 2"], page.FindAll(".cell-main a").Select(a => a.TextContent));
        Assert.Contains("3–4 of 5", page.Find(".pager").TextContent);
        Assert.Equal("descending", page.Find("th[aria-sort]").GetAttribute("aria-sort"));
    }

    [Fact]
    public async Task List_ClickOnAHeader_PutsTheSortIntoTheAddress()
    {
        await DraftAsync("One");
        await using var circuit = new ACircuit(app, Mia);
        var navigation = circuit.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/campaigns?page=1&status=draft");
        var page = circuit.Render<CampaignsPage>();
        await page.PressAsync(".sort");
        Assert.Equal("/campaigns?status=draft&sort=name", new Uri(navigation.Uri).PathAndQuery);
    }

    [Fact]
    public async Task List_ManagerWithAReview_IsOfferedToReview()
    {
        var id = await DraftAsync("Waiting");
        Assert.True((await Transitions.SubmitAsync(id, Mia, Cancel)).Succeeded);
        await using (var manager = new ACircuit(app, Max))
            Assert.Equal("Review", manager.Render<CampaignsPage>().WaitForElement(".cell-action a").TextContent.Trim());
        await using var marketer = new ACircuit(app, Mia);
        Assert.Equal("Open", marketer.Render<CampaignsPage>().WaitForElement(".cell-action a").TextContent.Trim());
    }

    [Theory]
    [InlineData("fullReduction")]
    [InlineData("every")]
    [InlineData("percentOff")]
    [InlineData("freeShipping")]
    [InlineData("quantityDiscount")]
    [InlineData("amountOff")]
    [InlineData("fixedPrice")]
    [InlineData("buyXGetY")]
    [InlineData("bundle")]
    [InlineData("gift")]
    public void Form_RulesInAndOut_AreTheSame(string kind)
    {
        var rules = new CampaignRules
        {
            Currency = "USD",
            Offer = kind switch
            {
                "fullReduction" => new FullReduction { Tiers = [new SpendTier(20, 3), new SpendTier(40, 8)], AllowFree = true },
                "every" => new FullReduction { Every = 20, Off = 3, MaxTimes = 4 },
                "percentOff" => new PercentOff { Tiers = [new PercentTier(null, 5), new PercentTier(100, 12.5m)], Cap = 30 },
                "quantityDiscount" => new QuantityDiscount { Tiers = [new QuantityTier(2, 10), new QuantityTier(3, Off: 20)], Cap = 50 },
                "amountOff" => new AmountOff { Amount = 5, Per = AmountPer.Unit, MaxUnits = 3 },
                "fixedPrice" => new FixedPrice { Price = 0, MaxUnits = 1 },
                "buyXGetY" => new BuyXGetY { Buy = new BuyPart(2, new GoodsScope { Include = new ScopeSelector { Categories = ["shoes"] } }), Get = new GetPart(1, new GoodsScope { Exclude = new ScopeSelector { Brands = ["Acme"] } }, 50), MaxTimes = 2, Pick = UnitPick.Dearest },
                "bundle" => new Bundle { Items = [new BundleItem(null, 2), new BundleItem(new GoodsScope { Include = new ScopeSelector { Skus = ["S-1"] } })], Price = 99, MaxTimes = 4 },
                "gift" => new Gift { Tiers = [new GiftTier("MUG", 2, Quantity: 3, Value: 9)], PerTimes = true },
                _ => new FreeShipping { Spend = 50, Cap = 9 },
            },
            Scope = new Scope { Include = new ScopeSelector { Categories = ["books", "shoes"], Brands = ["Acme"] }, Exclude = new ScopeSelector { Skus = ["S-1"] }, OnlyUndiscounted = true, ThresholdNetOfTax = true, PerSegment = [new SegmentScope("new", ["home"])] },
            Audience = new Audience { AnyOf = ["loyal", "new"], NoneOf = ["lapsed"], CustomerKinds = ["new"], Channels = ["app"], Regions = ["east"] },
            Combining = new Combining { Class = OfferClass.Item, Priority = 3, Group = "g", Exclusive = true, ThresholdBase = ThresholdBase.List },
            Trigger = new Trigger { Code = "AUTUMN", UniqueCodes = true },
            Schedule = new Schedule { TimeZone = "Europe/Berlin", Start = new DateOnly(2026, 11, 1), End = new DateOnly(2026, 11, 9), Weekly = [new WeeklyWindow(["fri"], "18:00", "22:00")] },
            Limits = new Limits { Budget = 1000, UsesPerCustomer = 2, Uses = 50, UsesPerCode = 3, UsesPerDay = 4, OnBudgetShort = OnBudgetShort.Partial, ReusableOnCancel = false, ReservationMinutes = 15 },
            ReturnPolicy = ReturnPolicy.Clawback,
            Experiment = new ExperimentPlan { HoldoutPercent = 12.5m, AttributionDays = 7 },
        };
        var form = CampaignForm.Of("n", null, [], rules);
        Assert.Equal(RulesJson.Write(rules), RulesJson.Write(form.ToRules()));
        // As kept beside a draft, and back.
        Assert.Equal(form.Snapshot(), CampaignForm.Read(form.Snapshot())!.Snapshot());
    }

    [Fact]
    public async Task Detail_RejectNeedsAComment_ThenSendsItBack()
    {
        var id = await DraftAsync("To judge");
        Assert.True((await Transitions.SubmitAsync(id, Mia, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Max);
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        await page.PressAsync("#do-reject");
        await circuit.Dialogs.PressAsync("#dialog-confirm");
        circuit.Dialogs.WaitForAssertion(() => Assert.Contains("Say what has to change.", circuit.Dialogs.Markup));
        circuit.Dialogs.Find("#dialog-comment").Input("Shorter, please");
        await circuit.Dialogs.PressAsync("#dialog-confirm");
        page.WaitForAssertion(() => Assert.Contains("Shorter, please", page.Markup));
        Assert.Equal(CampaignStatus.Draft, (await Campaigns.GetAsync(id, Cancel))!.Status);
    }

    [Fact]
    public async Task Detail_Submit_GoesThroughTheChecklist()
    {
        var id = await DraftAsync("To be sent");
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        await page.PressAsync("#do-submit");
        Assert.EndsWith($"/campaigns/{id}/edit?step=check", circuit.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal(CampaignStatus.Draft, (await Campaigns.GetAsync(id, Cancel))!.Status);
    }

    [Fact]
    public async Task Detail_DuplicateClickedTwice_MakesOneCopy()
    {
        var id = await DraftAsync("Once");
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        var button = page.WaitForElement("#do-duplicate");
        await Task.WhenAll(button.ClickAsync(new()), button.ClickAsync(new()));
        var list = app.Services.GetRequiredService<CampaignList>();
        Assert.Equal(2, (await list.ListAsync(new CampaignFilter(), new PageRequest(1, 25), Cancel)).Total);
    }

    [Theory]
    [InlineData(true, "Its first day has begun: once approved it goes live at once.")]
    [InlineData(false, "It has no first day: it goes live when a manager launches it.")]
    public async Task Detail_InReview_ShowsOnOneScreenWhatTheDecisionNeeds(bool begun, string start)
    {
        var schedule = new Schedule { Start = begun ? new DateOnly(2026, 1, 1) : null, End = new DateOnly(2099, 1, 1) };
        var rival = (await Campaigns.CreateDraftAsync("Rival", new CampaignRules { Trigger = new Trigger { Code = "SAME" } }, Max, Cancel)).Value;
        var id = (await Campaigns.CreateDraftAsync("To judge", new CampaignRules { Schedule = schedule, Trigger = new Trigger { Code = "SAME" } }, Mia, Cancel)).Value;
        Assert.True((await Transitions.SubmitAsync(rival, Max, Cancel)).Succeeded && (await Transitions.SubmitAsync(id, Mia, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Max);
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement("#review-clashes");
        Assert.Equal(start, page.Find("#review-start").TextContent);
        Assert.Contains("Another campaign takes the same code: 'Rival'", page.Find("#review-look").TextContent, StringComparison.Ordinal);
        Assert.Contains("No budget", page.Find("#review-look").TextContent, StringComparison.Ordinal);
        Assert.Contains("Rules in words", page.Markup, StringComparison.Ordinal);
        await page.PressAsync("#do-approve");
        circuit.Dialogs.WaitForAssertion(() => Assert.Contains(start, circuit.Dialogs.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Edit_InReview_NamesTheStateAndIsWithdrawnFromThere()
    {
        var id = await DraftAsync("Sent too early");
        Assert.True((await Transitions.SubmitAsync(id, Mia, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("In review: it cannot be edited now", page.Markup, StringComparison.Ordinal));
        await page.PressAsync("#withdraw-edit");
        page.WaitForElement(".wizard-nav");
        Assert.Equal(CampaignStatus.Draft, (await Campaigns.GetAsync(id, Cancel))!.Status);
    }

    [Fact]
    public async Task Edit_Approved_SaysWhatCanStillChange()
    {
        var id = await DraftAsync("Under way");
        Assert.True((await Transitions.SubmitAsync(id, Mia, Cancel)).Succeeded && (await Transitions.ApproveAsync(id, null, Max, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("Approved: its rules can no longer be edited", page.Markup, StringComparison.Ordinal));
        Assert.Contains("duplicate it", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#withdraw-edit"));
    }

    [Fact]
    public async Task Detail_End_WantsTheNameTyped()
    {
        var id = await DraftAsync("Exact name");
        Assert.True((await Transitions.SubmitAsync(id, Mia, Cancel)).Succeeded && (await Transitions.ApproveAsync(id, null, Max, Cancel)).Succeeded);
        await using var circuit = new ACircuit(app, Max);
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        await page.PressAsync("#do-end");
        Assert.True(circuit.Dialogs.WaitForElement("#dialog-confirm").HasAttribute("disabled"));
        circuit.Dialogs.Find("#dialog-name").Input("Exact name");
        circuit.Dialogs.WaitForAssertion(() => Assert.False(circuit.Dialogs.Find("#dialog-confirm").HasAttribute("disabled")));
    }

    [Theory]
    [InlineData(Roles.Marketer, "do-duplicate do-delete do-edit do-submit")]
    [InlineData(Roles.Manager, "do-duplicate do-delete do-edit do-submit")]
    public async Task Detail_OwnDraft_OffersWhatTheLifecycleAllows(string role, string ids)
    {
        var owner = Actor.Of("own", "Own", role);
        var id = await DraftAsync("Own", owner: owner);
        await using var circuit = new ACircuit(app, owner);
        var page = circuit.Render<CampaignPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement("#do-edit");
        Assert.Equal(ids.Split(' '), page.FindAll(".page-head-actions button").Select(b => b.Id));
    }

    [Fact]
    public async Task Texts_EveryRuleCode_HasASentence()
    {
        await using var circuit = new ACircuit(app, Mia);
        var words = circuit.Services.GetRequiredService<CampaignWords>();
        string[] rules =
        [
            "name-missing", "too-long", "tag-shape", "tags-many", "currency-unknown", "offer-unknown", "tiers-missing", "tiers-many", "tiers-order", "tiers-or-every", "every-missing", "off-missing", "off-over-spend",
            "percent-range", "amount-positive", "amount-large", "amount-digits", "range", "one-of", "blank", "twice", "categories-missing", "segment-both", "segment-by-uplift", "code-length", "zone-unknown", "day-range", "end-before-start",
            "days-missing", "time", "window-order", "percent-digits", "amount-negative", "tiers-order-quantity", "percent-or-off", "items-count", "spend-or-quantity", "tiers-mixed", "cheapest-mechanic",
        ];
        Assert.All(rules, code => Assert.NotEqual("?", words.Error(new RuleError("p", code, "?", ["1", "2"]))));
    }

    private async Task<Guid> DraftAsync(string name, Actor? owner = null) => (await Campaigns.CreateDraftAsync(name, new CampaignRules(), owner ?? Mia, Cancel)).Value;
}
