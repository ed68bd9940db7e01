namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>Who is meant: groups of conditions over what is known of a customer. Read by <see cref="PredicateJson"/>, which says what must hold.</summary>
public abstract record Predicate;

/// <summary>All of them hold; JSON <c>and</c>.</summary>
public sealed record Every(IReadOnlyList<Predicate> Of) : Predicate;

/// <summary>At least one holds; JSON <c>or</c>.</summary>
public sealed record Some(IReadOnlyList<Predicate> Of) : Predicate;

/// <summary>It does not hold; JSON <c>not</c>. Of who is not known to hold it, it is not known either.</summary>
public sealed record Not(Predicate Of) : Predicate;

/// <summary>A leaf: something asked of a customer.</summary>
public abstract record Condition : Predicate;

/// <summary>What is known of customers in words.</summary>
public enum WordAttribute
{
    /// <summary>Where they are.</summary>
    Region,

    /// <summary>Where they buy.</summary>
    Channel,

    /// <summary>What they buy with.</summary>
    Device,

    /// <summary>ISO code or name, as the shop sends it.</summary>
    Country,

    /// <summary>会员等级.</summary>
    MemberTier,

    /// <summary>One of any number of words that the shop gives a customer.</summary>
    Tags,
}

/// <summary>What customers said yes or no to.</summary>
public enum FlagAttribute
{
    /// <summary>Agreed to e-mails.</summary>
    EmailOptIn,

    /// <summary>Objected to marketing.</summary>
    OptOutMarketing,
}

/// <summary>From what days are counted.</summary>
public enum SinceWhat
{
    /// <summary>They joined.</summary>
    Joined,

    /// <summary>Their last order.</summary>
    Order,

    /// <summary>They last looked at something.</summary>
    View,
}

/// <summary>What customers do, and is counted.</summary>
public enum Doing
{
    /// <summary>Looked at a product.</summary>
    Views,

    /// <summary>Put one into the cart.</summary>
    Carts,

    /// <summary>Bought one: lines of orders.</summary>
    Purchases,

    /// <summary>Orders, where goods are named those with one of them.</summary>
    Orders,

    /// <summary>What was paid for goods, net of discounts, major units of the shop's currency.</summary>
    Spend,
}

/// <summary>Which goods are meant.</summary>
public enum GoodsKind
{
    /// <summary>Of a category.</summary>
    Category,

    /// <summary>Of a brand.</summary>
    Brand,

    /// <summary>One SKU.</summary>
    Sku,
}

/// <summary>Goods that are counted.</summary>
public sealed record Goods(GoodsKind Kind, string Key);

/// <summary>At least, at most, or both; inclusive.</summary>
public sealed record Bounds(decimal? AtLeast, decimal? AtMost)
{
    /// <summary>Whether a figure lies between them.</summary>
    public bool Hold(double value) => (AtLeast is not { } low || value >= (double)low) && (AtMost is not { } high || value <= (double)high);
}

/// <summary>One of these words; JSON <c>attribute</c>, <c>in</c>.</summary>
public sealed record WordIn(WordAttribute Attribute, IReadOnlyList<string> Values) : Condition;

/// <summary>Yes or no; JSON <c>attribute</c>, <c>is</c>.</summary>
public sealed record FlagIs(FlagAttribute Attribute, bool Value) : Condition;

/// <summary>Days since something; JSON <c>since</c>. Not known of who never did it.</summary>
public sealed record DaysSince(SinceWhat What, Bounds Days) : Condition;

/// <summary>How often or how much, in the last days or ever; JSON <c>did</c>, <c>of</c>, <c>days</c>.</summary>
public sealed record Did(Doing What, Goods? Of, int? Days, Bounds Times) : Condition;

/// <summary>A score of recency, frequency or money; JSON <c>rfm</c>. See <see cref="Rfm"/>. Not known of who never ordered.</summary>
public sealed record RfmIs(RfmPart Part, Bounds Score) : Condition;

/// <summary>In a segment that every shop has; JSON <c>segment</c>.</summary>
public sealed record InSegment(string Key) : Condition;

/// <summary>What a model predicts.</summary>
public enum Prediction
{
    /// <summary>What a campaign adds to the chance to buy.</summary>
    Uplift,

    /// <summary>The chance to buy without one.</summary>
    Control,
}

/// <summary>A score of the shop's model in use, as a share (0.02 = 2 points); JSON <c>score</c>. Not known of who has none.</summary>
public sealed record ScoreIs(Prediction Of, Bounds Value) : Condition;
