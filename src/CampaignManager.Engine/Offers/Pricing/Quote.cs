namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>A priced cart. Money in minor units.</summary>
public sealed record Quote
{
    /// <summary>ISO 4217 code of every amount.</summary>
    public required string Currency { get; init; }

    /// <summary>The cart's selected lines in its order, then gifts.</summary>
    public required IReadOnlyList<QuoteLine> Lines { get; init; }

    /// <summary>Lines that are not selected: they are not bought, and no part of any total.</summary>
    public IReadOnlyList<UnselectedLine> Unselected { get; init; } = [];

    /// <summary>Goods at list prices.</summary>
    public required long GoodsTotal { get; init; }

    /// <summary>Off goods.</summary>
    public required long DiscountTotal { get; init; }

    /// <summary>Shipping before its discount.</summary>
    public required long Shipping { get; init; }

    /// <summary>Off shipping.</summary>
    public required long ShippingDiscount { get; init; }

    /// <summary>What is to be paid: goods and shipping less both discounts.</summary>
    public long Total => GoodsTotal - DiscountTotal + Shipping - ShippingDiscount;

    /// <summary>What became of each campaign, as far as explained, in the order in which they are tried.</summary>
    public required IReadOnlyList<CampaignOutcome> Campaigns { get; init; }

    /// <summary>Ids of the campaigns that have applied, in the order in which they did.</summary>
    public required IReadOnlyList<string> Applied { get; init; }

    /// <summary>Campaigns that a little more would set off.</summary>
    public required IReadOnlyList<NearMiss> NearMisses { get; init; }

    /// <summary>What became of each code of the cart, in its order.</summary>
    public required IReadOnlyList<CodeOutcome> Codes { get; init; }
}

/// <summary>A line with what comes off it.</summary>
public sealed record QuoteLine
{
    /// <summary>The cart line's id; for a gift an id of its own.</summary>
    public required string Id { get; init; }

    /// <summary>Stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>Units.</summary>
    public required int Quantity { get; init; }

    /// <summary>List price times quantity; zero for a gift.</summary>
    public required long ListTotal { get; init; }

    /// <summary>The sum of <see cref="Discounts"/>.</summary>
    public required long Discount { get; init; }

    /// <summary>What the line costs.</summary>
    public long Total => ListTotal - Discount;

    /// <summary>By campaign, in the order in which they applied.</summary>
    public required IReadOnlyList<LineDiscount> Discounts { get; init; }

    /// <summary>For a gift the campaign that gives it; else null.</summary>
    public string? GiftOf { get; init; }
}

/// <summary>A line that is not bought.</summary>
/// <param name="Id">The cart line's id.</param>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units.</param>
/// <param name="ListTotal">What it would cost at list prices.</param>
public sealed record UnselectedLine(string Id, string Sku, int Quantity, long ListTotal);

/// <summary>What one campaign takes off one line.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Amount">The sum of the units' amounts.</param>
/// <param name="UnitAmounts">By unit of the line.</param>
public sealed record LineDiscount(string CampaignId, long Amount, IReadOnlyList<long> UnitAmounts);

/// <summary>What became of a campaign.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="Applied">Whether it changed anything.</param>
/// <param name="Amount">What it takes off goods and shipping; zero when not applied.</param>
/// <param name="Desired">What it would have taken: after its cap, before floors and budget.</param>
/// <param name="Reason">Why not; null when applied.</param>
/// <param name="Code">The code that set it off, normalised.</param>
public readonly record struct CampaignOutcome(string Id, bool Applied, long Amount, long Desired, QuoteReason? Reason, string? Code)
{
    /// <summary>What its threshold was held against: minor units, or units of goods for offers by quantity. Null when it did not come to that.</summary>
    public long? Basis { get; init; }
}

/// <summary>Why a campaign does not apply, with its figures. Money in minor units.</summary>
/// <param name="Code">The reason.</param>
public readonly record struct QuoteReason(ReasonCode Code)
{
    /// <summary>What is missing to a threshold: minor units, or units of goods where <see cref="MissingIsQuantity"/>.</summary>
    public long? Missing { get; init; }

    /// <summary>Units of goods are missing, not money.</summary>
    public bool MissingIsQuantity { get; init; }

    /// <summary>The campaign that stands in the way.</summary>
    public string? CampaignId { get; init; }

    /// <summary>By how much the other one is cheaper for the customer.</summary>
    public long? By { get; init; }

    /// <summary>The limit reached, by its name in the rules.</summary>
    public string? Limit { get; init; }
}

/// <summary>A campaign that a little more would set off, or bring to its next step.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Missing">Minor units, or units of goods.</param>
/// <param name="MissingIsQuantity">Units of goods are missing, not money.</param>
/// <param name="Gain">By how much more is saved then than by the same goods without it, and than it saves now.</param>
/// <param name="Gift">The gift's SKU, where a gift is what one gets.</param>
/// <param name="More">It applies already and would give more.</param>
public sealed record NearMiss(string CampaignId, long Missing, bool MissingIsQuantity, long Gain, string? Gift, bool More)
{
    /// <summary>Only who buys is missing: signed in, the customer has it.</summary>
    public bool IsCustomer { get; init; }
}

/// <summary>What became of a code.</summary>
/// <param name="Code">As typed.</param>
/// <param name="CampaignId">The campaign it belongs to; null when unknown, or not to be known.</param>
/// <param name="Reason">Why it does nothing; null when it applied.</param>
public sealed record CodeOutcome(string Code, string? CampaignId, QuoteReason? Reason)
{
    /// <summary>All campaigns that it belongs to, in the order in which they are tried, as far as they may be known.</summary>
    public IReadOnlyList<string> CampaignIds { get; init; } = [];
}
