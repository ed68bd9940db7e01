namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>A cart priced once, to be explained to several readers. To be disposed by who asked for it, and used on one thread.</summary>
public ref struct QuoteViews
{
    private readonly QuoteRun _run;
    private readonly CompiledCampaigns _campaigns;
    private readonly QuoteSettings _settings;
    private Quote? _first;
    private IReadOnlyList<NearMiss>? _nearMisses;

    internal QuoteViews(QuoteRun run, CompiledCampaigns campaigns, QuoteSettings settings) =>
        (_run, _campaigns, _settings) = (run, campaigns, settings);

    /// <summary>The quote as it is shown to one reader: the same prices for all, and as much of the trace as the reader may see.</summary>
    /// <param name="explain">How much.</param>
    /// <param name="nearMisses">Whether near misses are looked for; <see cref="Explain.None"/> has none in any case.</param>
    public Quote View(Explain explain, bool nearMisses = true)
    {
        var builder = new QuoteBuilder(_run, _campaigns, explain == _settings.Explain ? _settings : _settings with { Explain = explain });
        var misses = !nearMisses || explain == Explain.None ? [] : _nearMisses ??= NearMisses.Of(_run, _campaigns);
        return _first is { } known ? builder.Explained(known, misses) : _first = builder.Build(misses);
    }

    /// <summary>Lets the engine use its room again.</summary>
    public readonly void Dispose() => QuoteRun.Return(_run);
}
