using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Hosting;

/// <summary>The machine's own Chromium, headless; one for all journeys. Nothing is downloaded.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    // As root there is no sandbox; the rest keeps the browser from talking to anybody but the app.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments, Headless = true });
    }

    /// <summary>A browser profile of its own: no cookie is shared between journeys.</summary>
    public Task<IBrowserContext> OpenAsync(Uri address, int width, string culture, ColorScheme scheme)
    {
        if (browser is null)
        {
            const string Sentence = "No Chromium found in PATH (chromium, chromium-browser, google-chrome). On Debian: apt-get install chromium.";
            Assert.SkipUnless(InContinuousIntegration, Sentence);
            Assert.Fail(Sentence);
        }

        return browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = culture == "zh-CN" ? "zh-CN" : "en-US",
            TimezoneId = "Asia/Shanghai",
            ColorScheme = scheme,
            // Colours half-way between two states fail contrast checks that either state passes.
            ReducedMotion = ReducedMotion.Reduce,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
    }

    private static bool InContinuousIntegration => Environment.GetEnvironmentVariable("CI") is { Length: > 0 };

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(_ => Names, Path.Combine)
        .FirstOrDefault(File.Exists);
}
