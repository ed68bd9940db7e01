using Bunit;
using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>Presses what a live page may draw again at any moment.</summary>
internal static class Pressing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits for an element, then finds it anew and presses it in one turn of the circuit: a found element's handler is gone once the page has drawn itself again.</summary>
    public static async Task PressAsync<T>(this IRenderedComponent<T> page, string selector, string? text = null)
        where T : IComponent
    {
        page.WaitForElement(selector, Patience);
        await page.InvokeAsync(() => page.FindAll(selector).First(e => text is null || e.TextContent.Trim() == text).Click());
    }

    /// <summary>
    /// Waits for what is not in the markup: the address, the database, what a script was asked. A page's own waiting looks again only when the page is
    /// drawn again, and what follows the last drawing is never seen by it.
    /// </summary>
    public static Task UntilAsync<T>(this IRenderedComponent<T> page, Action assertion)
        where T : IComponent => page.UntilAsync(() =>
        {
            assertion();
            return Task.CompletedTask;
        });

    /// <inheritdoc cref="UntilAsync{T}(IRenderedComponent{T}, Action)"/>
    public static async Task UntilAsync<T>(this IRenderedComponent<T> page, Func<Task> assertion)
        where T : IComponent
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        for (var tries = Patience / timer.Period; ; tries--)
        {
            await page.DrawnAsync();
            try
            {
                await assertion();
                return;
            }
            catch (Exception failed) when (failed is Xunit.Sdk.IAssertionException && tries > 0)
            {
                await timer.WaitForNextTickAsync(Xunit.TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Charts are asked for after what is on the page has been rendered: the markup can be seen a moment before.</summary>
    public static async Task DrawnAsync<T>(this IRenderedComponent<T> page)
        where T : IComponent =>
        // Everything that renders and follows a rendering waits in one line, and this at its end.
        await page.InvokeAsync(static () => { });
}
