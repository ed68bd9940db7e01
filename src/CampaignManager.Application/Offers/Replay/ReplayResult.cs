using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>Why an order was not priced. None is left out without being counted.</summary>
public enum ReplaySkip
{
    /// <summary>It was priced.</summary>
    None,

    /// <summary>The shop's orders are in another currency than the campaign.</summary>
    OtherCurrency,

    /// <summary>No lines are known of it.</summary>
    WithoutLines,

    /// <summary>A line has no SKU, no price or no quantity that can be.</summary>
    BadLine,

    /// <summary>More lines or units than a cart may have.</summary>
    TooLarge,

    /// <summary>The same order once more.</summary>
    Twice,
}

/// <summary>The last days of the shop's orders, priced with a campaign. Money in minor units of <see cref="Currency"/>, at list prices; nobody bought more or less because of it.</summary>
public sealed record ReplayResult
{
    public required string Currency { get; init; }

    public required int Days { get; init; }

    /// <summary>UTC, exclusive; so many days before <see cref="Until"/>.</summary>
    public required DateTime From { get; init; }

    /// <summary>UTC: the newest order. The same as <see cref="From"/> when the shop has none.</summary>
    public required DateTime Until { get; init; }

    /// <summary>Orders of these days.</summary>
    public required long OrdersRead { get; init; }

    /// <summary>Those that could be priced.</summary>
    public required long Orders { get; init; }

    public required IReadOnlyList<SkippedOrders> Skipped { get; init; }

    /// <summary>Lines that cannot be, in orders skipped for them.</summary>
    public required long BadLines { get; init; }

    /// <summary>Known customers with a priced order.</summary>
    public required long Customers { get; init; }

    /// <summary>List value of all priced orders' goods.</summary>
    public required long Goods { get; init; }

    /// <summary>What the shop gave off these orders at the time, by coupons and campaigns; set aside here.</summary>
    public required long GivenThen { get; init; }

    /// <summary>Orders that get the offer.</summary>
    public required long Reached { get; init; }

    public required long CustomersReached { get; init; }

    /// <summary>List value of the goods of the orders reached.</summary>
    public required long GoodsReached { get; init; }

    /// <summary>What the campaign takes off, alone, goods and shipping.</summary>
    public required long Discount { get; init; }

    /// <summary>The part of <see cref="Discount"/> that is off shipping.</summary>
    public required long ShippingDiscount { get; init; }

    /// <summary>Units of gifts given away.</summary>
    public required long Gifts { get; init; }

    /// <summary>Half away from zero.</summary>
    public long AverageDiscount => Reached == 0 ? 0 : (Discount + (Reached / 2)) / Reached;

    /// <summary>0..1 of the list value of all priced orders.</summary>
    public double DiscountShare => Goods == 0 ? 0 : (double)Discount / Goods;

    /// <summary>Whole days until the campaign's budget would have been gone; null without a budget or when it lasts.</summary>
    public int? BudgetDays { get; init; }

    /// <summary>The campaign takes a code: priced as though it had been typed in every order.</summary>
    public bool ByCode { get; init; }

    /// <summary>Why orders do not get the offer, most first.</summary>
    public required IReadOnlyList<ReasonOrders> Reasons { get; init; }

    public required ReplayBaskets Baskets { get; init; }

    /// <summary>By category of the goods; an order may count in several.</summary>
    public required IReadOnlyList<ReplayGroup> Categories { get; init; }

    /// <summary>By lifecycle as of the order.</summary>
    public required IReadOnlyList<ReplayGroup> Segments { get; init; }

    /// <summary><c>new</c>, <c>returning</c>, <c>guest</c> as of the order.</summary>
    public required IReadOnlyList<ReplayGroup> Kinds { get; init; }

    public required IReadOnlyList<ReplayGroup> Channels { get; init; }

    public required ReplayBeside Beside { get; init; }
}

/// <summary>Orders that were not priced.</summary>
public sealed record SkippedOrders(ReplaySkip Why, long Orders);

/// <summary>Orders that do not get the offer.</summary>
public sealed record ReasonOrders(ReasonCode Why, long Orders);

/// <summary>What orders hold of the goods in scope, as thresholds count them, over the orders that the campaign is for.</summary>
/// <param name="IsQuantity">Units of goods instead of money.</param>
/// <param name="Width">Width of a bin.</param>
/// <param name="Bins">From zero on, without gaps; the last one is open.</param>
/// <param name="Thresholds">Ascending; empty for offers without.</param>
public sealed record ReplayBaskets(bool IsQuantity, long Width, IReadOnlyList<ReplayBin> Bins, IReadOnlyList<ReplayThreshold> Thresholds);

/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive; null for the last.</param>
public sealed record ReplayBin(long From, long? To, long Orders);

/// <summary>Orders at one threshold.</summary>
/// <param name="At">The threshold.</param>
/// <param name="Crossed">Orders at or above it.</param>
/// <param name="Near">Orders below it by at most a fifth of it.</param>
/// <param name="VeryNear">Of these, by at most a tenth.</param>
/// <param name="MissingToAll">What the near ones lack in all.</param>
public sealed record ReplayThreshold(long At, long Crossed, long Near, long VeryNear, long MissingToAll)
{
    /// <summary>What a near one lacks on average, rounded up.</summary>
    public long MissingOnAverage => Near == 0 ? 0 : (MissingToAll + Near - 1) / Near;
}

/// <summary>Some of the orders.</summary>
/// <param name="Orders">Priced.</param>
/// <param name="Reached">That get the offer.</param>
/// <param name="Discount">What they get; for a category what its lines get.</param>
/// <param name="Goods">List value.</param>
public sealed record ReplayGroup(string Key, long Orders, long Reached, long Discount, long Goods);

/// <summary>The campaign beside all others that would run with it and apply by themselves. Over the orders that the campaign alone reaches.</summary>
/// <param name="Others">How many there are.</param>
/// <param name="NeedCode">Others left out because they take a code, which old orders do not have.</param>
/// <param name="OtherDates">Others left out because their dates do not meet the campaign's.</param>
/// <param name="Orders">Orders in which at least one other takes part.</param>
/// <param name="Alone">This campaign's discount without the others.</param>
/// <param name="Without">The others' discount without this campaign.</param>
/// <param name="Together">All discounts together.</param>
/// <param name="Own">This campaign's part of them.</param>
/// <param name="Lost">Orders that it loses in a group or to an exclusive one.</param>
/// <param name="TakenBelow">Orders that it loses because another's discount takes its threshold away or leaves nothing.</param>
/// <param name="Overlaps">One by one, most orders first.</param>
public sealed record ReplayBeside(
    int Others, int NeedCode, int OtherDates, long Orders, long Alone, long Without, long Together, long Own, long Lost, long TakenBelow, IReadOnlyList<ReplayOverlap> Overlaps);

/// <summary>One other campaign, over the orders that this campaign alone reaches and in which the other takes part.</summary>
/// <param name="Both">Both apply, one after the other.</param>
/// <param name="LostToIt">This one gives way: the better of a group, or the other applies alone.</param>
/// <param name="ItLost">The other gives way.</param>
/// <param name="ItBelow">This one's discount takes the other's threshold away.</param>
/// <param name="Alone">This campaign's discount without any other.</param>
/// <param name="Own">This campaign's discount together with all others.</param>
/// <param name="ItsAlone">The other's discount without this campaign.</param>
/// <param name="Its">The other's discount with it.</param>
public sealed record ReplayOverlap(
    Guid CampaignId, string Name, CampaignStatus Status, long Orders, long Both, long LostToIt, long ItLost, long ItBelow, long Alone, long Own, long ItsAlone, long Its);
