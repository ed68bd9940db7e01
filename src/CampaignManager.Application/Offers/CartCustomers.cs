using CampaignManager.Application.Audiences;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>What a cart does not say of its customer is looked up, before it is priced; a redemption keeps it, so that pricing it again gives the same.</summary>
public sealed class CartCustomers(CustomerLookup customers)
{
    /// <param name="cart">A valid cart.</param>
    /// <param name="segmentsGiven">The caller said which segments the customer is in, even if none: then these count alone.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async ValueTask<Cart> CompleteAsync(Cart cart, bool segmentsGiven, CancellationToken cancellationToken)
    {
        if (cart.CustomerId is not { } id || (segmentsGiven && cart.IsNew is not null) || await customers.FindAsync(id, cancellationToken) is not { } known)
            return cart;
        return cart with { Segments = segmentsGiven ? cart.Segments : known.Segments, IsNew = cart.IsNew ?? known.IsNew };
    }

    /// <summary>The same of a cart as it is sent: whoever keeps it keeps what was known of its customer then.</summary>
    public async ValueTask<CartInput> CompleteAsync(CartInput cart, CancellationToken cancellationToken)
    {
        if (cart.Customer is not { Id: { } id } customer || (customer.Segments is not null && customer.IsNew is not null) || await customers.FindAsync(id, cancellationToken) is not { } known)
            return cart;
        return cart with { Customer = customer with { Segments = customer.Segments ?? known.Segments, IsNew = customer.IsNew ?? known.IsNew } };
    }
}
