namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What is left of limits and budgets, by campaign id. A campaign that is not named has all of what its rules say.</summary>
public sealed class Usage(IReadOnlyDictionary<string, CampaignUsage> campaigns)
{
    /// <summary>Nothing has been used.</summary>
    public static Usage None { get; } = new(new Dictionary<string, CampaignUsage>());

    /// <summary>What is left of one campaign; null when nothing is known.</summary>
    public CampaignUsage? Of(string campaignId) => campaigns.GetValueOrDefault(campaignId);
}

/// <summary>What is left of one campaign, for this customer, day and cart. Null: all of what its rules say.</summary>
public sealed record CampaignUsage
{
    /// <summary>Minor units.</summary>
    public long? BudgetLeft { get; init; }

    /// <summary>Orders in all.</summary>
    public long? UsesLeft { get; init; }

    /// <summary>Orders of this customer.</summary>
    public long? CustomerUsesLeft { get; init; }

    /// <summary>Orders on the campaign's local day.</summary>
    public long? DayUsesLeft { get; init; }

    /// <summary>Those codes of the cart that belong to this campaign, normalised by <see cref="CouponCode.Normalise"/>, with the uses left of each; revoked codes are not named.</summary>
    public IReadOnlyDictionary<string, long> Codes { get; init; } = new Dictionary<string, long>();

    /// <summary>Codes of the cart that belong to this campaign and were put out of use, normalised.</summary>
    public IReadOnlyCollection<string> RevokedCodes { get; init; } = [];
}
