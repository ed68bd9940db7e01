using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>A quote, and the campaigns it was made with.</summary>
public sealed record Quoted(Quote Quote, HeldOffers Offers);

/// <summary>Prices carts with the live campaigns. Reads only: redeeming prices again.</summary>
public sealed class QuoteService(LiveOffers live, HeldUsage held, IDbContextFactory<AppDbContext> contexts, TimeProvider time, EnrolAtQuote? enrol = null)
{
    /// <summary>A cart of about now is a customer's; one of another time is a question.</summary>
    private static readonly TimeSpan Present = TimeSpan.FromMinutes(10);

    /// <param name="cart">A valid cart.</param>
    /// <param name="at">The moment; null for now.</param>
    /// <param name="explain">How much is explained.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="forReal">A customer stands before it: who enters an experiment is written down first. Another moment than now is a question only.</param>
    public async Task<Quoted> QuoteAsync(Cart cart, DateTime? at, Explain explain, CancellationToken cancellationToken, bool forReal = true)
    {
        var offers = await live.CurrentAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        var moment = at ?? now;
        if (forReal && enrol is not null && (moment - now).Duration() <= Present)
            await enrol(cart, offers, cancellationToken);
        var usage = Usage.None;
        // Without limits and codes there is nothing to look up.
        if (offers.Limited.Count > 0 || (offers.HasIssuedCodes && cart.Codes.Count > 0))
        {
            // Another moment may be another day, and codes whose uses are counted are always looked up.
            if (at is null && OfferUsage.MayBeHeld(offers, cart))
            {
                usage = await OfferUsage.HeldAsync(held, offers, cart, moment, cancellationToken);
            }
            else
            {
                var shared = at is null && offers.Limited.Count > 0 ? await held.CurrentAsync(offers, cancellationToken) : null;
                await using var context = await contexts.CreateDbContextAsync(cancellationToken);
                usage = new Usage(await OfferUsage.ReadAsync(context, offers, cart, moment, shared, cancellationToken));
            }
        }

        var settings = new QuoteSettings
        {
            ConflictResolution = offers.ConflictResolution,
            Explain = explain,
            HeldOutOfAll = offers.HoldsOutOfAll(cart.CustomerId, now),
        };
        return new Quoted(PromotionEngine.Quote(cart, offers.CompiledFor(cart.CustomerId), usage, settings, moment), offers);
    }

    /// <summary>Prices with the campaigns given: no holdouts, no limits, nothing stored.</summary>
    public Quote Simulate(Cart cart, IEnumerable<LiveCampaign> campaigns, ConflictResolution resolution, DateTime? at, Explain explain) => PromotionEngine.Quote(
        cart,
        CompiledCampaigns.Of(campaigns),
        Usage.None,
        new QuoteSettings { ConflictResolution = resolution, Explain = explain, IgnoreHoldouts = true, IgnoreLimits = true },
        at ?? time.GetUtcNow().UtcDateTime);
}
