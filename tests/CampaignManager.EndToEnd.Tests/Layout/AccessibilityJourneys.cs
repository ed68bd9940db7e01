using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Deque.AxeCore.Playwright;

namespace CampaignManager.EndToEnd.Tests.Layout;

/// <summary>axe's automatic rules on the main pages, in both themes: nothing serious, nothing critical.</summary>
public sealed class AccessibilityJourneys(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private static readonly string[] Rooms = ["/"];

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Axe_MainPages_FindsNothingSerious(string theme)
    {
        await SignInAsync(Roles.Admin, theme: theme);
        var found = new List<string>();
        foreach (var room in Rooms)
        {
            await GoAsync(room);
            found.AddRange(await ViolationsAsync(room));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task Axe_SignInPage_FindsNothingSerious()
    {
        await Page.GotoAsync("/account/sign-in");
        var found = await ViolationsAsync("/account/sign-in");
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private async Task<List<string>> ViolationsAsync(string path)
    {
        var result = await Page.RunAxe();
        return
        [
            .. result.Violations.Where(v => v.Impact is "serious" or "critical")
                .SelectMany(v => v.Nodes.Select(n => $"{path}: {v.Id} ({v.Impact}): {v.Help}: {n.Html}")),
        ];
    }
}
