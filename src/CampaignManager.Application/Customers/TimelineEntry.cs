using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Customers;

[ClosedSet]
public enum TimelineKind { Order, Refund, Event, Exposure, Redemption, Coupon }

/// <summary>Goods of an order, or what an event is about.</summary>
/// <param name="Name">What the goods are called; the SKU where nobody said.</param>
/// <param name="UnitPriceMinor">Before discounts.</param>
/// <param name="DiscountMinor">Off the whole line.</param>
public sealed record TimelineLine(string? Sku, BothLanguages Name, int? Quantity, long? UnitPriceMinor, long? DiscountMinor);

/// <summary>A campaign's part in it.</summary>
/// <param name="Name">Null for a campaign that the shop no longer has.</param>
/// <param name="Code">The coupon code that set it off.</param>
public sealed record TimelineCampaign(string Id, string? Name, long? AmountMinor, string? Code);

/// <summary>Something a customer did, or that was done with them. What they wrote is left out: it may say who they are.</summary>
/// <param name="At">UTC.</param>
/// <param name="What">Of an order its status, of an event its type, of an exposure the arm once the experiment has closed, of a redemption its
/// state, of a coupon its code.</param>
/// <param name="Source">The shop's system that told it.</param>
/// <param name="AmountMinor">Paid, paid back or taken off; minor units of <paramref name="Currency"/>.</param>
public sealed record TimelineEntry(DateTime At, TimelineKind Kind, string? What, string? Source, string? OrderId, long? AmountMinor, string? Currency)
{
    public IReadOnlyList<TimelineLine> Lines { get; init; } = [];

    public IReadOnlyList<TimelineCampaign> Campaigns { get; init; } = [];
}
