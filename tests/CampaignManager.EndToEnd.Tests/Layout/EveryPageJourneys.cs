using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Layout;

/// <summary>Every page in both languages, widths and themes.</summary>
public sealed class EveryPageJourneys(RunningShop shop, Browser browser) : EveryPage(shop, browser)
{
    /// <summary>Axe's automatic rules cost more than the page itself, and see the same markup in both languages: once per theme.</summary>
    [Theory]
    [InlineData("en", 1280, "light", true)]
    [InlineData("en", 390, "dark", false)]
    [InlineData("zh-CN", 1280, "light", false)]
    [InlineData("zh-CN", 390, "dark", true)]
    public async Task EveryPage_InEachLanguageAndWidth_IsWholeFitsAndHasNothingSerious(string culture, int width, string theme, bool axe)
    {
        var model = await Shop.ModelAsync();
        await OpenAsync(width, culture);
        await SignInAsync(Roles.Admin, culture, theme);
        var wrong = new List<string>();
        foreach (var path in await PathsAsync(model))
        {
            await GoAsync(path);
            await See(Page.Locator("main h1").First).ToBeVisibleAsync();
            await See(Page.Locator("main .mud-skeleton, main [role=status] .mud-progress-linear")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
            if (await Page.Locator("main .empty-state[role=alert]").CountAsync() > 0)
                wrong.Add($"{path} shows the fault page");
            if (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") is > 0 and var over)
                wrong.Add($"{path} is {over} px wider than the window");
            if (await Page.Locator("html").GetAttributeAsync("lang") != culture)
                wrong.Add($"{path} is not in {culture}");
            if (axe)
                wrong.AddRange(await SeriousAsync(Page, path));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task SignInPage_HasNothingSerious(ColorScheme scheme)
    {
        await OpenAsync(scheme: scheme);
        await Page.GotoAsync("/account/sign-in");
        var wrong = await SeriousAsync(Page, "/account/sign-in");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<List<string>> SeriousAsync(IPage page, string path)
    {
        // A button that fades into its colour has too little contrast on the way there; what turns for ever is not waited for.
        await page.WaitForFunctionAsync("document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)");
        var result = await page.RunAxe();
        return
        [
            .. result.Violations.Where(v => v.Impact is "serious" or "critical")
                .SelectMany(v => v.Nodes.Select(n => $"{path}: {v.Id} ({v.Impact}): {v.Help}: {n.Html}")),
        ];
    }
}
