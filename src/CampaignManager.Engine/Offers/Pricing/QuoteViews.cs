namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>A cart priced once, to be explained to several readers. To be disposed by who asked for it, and used on one thread.</summary>
public ref struct QuoteViews
{
    private readonly QuoteRun run;
    private readonly CompiledCampaigns campaigns;
    private readonly QuoteSettings settings;
    private readonly Cart cart;
    private Quote? first;
    private IReadOnlyList<NearMiss>? nearMisses;

    internal QuoteViews(QuoteRun run, CompiledCampaigns campaigns, QuoteSettings settings, Cart cart) =>
        (this.run, this.campaigns, this.settings, this.cart) = (run, campaigns, settings, cart);

    /// <summary>The quote as it is shown to one reader: the same prices for all, and as much of the trace as the reader may see.</summary>
    /// <param name="explain">How much.</param>
    /// <param name="nearMisses">Whether near misses are looked for; <see cref="Explain.None"/> has none in any case.</param>
    public Quote View(Explain explain, bool nearMisses = true)
    {
        var builder = new QuoteBuilder(run, campaigns, explain == settings.Explain ? settings : settings with { Explain = explain });
        var misses = !nearMisses || explain == Explain.None ? [] : this.nearMisses ??= NearMisses.Of(run, campaigns, settings.ConflictResolution);
        return first is { } known ? builder.Explained(known, misses) : first = builder.Build(cart, misses);
    }

    /// <summary>Lets the engine use its room again.</summary>
    public readonly void Dispose() => QuoteRun.Return(run);
}
