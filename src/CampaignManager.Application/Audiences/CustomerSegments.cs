using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Audiences;

/// <summary>The segments of a customer, or of customers who are alike in them.</summary>
/// <param name="Lifecycle">Key of where they stand with the shop.</param>
/// <param name="Favourite">Key of the favourite category's segment; null without one.</param>
/// <param name="Uplift">Which of <see cref="UpliftSegments"/>.</param>
public readonly record struct CustomerSegments(string Lifecycle, string? Favourite, int Uplift)
{
    /// <summary>Whether the audience's segments take them in and none leaves them out.</summary>
    public bool Fit(Audience audience) => (audience.AnyOf.Count == 0 || AreIn(audience.AnyOf)) && !AreIn(audience.NoneOf);

    private bool AreIn(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
            return false;
        if (keys.Contains(Lifecycle) || (Favourite is { } liked && keys.Contains(liked)))
            return true;
        foreach (var key in UpliftSegments.Of(Uplift))
        {
            if (keys.Contains(key))
                return true;
        }

        return false;
    }
}
