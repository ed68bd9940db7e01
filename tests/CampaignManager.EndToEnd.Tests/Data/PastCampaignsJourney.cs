using System.Globalization;
using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>A shop's own past campaigns, from files: what each of them did, and which one is left out and why.</summary>
public sealed class PastCampaignsJourney(EmptyShop shop, Browser browser) : FilesJourney(shop, browser), IClassFixture<EmptyShop>
{
    private const int Customers = 400;

    private const string Campaigns = "campaign_id,name,offer,start_date,end_date,attribution_days\n"
        + "spring,Spring,20% off,2025-03-03,2025-03-09,14\n"
        + "summer,Summer,满200减30,2025-07-01,2025-07-07,14\n";

    [Fact]
    public async Task Admin_BringsPastCampaigns_ReadsWhatEachOfThemDid()
    {
        await SignInAsync(Roles.Admin, path: "/data/import?kind=orders");
        await BringAsync("orders", ShopifyFiles.Orders(ShopifyFiles.AYear(Customers, new DateTime(2025, 12, 1))));
        await BringAsync("campaigns", Campaigns, zone: "Europe/Berlin");
        await BringAsync("exposures", Groups());

        await GoAsync("/first-steps");
        await See(Page.Locator("#step-campaigns")).ToHaveAttributeAsync("aria-current", "step", new() { Timeout = Long });
        var past = Page.Locator("#past-campaigns li");
        await See(past).ToHaveCountAsync(2);
        await See(past.First).ToContainTextAsync("Spring: of 100 who got it");
        await See(past.Last).ToContainTextAsync("Summer was left out: 350 treated and 50 held back do not fit the stated 80 %");
        await See(Page.Locator("#past-together")).ToContainTextAsync("they speak of this offer again, not of others");

        await past.First.GetByRole(AriaRole.Link).ClickAsync();
        await See(Page.Locator(".campaign-strip .status")).ToContainTextAsync("Ended");
        await See(Page.Locator("#imported-note")).ToContainTextAsync("of 100 who got it");
        await GoAsync("/campaigns");
        await See(Page.Locator("tr").Filter(new() { HasText = "Summer" })).ToContainTextAsync("Ran before, from a file");

        await OpenAsync(390, "zh-CN");
        await SignInAsync(Roles.Admin, "zh-CN", path: "/first-steps");
        await See(Page.Locator("#past-campaigns li").Last).ToContainTextAsync("因对照组人数与设定不符，已排除此活动", new() { Timeout = Long });
    }

    private async Task BringAsync(string kind, string csv, string? zone = null)
    {
        await GoAsync("/data/import?kind=" + kind);
        await UploadAsync(kind + ".csv", csv);
        if (zone is not null)
            await AnswerAsync("zone-needed", zone);
        await StartAsync();
    }

    // The groups of the spring campaign fit the chance they are said to be drawn with, those of the summer do not.
    private static string Groups()
    {
        var csv = new StringBuilder("campaign,customer,group,assigned_at,p_treated\n");
        for (var i = 0; i < Customers; i++)
        {
            Add("spring", i, "2025-03-03", everySo: 5);
            Add("summer", i, "2025-07-01", everySo: 8);
        }

        return csv.ToString();

        void Add(string campaign, int customer, string day, int everySo) => csv.Append(
            CultureInfo.InvariantCulture, $"{campaign},c{customer}@shop.test,{(customer % everySo == 0 ? "control" : "treated")},{day}T00:00:00Z,0.8\n");
    }
}
