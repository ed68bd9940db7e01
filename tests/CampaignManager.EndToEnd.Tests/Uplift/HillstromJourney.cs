using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Uplift;

public sealed class HillstromJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Admin_ImportsAnExperiment_TrainsOnIt_AndSeesTheQiniCurve()
    {
        var csv = Path.GetFullPath(Path.Combine(Top(), "..", "shared", "data", "hillstrom.csv"));
        Assert.SkipUnless(File.Exists(csv), "The Hillstrom data (../shared/data/hillstrom.csv beside the repository) are not on this machine.");
        await SignInAsync(Roles.Admin, path: "/data/import");
        await Page.Locator("#import-file").SetInputFilesAsync(csv);
        await See(Page).ToHaveURLAsync(new Regex("/data/import/[0-9a-f-]{36}"), new() { Timeout = 60_000 });
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = 60_000 });
        await Page.Locator("#start-import").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/data/imports/"));
        // 64,000 rows without a customer id: all of them kept, equal ones too.
        await See(Page.GetByText("64,000").First).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("[Tt]rain") }).And(Page.Locator("[href*='experiment=']")).ClickAsync();

        await ChooseAsync("Learner", "S-learner");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/training/[0-9a-f-]{36}"));
        // Not the links of the list that may still stand there.
        await Page.Locator(".page-head a[href^='/models/']").ClickAsync(new() { Timeout = 180_000 });
        await See(Page).ToHaveURLAsync(new Regex("/models/"));
        var chart = Page.Locator(".chart").Filter(new() { HasText = "Qini curve" }).First;
        await See(chart.Locator("svg, canvas").First).ToBeVisibleAsync();
        // Two letters: whether choosing by customer beats the better one for all is said, not assumed.
        await See(Page.GetByText("Everybody gets “Mens E-Mail”").First).ToBeVisibleAsync();
    }
}
