using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>
/// Writes down who enters the experiments of the live campaigns, before any of their offers is evaluated for the cart's customer. Registered by the room of experiments.
/// </summary>
/// <param name="cart">With its customer under the id that everything is kept under.</param>
/// <param name="offers">What is priced with.</param>
/// <param name="cancellationToken">Ends the wait.</param>
public delegate ValueTask EnrolAtQuote(Cart cart, HeldOffers offers, CancellationToken cancellationToken);
