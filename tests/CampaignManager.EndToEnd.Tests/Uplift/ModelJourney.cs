using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Engine.Statistics;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Uplift;

/// <summary>An admin and a randomised experiment: import, train and watch, cancel another, read, put into use, roll back, compare.</summary>
public sealed partial class ModelJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private const string Name = "Letters to newcomers";

    private const float Long = 120_000;

    [Fact]
    public async Task Admin_FromAnExperimentsFile_ToTwoVersionsCompared()
    {
        await SignInAsync(Roles.Admin, path: "/data/import");
        await ImportAsync();
        await StartTrainingAsync("Automatic");
        // Live: the bar is there while it runs, and the link when it is done.
        await See(Page.GetByRole(AriaRole.Progressbar).First).ToBeVisibleAsync();
        var first = await OpenModelAsync();
        await ReadAsync();

        await GoAsync("/training");
        await CancelAnotherAsync();

        await GoAsync("/training");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Train a model" }).First.ClickAsync();
        await ChooseAsync("Data", Name);
        await StartTrainingAsync("T-learner");
        var second = await OpenModelAsync();
        await PutIntoUseAndBackAsync();
        await CompareAsync(first, second);
    }

    private async Task ImportAsync()
    {
        await Page.Locator("#import-file").SetInputFilesAsync(new FilePayload { Name = Name + ".csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(Experiment()) });
        await See(Page).ToHaveURLAsync(new Regex("/data/import/[0-9a-f-]{36}"), new() { Timeout = Long });
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await Page.Locator("#start-import").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/data/imports/"));
        await See(Page.GetByText("4,000").First).ToBeVisibleAsync(new() { Timeout = Long });
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("[Tt]rain") }).And(Page.Locator("[href*='experiment=']")).ClickAsync();
    }

    private async Task StartTrainingAsync(string learner)
    {
        await ChooseAsync("Learner", learner);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/training/[0-9a-f-]{36}"));
    }

    private async Task<string> OpenModelAsync()
    {
        // Not the links of the list that may still stand there.
        await Page.Locator(".page-head a[href^='/models/']").ClickAsync(new() { Timeout = Long });
        await See(Page).ToHaveURLAsync(new Regex("/models/[0-9a-f-]{36}"));
        await ReadyAsync();
        return Id().Match(Page.Url).Value;
    }

    private async Task ReadAsync()
    {
        await See(Page.Locator(".chart").Filter(new() { HasText = "Qini curve" }).First.Locator("svg, canvas").First).ToBeVisibleAsync();
        await See(Page.GetByText("Customers differ in how they respond")).ToBeVisibleAsync();
        var groups = Page.Locator(".chart").Filter(new() { HasText = "Measured uplift by group" }).First;
        await groups.GetByRole(AriaRole.Button).First.ClickAsync();
        await See(groups.GetByRole(AriaRole.Cell, new() { Name = "newcomer = 1" })).ToBeVisibleAsync();
        await See(Page.GetByText("In use", new() { Exact = true }).First).ToBeVisibleAsync();
        // Found by itself: the effect is in newcomers, and stopping after them loses nothing.
        await See(Page.Locator(".plain-list li").Filter(new() { HasText = "newcomer" }).First).ToBeVisibleAsync();
        await See(Page.GetByText("How it was chosen").First).ToBeVisibleAsync();
        await See(Page.Locator(".chart").Filter(new() { HasText = "How deep to target" }).First).ToBeVisibleAsync();
        await See(Page.Locator(".chart").Filter(new() { HasText = "What moves the predicted uplift" }).First).ToBeVisibleAsync();
    }

    private async Task CancelAnotherAsync()
    {
        // The shop trains its first by itself only when nobody has trained one before.
        await Shop.ModelAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Train a model" }).First.ClickAsync();
        // The shop's own campaigns, every learner: long enough to be stopped.
        await StartTrainingAsync("Automatic");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await See(Page.GetByText("Cancelled").First).ToBeVisibleAsync(new() { Timeout = Long });
    }

    private async Task PutIntoUseAndBackAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Put into use" }).ClickAsync();
        await See(Page.GetByText("In use. New predictions come from this version.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await See(Page.GetByText("Rolled back. The version before is in use again.")).ToBeVisibleAsync();
        await See(Page.GetByRole(AriaRole.Link, new() { Name = "Compare with the one in use" })).ToBeVisibleAsync();
    }

    private async Task CompareAsync(string champion, string challenger)
    {
        await GoAsync("/models");
        foreach (var id in new[] { champion, challenger })
            await Page.Locator("tr").Filter(new() { Has = Page.Locator($"a[href='/models/{id}']") }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await Page.Locator("#compare").ClickAsync();
        await See(Heading("Compare two versions")).ToBeVisibleAsync();
        await See(Page.Locator(".tile").Filter(new() { HasText = "Champion" }).Locator($"a[href='/models/{champion}']")).ToBeVisibleAsync(new() { Timeout = Long });
        await See(Page.Locator(".compare-verdict")).ToContainTextAsync("of the draws");
        await See(Page.Locator("table.compared").First.Locator("tbody tr")).ToHaveCountAsync(4);
        await See(Page.GetByRole(AriaRole.Button, new() { Name = "Put the challenger into use" })).ToBeVisibleAsync();
    }

    /// <summary>Made up: letters bring newcomers, and nobody else, 25 points more visits.</summary>
    private static string Experiment()
    {
        var random = new SeededRandom(11);
        var csv = new StringBuilder("customer_id,newcomer,recency,channel,treatment,visit\n");
        for (var i = 0; i < 4000; i++)
        {
            var (newcomer, letter) = (random.NextInt(2), random.NextInt(2));
            var visits = random.NextDouble() < 0.2 + (newcomer * letter * 0.25);
            csv.Append(CultureInfo.InvariantCulture, $"P-{i},{newcomer},{random.NextInt(90)},{(random.NextInt(2) == 0 ? "web" : "app")},{(letter == 1 ? "letter" : "control")},{(visits ? 1 : 0)}\n");
        }

        return csv.ToString();
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Id();
}
