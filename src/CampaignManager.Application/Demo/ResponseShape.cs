namespace CampaignManager.Application.Demo;

/// <summary>The knobs of the response model, so that a test can ask for another world.</summary>
internal sealed record ResponseShape
{
    /// <summary>Multiplies every positive effect; 0 means that no offer moves anybody.</summary>
    public double Effect { get; init; } = 0.110;

    /// <summary>Share of their baseline that annoyed customers lose when courted.</summary>
    public double Annoyance { get; init; } = 0.30;

    /// <summary>Whether the effect follows the scope. If not, widening a scope brings no buyer, only more discount.</summary>
    public bool ScopeMatters { get; init; } = true;

    /// <summary>Multiplies the chance that a treated customer fills the cart up to the threshold.</summary>
    public double TopUp { get; init; } = 1;

    /// <summary>Orders per busy-day of an average customer who is around; sets the baseline conversion.</summary>
    public double OrderRate { get; init; } = 0.0125;

    /// <summary>Chance that who was granted an offer has bought ahead, and orders nothing in the weeks after the window.</summary>
    public double Ahead { get; init; } = 0.4;

    /// <summary>Whether guests order too, and whether there are orders that came to nothing: what must not matter to any effect.</summary>
    public bool Clutter { get; init; } = true;

    /// <summary>The shop as it comes: baseline about 8 % in 14 days, segments' true uplifts spread by about 1.5 points.</summary>
    public static ResponseShape Standard { get; } = new();

    /// <summary>A shop that answers three times as strongly: its segments can be told apart with a fraction of the customers.</summary>
    public static ResponseShape Strong { get; } = new() { Effect = 0.330 };

    /// <summary>A shop where customers come for the message and do not care what is in scope: widening only costs.</summary>
    public static ResponseShape WideningLoses { get; } = new() { ScopeMatters = false, TopUp = 0 };

    /// <summary>A shop where campaigns do nothing at all.</summary>
    public static ResponseShape NoEffect { get; } = new() { Effect = 0, Annoyance = 0, TopUp = 0, Ahead = 0 };
}
