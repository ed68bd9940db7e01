using Bunit;
using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>Presses what a live page may draw again at any moment.</summary>
internal static class Pressing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits for an element, then finds it anew and presses it in one turn of the circuit: a found element's handler is gone once the page has drawn itself again.</summary>
    public static async Task PressAsync<T>(this IRenderedComponent<T> page, string selector, string? text = null)
        where T : IComponent
    {
        page.WaitForElement(selector, Patience);
        await page.InvokeAsync(() => page.FindAll(selector).First(e => text is null || e.TextContent.Trim() == text).Click());
    }

    /// <summary>Charts are asked for after what is on the page has been rendered: the markup can be seen a moment before.</summary>
    public static async Task DrawnAsync<T>(this IRenderedComponent<T> page)
        where T : IComponent =>
        // Everything that renders and follows a rendering waits in one line, and this at its end.
        await page.InvokeAsync(static () => { });
}
