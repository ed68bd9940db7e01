using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Customers;
using CampaignManager.EndToEnd.Tests.Hosting;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.EndToEnd.Tests.Customers;

/// <summary>An admin looks a customer up; a marketer without the right does not get there.</summary>
public sealed class CustomerJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Admin_SearchesACustomer_SeesOrdersAndWhyACampaignApplies_AndTakesTheListWithAReason()
    {
        var list = Shop.Services.GetRequiredService<CustomerList>();
        await Shop.StockedAsync();
        // One of the demo shop's live campaigns is for new customers.
        var best = (await list.ListAsync(new PageRequest(PageSize: 1, Sort: "-spent"), new CustomerFilter("new"), Actor.System, Stop)).Value.Items[0].Id;

        await SignInAsync(Roles.Admin, path: "/customers?segment=new&sort=-spent");
        await See(Page.Locator("#customers tbody tr").First).ToContainTextAsync(best);
        await Page.Locator("#customer-search").FillAsync("nobody@example.com");
        await Page.Locator("#find-customer").ClickAsync();
        await See(Page.GetByText("nobody has this id, or the customer was erased")).ToBeVisibleAsync();
        await Page.Locator("#customer-search").FillAsync(best);
        await Page.Locator("#find-customer").ClickAsync();

        await See(Heading(best)).ToBeVisibleAsync();
        await Page.Locator("[data-kind=order]").First.ClickAsync();
        await See(Page.Locator("#timeline li").First).ToContainTextAsync("Order ");
        await See(Page.Locator("#timeline .timeline-line").First).ToBeVisibleAsync();
        await See(Page.Locator("#customer-campaigns [data-eligible=yes]").First).ToContainTextAsync("May have it");
        await See(Page.Locator("#customer-campaigns [data-why=not-in-audience]").First).ToContainTextAsync("It is for other customers.");
        var serious = (await Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help}").ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));

        await GoAsync("/customers?last=within30");
        await Page.Locator("#customers-csv").ClickAsync();
        await Page.GetByRole(Microsoft.Playwright.AriaRole.Textbox, new() { Name = "What is the list for?" }).FillAsync("the spring mailing");
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.Locator(".mud-dialog-actions button").Last.ClickAsync());
        Assert.StartsWith("customerId,", await File.ReadAllTextAsync(await download.PathAsync(), Stop), StringComparison.Ordinal);
        await GoAsync("/audit");
        await See(Page.Locator("#audit tbody tr").First).ToContainTextAsync("the spring mailing");
        await See(Page.Locator("#audit tbody tr").First).ToContainTextAsync("lastOrder=within30");
    }

    [Fact]
    public async Task Marketer_WithoutTheRight_IsToldWhoSeesCustomers()
    {
        await SignInAsync(Roles.Marketer);
        await See(Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Customers", Exact = true })).ToHaveCountAsync(0);
        await Page.GotoAsync("/customers");
        await See(Heading("Not allowed")).ToBeVisibleAsync();
        await See(Page.Locator("body")).ToContainTextAsync("Customers are shown to admins, and to those whom an admin lets see them");
    }
}
