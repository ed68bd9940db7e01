namespace CampaignManager.Engine.Offers;

/// <summary>The classes of offers, in the order in which they work.</summary>
[ClosedSet]
public enum OfferClass
{
    /// <summary>On single goods.</summary>
    Item,

    /// <summary>On the order.</summary>
    Order,

    /// <summary>On shipping.</summary>
    Shipping,
}

/// <summary>What thresholds count.</summary>
[ClosedSet]
public enum ThresholdBase
{
    /// <summary>What is left after the campaigns applied before.</summary>
    Running,

    /// <summary>List price times quantity.</summary>
    List,
}

/// <summary>What happens when the budget does not cover the whole effect.</summary>
[ClosedSet]
public enum OnBudgetShort
{
    /// <summary>The whole effect goes.</summary>
    Reject,

    /// <summary>What is left is granted.</summary>
    Partial,
}

/// <summary>What a return that breaks a threshold does.</summary>
[ClosedSet]
public enum ReturnPolicy
{
    /// <summary>The paid share comes back.</summary>
    Keep,

    /// <summary>What is kept is priced again.</summary>
    Clawback,
}

/// <summary>What an amount comes off.</summary>
[ClosedSet]
public enum AmountPer
{
    /// <summary>Once off the order.</summary>
    Order,

    /// <summary>Off each unit.</summary>
    Unit,
}

/// <summary>Over what a number of units is counted.</summary>
[ClosedSet]
public enum UnitsPer
{
    /// <summary>Each line of the cart for itself.</summary>
    Line,

    /// <summary>All lines of one SKU together.</summary>
    Sku,

    /// <summary>The whole order.</summary>
    Order,
}

/// <summary>Which of the units that match are got.</summary>
[ClosedSet]
public enum UnitPick
{
    /// <summary>The cheapest.</summary>
    Cheapest,

    /// <summary>The dearest.</summary>
    Dearest,
}
