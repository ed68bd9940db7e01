using CampaignManager.Application.Audiences;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>
/// A cart's customer under the id that everything is kept under, and what the cart does not say of them looked up, before it is priced; a redemption keeps it, so that pricing it
/// again gives the same.
/// </summary>
public sealed class CartCustomers(CustomerLookup customers, CallerIds ids)
{
    /// <param name="cart">A valid cart.</param>
    /// <param name="segmentsGiven">The caller said which segments the customer is in, even if none: then these count alone.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async ValueTask<Cart> CompleteAsync(Cart cart, bool segmentsGiven, CancellationToken cancellationToken)
    {
        if (cart.CustomerId is not { } said)
            return cart;
        var id = await ids.OfAsync(said, cancellationToken);
        if (id != said)
            cart = cart with { CustomerId = id };
        if ((segmentsGiven && cart.IsNew is not null) || await customers.FindAsync(id, cancellationToken) is not { } known)
            return cart;
        return cart with { Segments = segmentsGiven ? cart.Segments : known.Segments, IsNew = cart.IsNew ?? known.IsNew };
    }

    /// <summary>The same of a cart as it is sent: whoever keeps it keeps what was known of its customer then.</summary>
    public async ValueTask<CartInput> CompleteAsync(CartInput cart, CancellationToken cancellationToken)
    {
        if (cart.Customer is not { Id: { } said } customer)
            return cart;
        var id = await ids.OfAsync(said, cancellationToken);
        if (id != said)
            cart = cart with { Customer = customer = customer with { Id = id } };
        if ((customer.Segments is not null && customer.IsNew is not null) || await customers.FindAsync(id, cancellationToken) is not { } known)
            return cart;
        return cart with { Customer = customer with { Segments = customer.Segments ?? known.Segments, IsNew = customer.IsNew ?? known.IsNew } };
    }
}
