namespace CampaignManager.Application.ShopData.Rows;

/// <summary>Something somebody did, or one pair of ids that are the same person.</summary>
/// <param name="Id">The source's own; null where it has none (then the content is its id).</param>
/// <param name="Type"><c>view</c>, <c>page</c>, <c>cart</c>, <c>purchase</c>, <c>refund</c>, <c>review</c>, <c>identify</c>,
/// <c>contact</c> (a message was sent), <c>redemption</c> or <c>other</c>.</param>
/// <param name="At">UTC, corrected for the sender's clock where the source does that.</param>
/// <param name="Row">0-based data row of its file.</param>
public sealed record EventRow(string? Id, string Type, DateTime At, long Row) : ReadRow(Row)
{
    public string? CustomerId { get; init; }

    /// <summary>A browser's or device's id: nobody's name.</summary>
    public string? AnonymousId { get; init; }

    /// <summary>Another id of the same person, of a pair that says so (alias, an e-mail address told at identify).</summary>
    public string? OtherId { get; init; }

    public string? Sku { get; init; }

    public int? Quantity { get; init; }

    public long? UnitPriceMinor { get; init; }

    public string? Currency { get; init; }

    public string? OrderId { get; init; }

    public int? Rating { get; init; }

    public string? Text { get; init; }

    /// <summary>The campaign a message or a redemption belongs to, as the source calls it.</summary>
    public string? CampaignId { get; init; }

    public DateTime? ReceivedAt { get; init; }

    /// <summary>One of more than 100 events of the same visitor within ten minutes: kept, and no behaviour of a person.</summary>
    public bool Robot { get; init; }
}
