using System.ComponentModel.DataAnnotations;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

// What OfferAnswers and the engine's QuoteJson write, for the document: a checkout asks too often for objects in between.
// A test holds each answer against them.

/// <summary>A priced cart. Money in major units of its currency.</summary>
/// <param name="Lines">The cart's selected lines in its order, then gifts.</param>
/// <param name="Unselected">Lines that are not bought, and are no part of any total.</param>
/// <param name="GoodsTotal">Goods at list prices.</param>
/// <param name="DiscountTotal">Off goods.</param>
/// <param name="Total">What is to be paid: goods and shipping less both discounts.</param>
/// <param name="Campaigns">What became of each campaign, as far as it is explained.</param>
/// <param name="NearMisses">Campaigns that a little more would set off.</param>
/// <param name="Codes">What became of each code of the cart, in its order.</param>
public sealed record QuoteResource(
    string Currency,
    IReadOnlyList<QuoteLineResource> Lines,
    IReadOnlyList<UnselectedLineResource> Unselected,
    decimal GoodsTotal,
    decimal Shipping,
    decimal ShippingDiscount,
    decimal DiscountTotal,
    decimal Total,
    IReadOnlyList<QuotedCampaign> Campaigns,
    IReadOnlyList<QuoteNearMiss> NearMisses,
    IReadOnlyList<QuotedCode> Codes)
{
    /// <summary>What is wrong with the call, though it is answered; only where something is.</summary>
    public IReadOnlyList<CallWarning>? Warnings { get; init; }
}

public sealed record UnselectedLineResource(string Id, string Sku, int Quantity, decimal ListTotal);

/// <param name="Discounts">By campaign, in the order in which they applied.</param>
public sealed record QuoteLineResource(
    string Id, string Sku, int Quantity, decimal ListTotal, decimal Discount, decimal Total,
    IReadOnlyList<QuoteDiscount> Discounts, bool Gift)
{
    /// <summary>Which campaign gives it, where it is a gift.</summary>
    public string? CampaignId { get; init; }
}

public sealed record QuoteDiscount(string CampaignId, decimal Amount)
{
    /// <summary>Each unit's share; only when <c>include</c> asks for <c>units</c>.</summary>
    public IReadOnlyList<decimal>? UnitAmounts { get; init; }
}

/// <param name="Desired">What it would have taken: after its cap, before floors and budget.</param>
public sealed record QuotedCampaign(string Id, bool Applied, decimal Amount, decimal Desired)
{
    /// <summary>The code that set it off.</summary>
    public string? Code { get; init; }

    /// <summary>Why it does not apply.</summary>
    public QuoteReasonResource? Reason { get; init; }
}

/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record QuoteReasonResource(string Code, string Message)
{
    /// <summary>Money or units of goods, as <c>missingUnit</c> says.</summary>
    public decimal? Missing { get; init; }

    [AllowedValues("money", "quantity")]
    public string? MissingUnit { get; init; }

    /// <summary>The campaign that stands in the way.</summary>
    public string? CampaignId { get; init; }

    /// <summary>By how much that one is cheaper for the customer.</summary>
    public decimal? By { get; init; }

    /// <summary>The limit reached, by its name in the rules.</summary>
    public string? Limit { get; init; }
}

/// <param name="Missing">Money or units of goods, as <c>missingUnit</c> says; 0 where only the customer is missing.</param>
/// <param name="Gain">By how much more is saved then than by the same goods without the campaign, and than it saves now.</param>
public sealed record QuoteNearMiss(
    string CampaignId, decimal Missing, [property: AllowedValues("money", "quantity", "customer")] string MissingUnit, decimal Gain, string Message)
{
    /// <summary>The gift's SKU, where a gift is what one gets.</summary>
    public string? Gift { get; init; }
}

/// <param name="CampaignIds">All campaigns that it belongs to, as far as they may be known.</param>
public sealed record QuotedCode(string Code, bool Applied, IReadOnlyList<string> CampaignIds)
{
    /// <summary>The one that it sets off, or else the first that it might.</summary>
    public string? CampaignId { get; init; }

    public QuoteReasonResource? Reason { get; init; }
}

/// <summary>An order's claim on campaigns.</summary>
/// <param name="ExpiresAt">When a reservation that is neither confirmed nor cancelled is given back.</param>
/// <param name="Quote">As it was redeemed.</param>
public sealed record RedemptionResource(
    Guid Id,
    RedemptionState State,
    string OrderId,
    bool Sandbox,
    string Currency,
    decimal Total,
    decimal Refunded,
    DateTime ReservedAt,
    DateTime ExpiresAt,
    IReadOnlyList<RefundResource> Refunds,
    QuoteResource Quote)
{
    /// <inheritdoc cref="QuoteResource.Warnings"/>
    public IReadOnlyList<CallWarning>? Warnings { get; init; }

    public DateTime? ConfirmedAt { get; init; }

    public DateTime? ClosedAt { get; init; }
}

/// <param name="Gifts">Gifts that go back with it.</param>
public sealed record RefundResource(
    Guid Id, DateTime At, decimal Refund, IReadOnlyList<RefundedLineResource> Lines, IReadOnlyList<LostGift> Gifts)
{
    /// <summary>
    /// True where an earlier release priced the order and today's rules give another total: the paid share goes back, and nothing is
    /// clawed back.
    /// </summary>
    public bool? PaidShare { get; init; }

    /// <summary>Of <c>refund</c>, what goes back of shipping; only where some does.</summary>
    public decimal? Shipping { get; init; }

    /// <summary>Of <c>refund</c>, what goes back without goods; only where some does.</summary>
    public decimal? Amount { get; init; }
}

/// <param name="State">Where it left the redemption.</param>
public sealed record MadeRefundResource(
    Guid Id, decimal Refund, IReadOnlyList<RefundedLineResource> Lines, IReadOnlyList<LostGift> Gifts, RedemptionState State)
{
    /// <inheritdoc cref="QuoteResource.Warnings"/>
    public IReadOnlyList<CallWarning>? Warnings { get; init; }

    /// <summary>
    /// True where an earlier release priced the order and today's rules give another total: the paid share goes back, and nothing is
    /// clawed back.
    /// </summary>
    public bool? PaidShare { get; init; }

    /// <summary>Of <c>refund</c>, what goes back of shipping; only where some does.</summary>
    public decimal? Shipping { get; init; }

    /// <summary>Of <c>refund</c>, what goes back without goods; only where some does.</summary>
    public decimal? Amount { get; init; }
}

public sealed record RefundedLineResource(string Id, int Quantity, decimal Refund);

/// <summary>A refusal whose reason is the price.</summary>
public sealed record PriceProblem : ApiProblem
{
    public string? Reason { get; init; }

    /// <summary>The quote as it is now.</summary>
    public QuoteResource? Quote { get; init; }
}
