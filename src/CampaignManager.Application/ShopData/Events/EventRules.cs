using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>What the shop's settings say about events, read anew once a second: thousands of calls come in meanwhile.</summary>
internal sealed class EventRules(SettingsService settings, DemoDataPresent demo, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private volatile Read? last;

    /// <param name="Home">Of amounts that name no currency.</param>
    /// <param name="Ids">What customers' ids are.</param>
    /// <param name="DemoIsHere">Nothing of a real shop is taken.</param>
    /// <param name="At">Before it was read.</param>
    public sealed record Read(Currency Home, ApiIdKind Ids, bool DemoIsHere, long At);

    public async ValueTask<Read> NowAsync(CancellationToken cancel)
    {
        if (last is { } known && time.GetElapsedTime(known.At) < Fresh)
            return known;
        var at = time.GetTimestamp();
        var said = await settings.GetAsync(cancel);
        return last = new Read(Currency.Get(said.Currency), said.ApiIds, await demo(cancel), at);
    }
}
