namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Prices carts. Pure: the same inputs give the same answer, on any thread, at any time.</summary>
public static class PromotionEngine
{
    /// <summary>Goes up when the same inputs may give another price. 1: sets were formed line by line, and lines not selected were charged.</summary>
    public const int PricingVersion = 2;

    /// <summary>Prices a cart with campaigns.</summary>
    /// <param name="cart">A valid cart (<see cref="CartValidation"/>).</param>
    /// <param name="campaigns">Compiled once, shared between calls.</param>
    /// <param name="usage">What is left of limits and budgets.</param>
    /// <param name="settings">The shop's settings, and how much is explained.</param>
    /// <param name="at">The moment, UTC.</param>
    public static Quote Quote(Cart cart, CompiledCampaigns campaigns, Usage usage, QuoteSettings settings, DateTime at)
    {
        using var priced = Price(cart, campaigns, usage, settings, at);
        return priced.View(settings.Explain);
    }

    /// <summary>Prices a cart once for several readers, who are each shown what they may see of it.</summary>
    /// <param name="cart">A valid cart (<see cref="CartValidation"/>).</param>
    /// <param name="campaigns">Compiled once, shared between calls.</param>
    /// <param name="usage">What is left of limits and budgets.</param>
    /// <param name="settings">The shop's settings.</param>
    /// <param name="at">The moment, UTC.</param>
    public static QuoteViews Price(Cart cart, CompiledCampaigns campaigns, Usage usage, QuoteSettings settings, DateTime at)
    {
        ArgumentNullException.ThrowIfNull(cart);
        ArgumentNullException.ThrowIfNull(campaigns);
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(settings);
        if (at.Kind == DateTimeKind.Local)
            throw new ArgumentException("The moment must be UTC.", nameof(at));
        var run = QuoteRun.Rent();
        run.Price(Bought(cart), campaigns, usage, settings, at);
        return new QuoteViews(run, campaigns, settings, cart);
    }

    /// <summary>The cart without the lines that are not selected.</summary>
    internal static Cart Bought(Cart cart)
    {
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            if (!cart.Lines[i].Selected)
                return cart with { Lines = [.. cart.Lines.Where(l => l.Selected)] };
        }

        return cart;
    }

    /// <summary>
    /// Campaigns with limits, budgets or codes that currency, time, audience and scope allow for a cart. Of the others it does not matter what is left: <see cref="Quote"/> answers
    /// the same whatever <see cref="Usage"/> says of them.
    /// </summary>
    /// <param name="cart">A valid cart.</param>
    /// <param name="campaigns">Compiled once, shared between calls.</param>
    /// <param name="at">The moment, UTC.</param>
    /// <returns>Ids.</returns>
    public static IReadOnlySet<string> WhoseUsageMatters(Cart cart, CompiledCampaigns campaigns, DateTime at)
    {
        ArgumentNullException.ThrowIfNull(cart);
        ArgumentNullException.ThrowIfNull(campaigns);
        var run = QuoteRun.Rent();
        var ids = run.WhoseUsageMatters(cart, campaigns, at);
        QuoteRun.Return(run);
        return ids;
    }
}
