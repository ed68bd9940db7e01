using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;

namespace CampaignManager.EndToEnd.Tests.Layout;

/// <summary>Whoever goes through the pages with the keyboard sees where they are.</summary>
public sealed class KeyboardJourneys(RunningShop shop, Browser browser) : EveryPage(shop, browser)
{
    /// <summary>Longer than any page's way but the lists', whose later rows are made as the first.</summary>
    private const int Most = 70;

    // Notes what takes the focus, and, in the next frame, whether it shows: an outline of its own or of what it lies in, or the heavier
    // frame of a field. On a busy machine keys come faster than frames: what the focus has left by then is counted all the same.
    private const string Watch = """
        window.seen = new Set(); window.unseen = new Set();
        const shows = e => {
          for (let at = e, i = 0; at && i < 4; at = at.parentElement, i++) {
            const style = getComputedStyle(at);
            if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && style.opacity !== "0") return true;
            const frame = at.querySelector?.(":scope > .mud-input-outlined-border");
            if (frame && parseFloat(getComputedStyle(frame).borderTopWidth) >= 2) return true;
          }
          return false;
        };
        document.addEventListener("focusin", event => {
          const e = event.target;
          window.seen.add(e);
          requestAnimationFrame(() => {
            if (e === document.activeElement && !shows(e)) window.unseen.add(e.outerHTML.slice(0, 160));
          });
        });
        """;

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task EveryPage_TabbedThrough_ShowsTheFocusEverywhere(string theme)
    {
        var model = await Shop.ModelAsync();
        await OpenAsync();
        await SignInAsync(Roles.Admin, theme: theme);
        var wrong = new List<string>();
        foreach (var path in await PathsAsync(model))
        {
            await GoAsync(path);
            await See(Page.Locator("main h1").First).ToBeVisibleAsync();
            await See(Page.Locator("main .mud-skeleton")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
            await Page.EvaluateAsync(Watch);
            for (var i = 0; i < Most; i++)
                await Page.Keyboard.PressAsync("Tab");
            await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            var seen = await Page.EvaluateAsync<int>("window.seen.size");
            if (seen < 10)
                wrong.Add($"{path}: only {seen} places take the focus");
            wrong.AddRange((await Page.EvaluateAsync<string[]>("[...window.unseen]")).Select(html => $"{path}: {html}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
