using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Customers;

/// <summary>How one live campaign stands to a customer.</summary>
/// <param name="Eligible">It is for the customer, now, if the cart fits.</param>
/// <param name="Why">Why not, or that it is; kebab-case.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="Measured">Some of its audience are held out; whether this customer is, is not said while it runs.</param>
public sealed record CustomerStanding(Guid CampaignId, string Name, bool Eligible, string Why, string Message, bool Measured);

/// <summary>Which live campaigns a customer may have and why not the others, as pricing itself explains it.</summary>
public sealed class CustomerStandings(CustomerCampaigns campaigns, CustomerLookup customers, LiveOffers live)
{
    /// <summary>Those the customer may have first.</summary>
    public async Task<Outcome<IReadOnlyList<CustomerStanding>>> ListAsync(
        CustomerProfile profile, Actor actor, CultureInfo culture, CancellationToken cancellationToken)
    {
        if (CustomerAccess.Refusal(actor) is { } refused)
            return refused;
        var known = await customers.FindAsync(profile.Id, cancellationToken);
        var question = new CustomerQuestion(profile.Id, known?.Segments ?? [], known?.IsNew, profile.Channel, profile.Region);
        var rows = await campaigns.ListAsync(question, Explain.Full, culture, cancellationToken, blind: true);
        var offers = await live.CurrentAsync(cancellationToken);
        return Outcome<IReadOnlyList<CustomerStanding>>.Of(
        [
            .. rows.OrderByDescending(r => r.Eligible).ThenBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.CampaignId).Select(r => new CustomerStanding(
                r.CampaignId, r.Name, r.Eligible, r.Why, r.Message, offers.ById.TryGetValue(r.CampaignId.ToString(), out var held) && held.HoldoutShare > 0)),
        ]);
    }
}
