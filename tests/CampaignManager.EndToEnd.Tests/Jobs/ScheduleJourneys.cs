using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Jobs;

public sealed class ScheduleJourneys(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Admin_MakesASchedule_RunsItNow_AndWatchesItToItsEnd()
    {
        await Shop.StockedAsync();
        await SignInAsync(Roles.Admin, path: "/schedules");
        await Page.Locator("#new-schedule").ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Segments before breakfast");
        await ChooseAsync("What", "Recompute segments");
        await ChooseAsync("Rhythm", "Every week");
        await ChooseAsync("Weekday", "Friday");
        await Page.Locator("#schedule-time").FillAsync("05:30");
        var next = Page.Locator(".next-runs li");
        await See(next).ToHaveCountAsync(5);
        // The list is that of the old time until the server has heard of the new one.
        await See(next.Last).ToContainTextAsync("05:30");
        await See(next.Last).ToContainTextAsync("Fri");
        foreach (var due in await next.AllInnerTextsAsync())
            Assert.Matches("^Fri .* 05:30$", due);
        await Page.Locator("#schedule-save").ClickAsync();

        var row = Row("Segments before breakfast");
        await See(row).ToContainTextAsync("Every Friday at 05:30");
        await See(row).ToContainTextAsync("Asia/Shanghai");
        await row.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();

        await See(Page).ToHaveURLAsync(new Regex("/runs/"));
        await See(Heading("Recompute segments")).ToBeVisibleAsync();
        await See(Page.Locator(".job-progress")).ToHaveAttributeAsync("data-run-state", "Succeeded", new() { Timeout = 60_000 });
        await See(Page.GetByText("Asked for by Ada Admin")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Link, new() { Name = "All schedules" }).ClickAsync();
        await See(Row("Segments before breakfast").GetByText("Done")).ToBeVisibleAsync();
        await See(Page.GetByText("By Ada Admin")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Admin_EditsPausesResumesAndDeletes()
    {
        await SignInAsync(Roles.Admin, path: "/schedules");
        await Page.Locator("#new-schedule").ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Short-lived");
        await ChooseAsync("Rhythm", "Cron expression");
        await Page.Locator("#schedule-cron").FillAsync("61 4 * * *");
        await Page.Locator("#schedule-save").ClickAsync();
        await See(Page.GetByText("The minute “61” is wrong: 0 to 59").First).ToBeVisibleAsync();
        await See(Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Short-lived");
        await Page.Locator("#schedule-cron").FillAsync("45 4 * * 1-5");
        await See(Page.Locator(".next-runs li")).ToHaveCountAsync(5);
        await Page.Locator("#schedule-save").ClickAsync();
        var row = Row("Short-lived");
        await See(row).ToContainTextAsync("By 45 4 * * 1-5");

        await ActAsync("Short-lived", "Edit");
        await ChooseAsync("Rhythm", "Every day");
        await Page.Locator("#schedule-save").ClickAsync();
        await See(row).ToContainTextAsync("Every day at");

        await ActAsync("Short-lived", "Pause");
        await See(row).ToContainTextAsync("Paused");
        await ActAsync("Short-lived", "Resume");
        await See(row).Not.ToContainTextAsync("Paused");

        await ActAsync("Short-lived", "Delete");
        await See(Page.Locator("#dialog-confirm")).ToBeDisabledAsync();
        await Page.Locator("#dialog-name").FillAsync("Short-lived");
        await Page.Locator("#dialog-confirm").ClickAsync();
        await See(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Dashboard_ForAnAdmin_OpensAndLeadsBack()
    {
        await SignInAsync(Roles.Admin, path: "/schedules");
        await Page.Locator("#job-dashboard").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/jobs$"));
        await See(Page.GetByText("Recurring Jobs").First).ToBeVisibleAsync();
        await Page.GetByText("Back to site").First.ClickAsync();
        await ReadyAsync();
        await See(Heading("Overview")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/schedules")]
    [InlineData("/jobs")]
    public async Task Schedules_ForAMarketer_AreClosed(string path)
    {
        await SignInAsync(Roles.Marketer);
        await Page.GotoAsync(path);
        await See(Page).ToHaveURLAsync(new Regex("/account/denied"));
    }

    private ILocator Row(string name) => Page.Locator($"tr[data-schedule='{name}']");

    private async Task ActAsync(string schedule, string action)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Actions for {schedule}" }).ClickAsync();
        await Page.Locator(".mud-popover-open").GetByText(action, new() { Exact = true }).ClickAsync();
    }
}
