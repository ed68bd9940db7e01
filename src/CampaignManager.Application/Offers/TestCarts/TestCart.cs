using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>A cart that somebody tries a campaign with: as a shop would send it.</summary>
/// <param name="Input">The cart. Without a moment it is priced as of now.</param>
/// <param name="CountLimits">Whether budgets and limits bind, as they stand; otherwise only the rules are tried.</param>
public sealed record TestCart(CartInput Input, bool CountLimits = false);

/// <summary>A campaign that took part in pricing a test cart.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status; the tested campaign is priced as if it were live.</param>
/// <param name="IsTested">The one that is tried.</param>
public sealed record PricedCampaign(Guid Id, string Name, CampaignStatus Status, bool IsTested);

/// <summary>A priced test cart with its full trace.</summary>
/// <param name="Quote">The engine's answer.</param>
/// <param name="Campaigns">Who took part, by the ids of the quote.</param>
/// <param name="At">The moment, UTC.</param>
public sealed record PricedCart(Quote Quote, IReadOnlyDictionary<string, PricedCampaign> Campaigns, DateTime At)
{
    public string NameOf(string campaignId) => Campaigns.TryGetValue(campaignId, out var campaign) ? campaign.Name : campaignId;
}
