using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.Wizard;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns;

/// <summary>The editor's page and its steps.</summary>
public sealed class WizardTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    private static readonly Actor Max = Actor.Of("max", "Max", Roles.Manager);

    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CampaignService Campaigns => app.Services.GetRequiredService<CampaignService>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Offer_Typed_IsSavedByItselfAndRepricesTheWorkedCart()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, "/campaigns/new?step=offer");
        page.WaitForElement("#tier-0-spend").Input("250");
        page.WaitForAssertion(() => Assert.Contains("Spend ¥250, save ¥30", page.Find(".preview-sentence").TextContent));
        // The worked cart reaches the threshold, whatever it is.
        page.WaitForAssertion(() => Assert.Equal("¥30", page.Find("#worked-saves").TextContent.Replace(".00", "")));
        page.Find("#tier-0-grant").Input("45.5");
        page.WaitForAssertion(() => Assert.Contains("45.5", page.Find("#worked-saves").TextContent));
        var navigation = circuit.Services.GetRequiredService<NavigationManager>();
        await page.UntilAsync(() => Assert.EndsWith("/edit?step=offer", navigation.Uri));
        await page.UntilAsync(async () => Assert.Equal(new SpendTier(250, 45.5m), ((FullReduction)Assert.Single((await ListAsync()).Items).Rules.Offer).Tiers.Single()));
    }

    [Fact]
    public async Task Budget_PastedWithSignsOfAnyKind_IsTheNumber()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, "/campaigns/new?step=limits");
        page.WaitForElement("#budget").Input("￥２０，０００");
        page.Find("#uses").Input("1,000");

        await page.UntilAsync(async () =>
        {
            var limits = Assert.Single((await ListAsync()).Items).Rules.Limits;
            Assert.Equal((20_000m, 1_000), (limits.Budget, limits.Uses));
        });
    }

    [Fact]
    public async Task Budget_NotANumber_StaysAsTypedWithItsErrorAfterNextAndOnTheChecklist()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, "/campaigns/new?step=limits");
        page.WaitForElement("#budget").Input("twenty");
        page.WaitForAssertion(() => Assert.Contains("“twenty” is not a number.", page.Markup));
        Assert.Equal("twenty", page.Find("#budget").GetAttribute("value"));

        var navigation = circuit.Services.GetRequiredService<NavigationManager>();
        await page.UntilAsync(() => Assert.Contains("/edit", navigation.Uri));
        var id = Guid.Parse(new Uri(navigation.Uri).Segments[2].TrimEnd('/'));
        navigation.NavigateTo($"/campaigns/{id}/edit?step=check");
        page.Render(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("“twenty” is not a number.", page.Find("#check-missing").TextContent));
        Assert.DoesNotContain("no limit", page.Find(".facts").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("#save-submit").HasAttribute("disabled"));

        navigation.NavigateTo($"/campaigns/{id}/edit?step=limits");
        page.Render(p => p.Add(c => c.Id, id));
        Assert.Equal("twenty", page.WaitForElement("#budget").GetAttribute("value"));
        page.Find("#budget").Input("¥20");
        page.WaitForAssertion(() => Assert.DoesNotContain("is not a number", page.Markup));
    }

    [Fact]
    public async Task WrongField_IsSaidBesideItAndMarksItsStep_AndTheNameOnlyOnceItsStepWasLeft()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, "/campaigns/new?step=details");
        page.WaitForElement("#campaign-name");
        Assert.Empty(page.FindAll(".step-wrong"));
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo("/campaigns/new?step=offer");
        page.Render(p => p.Add(c => c.Id, null));
        page.WaitForElement("#tier-0-grant").Input("300");
        page.WaitForAssertion(() => Assert.Contains("More than is spent.", page.Markup));
        Assert.Equal(2, page.FindAll(".wizard-nav li .step-wrong").Count);
        Assert.Equal("300", page.Find("#tier-0-grant").GetAttribute("value"));
    }

    [Fact]
    public async Task Resume_WithoutAStepInTheAddress_OpensWhereItWasLeft()
    {
        var id = await DraftAsync("Left");
        await app.Services.GetRequiredService<DraftAutosave>().KeepStepAsync(id, "limits", Cancel);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement("#budget");
        Assert.Equal("step-limits", page.Find(".step[aria-current=step]").Id);
    }

    [Fact]
    public async Task SomebodyElseSaved_OffersBothWaysAndKeepsWhatWasTyped()
    {
        var id = await DraftAsync("Mine");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=details", id);
        page.WaitForElement("#campaign-name");
        Assert.True((await Campaigns.SaveAsync(id, new CampaignDraft("Theirs", new CampaignRules()), 1, Max, Cancel)).Succeeded);
        page.Find("#campaign-name").Input("Mine, renamed");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".alert-actions button").Count));
        Assert.Equal("Mine, renamed", page.Find("#campaign-name").GetAttribute("value"));
        Assert.Equal("Theirs", (await Campaigns.GetAsync(id, Cancel))!.Name);
        page.FindAll(".alert-actions button")[1].Click();
        await page.UntilAsync(async () => Assert.Equal("Mine, renamed", (await Campaigns.GetAsync(id, Cancel))!.Name));
    }

    [Fact]
    public async Task AnothersDraft_IsClosedToMarketers()
    {
        var id = await DraftAsync("Not mine", owner: Max);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("cannot be edited", page.Markup));
        Assert.Empty(page.FindAll(".wizard-nav"));
    }

    [Theory]
    [InlineData(WizardStep.Type, ".kind-card")]
    [InlineData(WizardStep.Details, "#campaign-note")]
    [InlineData(WizardStep.Offer, "#tier-0-grant")]
    [InlineData(WizardStep.Scope, ".switches")]
    [InlineData(WizardStep.Audience, "#holdout")]
    [InlineData(WizardStep.Combining, "#clash-summary")]
    [InlineData(WizardStep.Limits, "#reservation")]
    [InlineData(WizardStep.Check, "#save-submit")]
    public async Task Step_FromItsAddress_ShowsItsFieldsAndIsTheCurrentOne(WizardStep step, string selector)
    {
        var id = await DraftAsync("Any");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step={step.Key()}", id);
        page.WaitForElement(selector);
        Assert.Equal("step-" + step.Key(), page.Find(".step[aria-current=step]").Id);
    }

    [Theory]
    [InlineData("quantityDiscount", "#tier-0-quantity")]
    [InlineData("amountOff", "#offer-amount")]
    [InlineData("fixedPrice", "#offer-price")]
    [InlineData("buyXGetY", "#get-percent")]
    [InlineData("bundle", "#slot-0-quantity")]
    [InlineData("gift", "#gift-0-spend")]
    [InlineData("percentOff", "#offer-cap")]
    [InlineData("freeShipping", "#offer-spend")]
    public async Task EveryMechanic_HasItsFieldsAndAWorkedCart(string type, string selector)
    {
        Offer offer = type switch
        {
            "quantityDiscount" => new QuantityDiscount { Tiers = [new QuantityTier(2, 10)] },
            "amountOff" => new AmountOff { Amount = 5 },
            "fixedPrice" => new FixedPrice { Price = 9 },
            "buyXGetY" => new BuyXGetY(),
            "bundle" => new Bundle { Items = [new BundleItem(null, 2)], Price = 9 },
            "gift" => new Gift { Tiers = [new GiftTier("MUG", 1, 100)] },
            "percentOff" => new PercentOff { Tiers = [new PercentTier(null, 5)] },
            _ => new FreeShipping { Spend = 50 },
        };
        var id = await DraftAsync(type, rules: new CampaignRules { Offer = offer });
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=offer", id);
        page.WaitForElement(selector);
        page.WaitForElement("#worked-pays");
        Assert.True(type == "gift" ? page.Markup.Contains("Gift: MUG", StringComparison.Ordinal) : page.Find("#worked-saves").TextContent != "¥0.00", "The example shows what the offer does.");
    }

    [Fact]
    public async Task Combining_AClash_IsNamedWithFiguresAndSolvedByItsButton()
    {
        var other = await DraftAsync("First ten", rules: new CampaignRules { Offer = new AmountOff { Amount = 10, Per = AmountPer.Unit } }, owner: Max);
        Assert.True((await app.Services.GetRequiredService<CampaignTransitions>().SubmitAsync(other, Max, Cancel)).Succeeded);
        var id = await DraftAsync("Mine");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=combining", id);
        var clash = page.WaitForElement("[data-kind=LosesThreshold]");
        Assert.Contains("“First ten” comes first and takes your threshold away: of a basket of ¥200", clash.TextContent);
        page.FindAll(".clash-fixes button").First(b => b.TextContent.Contains("Count thresholds at list prices")).Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-kind=LosesThreshold]")));
        await page.UntilAsync(async () => Assert.Equal(ThresholdBase.List, (await Campaigns.GetAsync(id, Cancel))!.Rules.Combining.ThresholdBase));
    }

    [Fact]
    public async Task Combining_SharedGoods_AreNamedOnTheButtonThatLeavesThemOut()
    {
        await using var circuit = new ACircuit(app, Mia);
        var words = circuit.Services.GetRequiredService<ClashWords>();
        var theirs = new CampaignRules { Scope = new Scope { Include = new ScopeSelector { Categories = ["kitchen"], Brands = ["Acme"] } } };
        var other = new CampaignOverlap(Guid.Empty, "Theirs", CampaignStatus.Live, theirs, new ScheduleInterval(null, null), 3, null, null, []) { HasOtherGoods = true };
        var fix = words.Fixes(new Clash(ClashKind.SharesUnits), other).Single();
        Assert.Equal("Leave out Kitchen, Acme", fix.Text);
        var form = CampaignForm.Of("Mine", null, [], new CampaignRules());
        fix.Apply!(form);
        var exclude = form.ToRules().Scope.Exclude!;
        Assert.Equal(["kitchen", "Acme"], exclude.Categories.Concat(exclude.Brands));
        // Where everything is shared nothing would be left.
        Assert.Null(words.Fixes(new Clash(ClashKind.SharesUnits), other with { HasOtherGoods = false }).Single().Apply);
    }

    [Theory]
    [InlineData("offer", "#tier-0-grant", "-5", "Must be above zero.")]
    [InlineData("offer", "#tier-0-grant", "300", "More than is spent.")]
    [InlineData("audience", "#holdout", "150", "Between 0 and 100.")]
    [InlineData("limits", "#first-day", "2026-13-45", "is not a day")]
    [InlineData("limits", "#last-day", "1999-01-01", "Between 2000 and 2100.")]
    [InlineData("limits", "#budget", "-1", "Must be above zero.")]
    [InlineData("limits", "#uses", "0", "Between 1 and")]
    [InlineData("limits", "#uses", "99999999999", "Too large.")]
    [InlineData("limits", "#uses", "1.5", "not a whole number")]
    public async Task Field_Wrong_SaysWhyBesideItAtOnce(string step, string field, string typed, string sentence)
    {
        var id = await DraftAsync("Wrong");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step={step}", id);
        page.WaitForElement(field).Input(typed);
        page.WaitForAssertion(() => Assert.Contains(sentence, page.Find($".mud-input-control:has({field})").TextContent, StringComparison.Ordinal));
        Assert.Equal(typed, page.Find(field).GetAttribute("value"));
    }

    [Fact]
    public async Task Panel_AnOfferThatIsNotComplete_NamesWhat()
    {
        var id = await DraftAsync("Wrong");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=offer", id);
        page.WaitForElement("#tier-0-grant").Input("-5");
        page.WaitForAssertion(() => Assert.Contains("Offer, row 1, Off: Must be above zero.", page.Find("#panel-offer-errors").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audience_Segments_SayWhoIsInThem_AndNewMeansOneThing()
    {
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
        {
            context.Segments.Add(new Segment { Key = "new", Kind = SegmentKind.Lifecycle, NameEn = "New customers", NameZh = "新客", Size = 5, ComputedAt = default });
            await context.SaveChangesAsync(Cancel);
        }

        var id = await DraftAsync("For the new");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=audience", id);
        page.WaitForAssertion(() => Assert.Contains("Joined fewer than 90 days ago, at most 2 orders so far", page.Find(".choices .choice-note").TextContent, StringComparison.Ordinal));
        Assert.Single(page.FindAll(".form-section label"), l => l.TextContent.Contains("New customers", StringComparison.Ordinal));
        Assert.Contains("Before their first order", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ACodeOfACampaignAtAnotherTime_IsNamed()
    {
        var theirs = new CampaignRules { Trigger = new Trigger { Code = "SAME" }, Schedule = new Schedule { Start = new DateOnly(2098, 1, 1), End = new DateOnly(2098, 1, 31) } };
        var other = await DraftAsync("Later", theirs, Max);
        Assert.True((await app.Services.GetRequiredService<CampaignTransitions>().SubmitAsync(other, Max, Cancel)).Succeeded);
        var id = await DraftAsync("Mine", new CampaignRules { Trigger = new Trigger { Code = "same" }, Schedule = new Schedule { End = new DateOnly(2097, 1, 1) } });
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=check", id);
        Assert.Contains("Another campaign takes the same code: 'Later'", page.WaitForElement("#check-look").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhatIsMissing_LeadsToItsStepAndHoldsSubmittingBack()
    {
        var made = await app.Services.GetRequiredService<DraftAutosave>().CreateAsync(
            new TypedDraft(new CampaignDraft("", new CampaignRules()), CampaignForm.Of("", null, [], new CampaignRules()).Snapshot(), false, "check"), new CampaignRules(), "Untitled", Guid.NewGuid(), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{made.Value.Id}/edit", made.Value.Id);
        var missing = page.WaitForElement("#check-missing");
        Assert.Contains("Name: A campaign needs a name.", missing.TextContent);
        Assert.True(page.Find("#save-submit").HasAttribute("disabled"));
        page.Find("#check-missing button").Click();
        await page.UntilAsync(() => Assert.EndsWith("?step=details", circuit.Services.GetRequiredService<NavigationManager>().Uri));
    }

    [Fact]
    public async Task Submit_FromTheChecklist_SendsItToReview()
    {
        var id = await DraftAsync("Ready");
        await using var circuit = new ACircuit(app, Mia);
        var page = Open(circuit, $"/campaigns/{id}/edit?step=check", id);
        page.WaitForElement("#check-look");
        page.Find("#save-submit").Click();
        await page.UntilAsync(async () => Assert.Equal(CampaignStatus.InReview, (await Campaigns.GetAsync(id, Cancel))!.Status));
        await page.UntilAsync(() => Assert.EndsWith($"/campaigns/{id}", circuit.Services.GetRequiredService<NavigationManager>().Uri));
    }

    private static IRenderedComponent<CampaignEditorPage> Open(ACircuit circuit, string address, Guid? id = null)
    {
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
    }

    private async Task<Guid> DraftAsync(string name, CampaignRules? rules = null, Actor? owner = null) => (await Campaigns.CreateDraftAsync(name, rules ?? new CampaignRules(), owner ?? Mia, Cancel)).Value;

    private Task<Paged<CampaignRow>> ListAsync() => app.Services.GetRequiredService<CampaignList>().ListAsync(new CampaignFilter(), new PageRequest(), Cancel);
}
