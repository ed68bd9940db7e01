namespace CampaignManager.Application.ShopData.Events;

/// <summary>An event as it was sent, checked: its ids are no names of persons any more, its money is minor units.</summary>
/// <param name="Id">The sender's.</param>
/// <param name="Type">As the lake has it: <c>order</c> is a <c>purchase</c>, a <c>view</c> of no product a <c>page</c>.</param>
/// <param name="At">UTC.</param>
public sealed record ApiEvent(string Id, string Type, DateTime At)
{
    public string? CustomerId { get; init; }

    public string? AnonymousId { get; init; }

    public string? Sku { get; init; }

    public int? Quantity { get; init; }

    public long? UnitPriceMinor { get; init; }

    public string? Currency { get; init; }

    public string? OrderId { get; init; }

    public int? Rating { get; init; }

    public string? Text { get; init; }
}

/// <summary>One that was not taken.</summary>
/// <param name="Index">0-based place in the call.</param>
/// <param name="EventId">Where it could be read.</param>
/// <param name="Path">The field: <c>[3].sku</c>; <c>[3]</c> for the event as a whole.</param>
/// <param name="Code">Stable.</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record RejectedEvent(int Index, string? EventId, string Path, string Code, string Message);

/// <summary>What became of a call.</summary>
/// <param name="Accepted">Kept: they are on the disk.</param>
/// <param name="Duplicates">Said before, with the same content.</param>
/// <param name="Late">Of the accepted, those that happened more than 48 hours ago.</param>
/// <param name="WithoutMoney">Of the accepted, orders and refunds of a browser, whose amounts nobody has confirmed.</param>
/// <param name="WithoutCustomer">Of the accepted, events of a browser that named a customer without a signed token: they count for the browser's own id alone.</param>
/// <param name="Rejected">The others, in their order.</param>
public sealed record EventReceipt(
    int Accepted, int Duplicates, int Late, int WithoutMoney, int WithoutCustomer, IReadOnlyList<RejectedEvent> Rejected);
