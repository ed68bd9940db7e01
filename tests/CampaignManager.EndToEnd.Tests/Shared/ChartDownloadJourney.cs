using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Shared;

/// <summary>A chart as a picture for a report: a real download of every chart on the pages that have some.</summary>
public sealed class ChartDownloadJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task EveryChart_DownloadedAsPng_IsAPictureOfItsSize(string culture)
    {
        var model = await Shop.ModelAsync();
        await OpenAsync(culture: culture);
        await SignInAsync(Roles.Admin, culture);
        await using var context = await Shop.Contexts.CreateDbContextAsync(Stop);
        var draft = await context.Campaigns.Where(c => c.Status == CampaignStatus.Draft).OrderBy(c => c.CreatedAt).Select(c => c.Id).FirstAsync(Stop);
        var pictures = 0;
        foreach (var path in new[] { "/", $"/campaigns/{draft}?tab=predict", $"/models/{model}" })
        {
            await GoAsync(path);
            await See(Page.Locator("main .mud-skeleton")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
            foreach (var chart in await Page.Locator("figure.chart:has([data-drawn])").AllAsync())
            {
                await chart.ScrollIntoViewIfNeededAsync();
                var size = await chart.Locator(".chart-canvas").EvaluateAsync<int[]>("e => [e.offsetWidth, e.offsetHeight]");
                var download = await Page.RunAndWaitForDownloadAsync(() => chart.Locator(".chart-tools button").Nth(2).ClickAsync());
                await using var stream = await download.CreateReadStreamAsync();
                using var bytes = new MemoryStream();
                await stream.CopyToAsync(bytes, Stop);
                var png = bytes.ToArray();
                Assert.Equal(Signature, png[..8]);
                Assert.Equal((2 * size[0], 2 * size[1]), (BigEndian(png, 16), BigEndian(png, 20)));
                Assert.EndsWith(".png", download.SuggestedFilename, StringComparison.Ordinal);
                // An empty picture of one colour packs into next to nothing.
                Assert.True(png.Length > 4_000, $"{path}: {download.SuggestedFilename} has {png.Length} bytes only.");
                pictures++;
            }
        }

        Assert.True(pictures >= 4, $"Only {pictures} charts were found.");
    }

    private static int BigEndian(byte[] bytes, int at) => (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
