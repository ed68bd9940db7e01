using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>Who redeems: one shop's keys do not see what a sandbox does, and the other way round.</summary>
/// <param name="Id">The key.</param>
/// <param name="Sandbox">A sandbox key redeems nothing for real.</param>
/// <param name="Explain">How much it may know.</param>
public sealed record OfferCaller(string Id, bool Sandbox, Explain Explain);

/// <param name="Cart">A valid cart.</param>
/// <param name="At">The moment it is priced at; null for now.</param>
/// <param name="ExpectedTotal">What the customer was told, minor units; null to take whatever it is.</param>
/// <param name="OrderId">The shop's order.</param>
/// <param name="CallKey">Names caller, Idempotency-Key and body; null without such a key.</param>
public sealed record RedeemRequest(Cart Cart, DateTime? At, long? ExpectedTotal, string OrderId, string? CallKey);

/// <summary>A redemption, or why there is none; then with the quote as it is now, where the price is the reason.</summary>
public sealed record Redeemed(RedemptionView? Redemption, Failure? Failure = null, Quoted? Now = null);

/// <summary>What came back, what was paid for it, and the gifts that go back with it.</summary>
public sealed record RefundDetail(IReadOnlyList<RefundedLine> Lines, IReadOnlyList<LostGift> Gifts)
{
    /// <summary>True where an order priced by earlier rules of pricing got its paid share; otherwise nothing is stored of it.</summary>
    public bool? PaidShare { get; init; }

    /// <summary>Of shipping; null for none.</summary>
    public long? Shipping { get; init; }

    /// <summary>For goods that did not come back; null for none.</summary>
    public long? Free { get; init; }
}

public sealed record RefundView(Guid Id, DateTime At, long AmountMinor, RefundDetail Detail)
{
    internal static RefundView Of(RedemptionRefund refund) => new(refund.Id, refund.At, refund.AmountMinor, OfferJson.Read<RefundDetail>(refund.DetailJson));
}

/// <summary>A refund, and where it left the redemption.</summary>
public sealed record MadeRefund(RefundView Refund, RedemptionState State, string Currency);

public sealed record RedemptionView(
    Guid Id,
    RedemptionState State,
    string OrderId,
    bool Sandbox,
    string Currency,
    long TotalMinor,
    long RefundedMinor,
    DateTime ReservedAt,
    DateTime ExpiresAt,
    DateTime? ConfirmedAt,
    DateTime? ClosedAt,
    Quote Quote,
    IReadOnlyList<RefundView> Refunds)
{
    internal static RedemptionView Of(Redemption r, IEnumerable<RedemptionRefund> refunds, Quote? quote = null) => new(
        r.Id, r.State, r.OrderId, r.Sandbox, r.Currency, r.TotalMinor, r.RefundedMinor, r.ReservedAt, r.ExpiresAt, r.ConfirmedAt, r.ClosedAt, quote ?? OfferJson.Read<Quote>(r.QuoteJson),
        [.. refunds.OrderBy(f => f.At).ThenBy(f => f.Id).Select(RefundView.Of)]);
}
