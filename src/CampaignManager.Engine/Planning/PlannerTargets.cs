namespace CampaignManager.Engine.Planning;

/// <summary>What the planner predicts per customer, in the order of the effect model's targets.</summary>
public static class PlannerTargets
{
    /// <summary>Effect on conversion (AIPW score).</summary>
    public const int Conversion = 0;

    /// <summary>Effect on the number of orders.</summary>
    public const int Orders = 1;

    /// <summary>Effect on margin before the discount, major units.</summary>
    public const int Margin = 2;

    /// <summary>Discount paid when treated, in units of the offer's own size (<see cref="OfferUnit"/>).</summary>
    public const int Discount = 3;

    /// <summary>Conversion without the campaign.</summary>
    public const int Baseline = 4;

    /// <summary>How many there are.</summary>
    public const int Count = 5;
}
