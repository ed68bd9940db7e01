using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns;

/// <summary>What is pasted into fields is understood, or stays with what is wrong about it until it is mended: it never turns into "no limit".</summary>
public sealed class WrongFieldsJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Fields_TypedWrong_KeepTheirTextAndErrorAfterNextAndOnTheChecklist_UntilMended()
    {
        await Shop.StockedAsync();
        await SignInAsync(Roles.Marketer, path: "/campaigns/new?step=details");
        await Page.Locator("#campaign-name").FillAsync("Typed wrong");
        await StepAsync("limits");
        await Page.Locator("#budget").FillAsync("¥20,000");
        await See(Page.Locator("#save-status")).ToHaveAttributeAsync("data-state", "Saved");
        await StepAsync("check");
        await See(Page.Locator(".facts")).ToContainTextAsync("¥20,000");

        await StepAsync("limits");
        await Page.Locator("#budget").FillAsync("about 20k");
        await Page.Locator("#uses").FillAsync("１，０００");
        await Page.Locator("#first-day").FillAsync("2026-13-45");
        await See(Wrong("#budget")).ToContainTextAsync("“about 20k” is not a number.");
        await See(Wrong("#first-day")).ToContainTextAsync("“2026-13-45” is not a day.");

        // Next does not forget, and the checklist names both.
        await Page.Locator("#step-next").ClickAsync();
        await See(Page.Locator("#step-limits .step-wrong")).ToBeVisibleAsync();
        await StepAsync("check");
        await See(Page.Locator("#check-missing")).ToContainTextAsync("Budget: “about 20k” is not a number.");
        await See(Page.Locator("#check-missing")).ToContainTextAsync("First day: “2026-13-45” is not a day.");
        await See(Page.Locator("#save-submit")).ToBeDisabledAsync();

        // Nor does leaving the page.
        await Page.ReloadAsync();
        await ReadyAsync();
        await See(Page.Locator("#check-missing")).ToContainTextAsync("about 20k");
        await StepAsync("limits");
        await See(Page.Locator("#budget")).ToHaveValueAsync("about 20k");
        await See(Page.Locator("#uses")).ToHaveValueAsync("1000");
        await See(Page.Locator("#first-day")).ToHaveValueAsync("2026-13-45");

        await Page.Locator("#budget").FillAsync("€ 1 234,50");
        await Page.Locator("#first-day").FillAsync("2099/1/2");
        await See(Wrong("#budget")).Not.ToContainTextAsync("is not");
        await StepAsync("check");
        await See(Page.Locator("#check-missing")).ToHaveCountAsync(0);
        await See(Page.Locator(".facts")).ToContainTextAsync("¥1,234.50");
        await See(Page.Locator(".facts")).ToContainTextAsync("2 Jan 2099");
    }

    private ILocator Wrong(string field) => Page.Locator($".mud-input-control:has({field})").Last;

    private async Task StepAsync(string step)
    {
        await Page.Locator($"#step-{step}").ClickAsync();
        await See(Page.Locator($"#step-{step}")).ToHaveAttributeAsync("aria-current", "step");
    }
}
