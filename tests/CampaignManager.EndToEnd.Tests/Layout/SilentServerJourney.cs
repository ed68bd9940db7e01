using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Layout;

/// <summary>What a page says while its server says nothing. The connection goes through here, so that it can fall silent or break.</summary>
public sealed class SilentServerJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private IWebSocketRoute? connection;
    private volatile bool silent;

    [Fact]
    public async Task Wizard_TheServerHangs_StopsSayingThatAllIsSaved()
    {
        await ThroughHereAsync();
        await SignInAsync(Roles.Marketer, path: "/campaigns/new?step=details");
        await Page.Locator("#campaign-name").FillAsync("Typed before");
        var status = Page.Locator("#save-status");
        await See(status.Locator(".save-known")).ToContainTextAsync("Saved");

        silent = true;
        await See(status.Locator(".save-silent")).ToBeVisibleAsync(new() { Timeout = 5_000 });
        await See(status.Locator(".save-known")).ToBeHiddenAsync();
        await See(status).ToContainTextAsync("Not saved: no answer");

        // It answers again: what it said before holds again.
        silent = false;
        await See(status.Locator(".save-known")).ToBeVisibleAsync();
        await See(status.Locator(".save-silent")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("en", "light", "The server does not answer")]
    [InlineData("zh-CN", "dark", "服务器没有响应")]
    public async Task AnyPage_TheConnectionBreaks_SaysSoInTheReadersLanguageAndTheme(string culture, string theme, string title)
    {
        ExpectFault("_blazor");
        ExpectFault("WebSocket");
        ExpectFault("negotiat");
        await OpenAsync(culture: culture);
        await ThroughHereAsync();
        await SignInAsync(Roles.Marketer, culture, theme, "/campaigns");
        var panel = Page.Locator("#components-reconnect-modal");
        await See(panel).ToBeHiddenAsync();

        await Page.RouteAsync("**/_blazor/**", route => route.AbortAsync());
        silent = true;
        await connection!.CloseAsync();
        await See(panel).ToBeVisibleAsync();
        await See(panel.GetByRole(AriaRole.Heading)).ToHaveTextAsync(title);
        var paper = await panel.EvaluateAsync<string>("e => getComputedStyle(e).backgroundColor");
        Assert.Equal(theme == "dark" ? "rgb(28, 32, 36)" : "rgb(255, 255, 255)", paper);

        await Page.UnrouteAsync("**/_blazor/**");
        silent = false;
        await See(panel).ToBeHiddenAsync(new() { Timeout = 30_000 });
    }

    private Task ThroughHereAsync() => Page.RouteWebSocketAsync(url => url.Contains("/_blazor", StringComparison.Ordinal), page =>
    {
        connection = page;
        lock (held)
            held.Clear();
        var server = page.ConnectToServer();
        page.OnMessage(frame => Pass(frame, server));
        server.OnMessage(frame => Pass(frame, page));
    });

    // What is said while nobody listens is held back, as by a process that has been stopped.
    private void Pass(IWebSocketFrame frame, IWebSocketRoute to)
    {
        lock (held)
        {
            held.Enqueue((frame, to));
            while (!silent && held.TryDequeue(out var next))
            {
                if (next.Frame.Binary is { } bytes)
                    next.To.Send(bytes);
                else
                    next.To.Send(next.Frame.Text!);
            }
        }
    }

    private readonly Queue<(IWebSocketFrame Frame, IWebSocketRoute To)> held = new();
}
