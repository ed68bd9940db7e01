using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;

namespace CampaignManager.EndToEnd.Tests.Layout;

/// <summary>Every table has its columns in sight, is cards, or keeps its first column and hints at what lies beyond the edge.</summary>
public sealed class TableJourneys(RunningShop shop, Browser browser) : EveryPage(shop, browser)
{
    private const int Phone = 390;

    /// <summary>1280 px at 200 %.</summary>
    private const int Doubled = 640;

    private const int Desk = 1280;

    // What is wrong with the tables in sight: each is looked at from its right end.
    private const string Look = """
        width => {
          const wrong = [];
          let tables = 0;
          for (const table of document.querySelectorAll("main table, .mud-dialog table")) {
            if (table.offsetParent === null) continue;
            tables++;
            const name = (table.closest("[class*=table]")?.className ?? "") + " “" + table.innerText.slice(0, 40).replace(/\s+/g, " ") + "…”";
            let place = table.parentElement;
            while (place && !(/(auto|scroll)/.test(getComputedStyle(place).overflowX))) place = place.parentElement;
            if (!place || place === document.documentElement || place === document.body) {
              if (table.getBoundingClientRect().right > innerWidth + 1) wrong.push(name + " runs out of the window");
              continue;
            }
            if (place.scrollWidth <= place.clientWidth + 1) continue;
            if (table.closest(".stacking, table.stacked") && width <= 640) wrong.push(name + " is neither cards nor in sight");
            if (table.closest(".campaign-table")) wrong.push(name + " scrolls sideways");
            place.scrollLeft = place.scrollWidth;
            const first = table.querySelector("tr > *");
            if (Math.abs(first.getBoundingClientRect().left - place.getBoundingClientRect().left) > 20) wrong.push(name + " loses its first column");
            if (first.offsetWidth > place.clientWidth / 2 + 1) wrong.push(name + " has a first column that leaves no room");
            place.scrollLeft = 0;
            if (!/gradient/.test(getComputedStyle(place).backgroundImage)) wrong.push(name + " does not hint at what lies beyond its edge");
            if (place.tabIndex < 0 && !place.querySelector("a, button, input, [tabindex]")) wrong.push(name + " cannot be scrolled by the keyboard");
          }
          return [String(tables), ...wrong];
        }
        """;

    [Theory]
    [InlineData(Phone, "zh-CN")]
    [InlineData(Doubled, "en")]
    [InlineData(Desk, "en")]
    public async Task EveryTable_AtEachWidth_KeepsItsFirstColumnAndHintsAtMore(int width, string culture)
    {
        var model = await Shop.ModelAsync();
        await OpenAsync(width, culture);
        await SignInAsync(Roles.Admin, culture);
        var (wrong, tables) = (new List<string>(), 0);
        foreach (var path in await PathsAsync(model))
        {
            await GoAsync(path);
            await See(Page.Locator("main h1").First).ToBeVisibleAsync();
            await See(Page.Locator("main .mud-skeleton")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
            // A chart's table is one, too.
            foreach (var chart in await Page.Locator("figure.chart").AllAsync())
                await chart.Locator(".chart-tools button").First.ClickAsync();
            var found = await Page.EvaluateAsync<string[]>(Look, width);
            tables += int.Parse(found[0], System.Globalization.CultureInfo.InvariantCulture);
            wrong.AddRange(found[1..].Select(what => $"{path} at {width} px: {what}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tables > 25, $"Only {tables} tables were seen.");
    }

    [Fact]
    public async Task Predict_At1280_ShowsProfitAndRoiAtOnce()
    {
        await Shop.ModelAsync();
        await SignInAsync(Roles.Marketer, path: "/campaigns");
        await Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Tea time" }).First.ClickAsync();
        await Page.GetByRole(Microsoft.Playwright.AriaRole.Tab, new() { Name = "Predict" }).ClickAsync();
        var heads = Page.Locator("table.figures.wide thead th");
        await See(heads.Nth(2)).ToHaveTextAsync("ROI", new() { Timeout = 60_000 });
        Assert.True(await heads.Nth(2).EvaluateAsync<bool>("e => { const box = e.getBoundingClientRect(), place = e.closest('.table-scroll').getBoundingClientRect(); return box.right <= place.right; }"));
    }
}
