using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Behaviour;

/// <summary>What a feature counts in, for whoever writes its values.</summary>
[ClosedSet]
public enum FeatureUnit { Days, Count, Money, Share, Number, Word }

/// <summary>What a feature is made of.</summary>
[Flags]
public enum FeatureBasis
{
    /// <summary>What a list, or the first order, says of the customer.</summary>
    Profile = 1,

    Orders = 2,
    Views = 4,
    Carts = 8,
    Reviews = 16,
}

/// <param name="Unit">What it counts in.</param>
/// <param name="Basis">What it is made of.</param>
/// <param name="Days">Length of its window; null: all that was before.</param>
/// <param name="Name">A short name for tables and charts.</param>
/// <param name="Means">What it says of a customer.</param>
/// <param name="Missing">Who has none although its basis is covered; null: nobody.</param>
public sealed record KnownFeature(
    FeatureUnit Unit, FeatureBasis Basis, int? Days, BothLanguages Name, BothLanguages Means, BothLanguages? Missing = null);
