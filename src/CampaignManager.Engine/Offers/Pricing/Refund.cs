namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>An order as it was confirmed: what was priced, with which versions of which campaigns, and what has come back since.</summary>
/// <param name="Cart">The cart, with the customer's segments of then.</param>
/// <param name="Quote">Its quote.</param>
/// <param name="Campaigns">At least the campaigns that had applied, in the versions frozen with the order.</param>
public sealed record ConfirmedOrder(Cart Cart, Quote Quote, IReadOnlyList<LiveCampaign> Campaigns)
{
    /// <summary>The tree of categories of then; null: by their keys alone.</summary>
    public CategoryTree? Categories { get; init; }

    /// <summary>Units returned before, by line id.</summary>
    public IReadOnlyDictionary<string, int> Returned { get; init; } = new Dictionary<string, int>();

    /// <summary>Paid back before for goods, by lines and by amounts, minor units.</summary>
    public long Refunded { get; init; }

    /// <summary>Paid back before of shipping, minor units.</summary>
    public long ShippingRefunded { get; init; }
}

/// <summary>So many units of a line come back.</summary>
public sealed record ReturnedLine(string Id, int Quantity);

/// <summary>What a refund asks for: lines that come back, shipping, an amount without goods. One of them is needed.</summary>
/// <param name="Lines">What comes back; may be none.</param>
/// <param name="Shipping">So much of what was paid for shipping, minor units; null for none.</param>
/// <param name="Amount">So much of what was paid for goods, though none comes back: it lowers what later returns may pay. Minor units; null for none.</param>
public sealed record RefundRequest(IReadOnlyList<ReturnedLine> Lines, long? Shipping = null, long? Amount = null);

/// <summary>What is paid back. Minor units.</summary>
/// <param name="Amount">In all; never negative.</param>
/// <param name="Lines">By line returned; with shipping and the amount without goods the parts add up.</param>
/// <param name="Gifts">Gifts whose reason is gone: they go back too.</param>
/// <param name="Everything">No goods are left with the customer.</param>
public sealed record Refund(long Amount, IReadOnlyList<RefundedLine> Lines, IReadOnlyList<LostGift> Gifts, bool Everything)
{
    /// <summary>Of shipping.</summary>
    public long Shipping { get; init; }

    /// <summary>For goods that do not come back.</summary>
    public long Free { get; init; }

    /// <summary>
    /// The order was priced by earlier rules of pricing, and today's give another total: nothing is clawed back, the paid share goes back.
    /// </summary>
    public bool PaidShare { get; init; }
}

/// <summary>A line's part of a refund.</summary>
public sealed record RefundedLine(string Id, int Quantity, long Amount);

/// <summary>So many of a gift's SKU have lost their reason.</summary>
public sealed record LostGift(string CampaignId, string Sku, int Quantity);
