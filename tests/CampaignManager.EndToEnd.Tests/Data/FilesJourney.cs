using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>A way on which files are brought. Reading them is a job that may have to wait for its turn.</summary>
public abstract class FilesJourney(EmptyShop shop, Browser browser) : Journey(shop, browser)
{
    protected const int Long = 60_000;

    /// <summary>From the upload's page to the file's own.</summary>
    protected async Task UploadAsync(string name, string text)
    {
        var file = new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) };
        await Page.Locator("#import-file").SetInputFilesAsync(file);
        await See(Page).ToHaveURLAsync(new Regex("/data/import/[0-9a-f-]{36}"), new() { Timeout = Long });
    }

    /// <summary>What the file does not say itself.</summary>
    protected async Task AnswerAsync(string question, string answer)
    {
        await Page.Locator("#answer-" + question).FillAsync(answer, new() { Timeout = Long });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();
    }

    /// <summary>From the file's page to the report of what was read.</summary>
    protected async Task StartAsync()
    {
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await Page.Locator("#start-import").ClickAsync();
        await See(Page.Locator("#undo-import")).ToBeVisibleAsync(new() { Timeout = Long });
    }
}
