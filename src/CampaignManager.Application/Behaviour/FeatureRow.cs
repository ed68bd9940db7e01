namespace CampaignManager.Application.Behaviour;

/// <summary>A customer's features as they stand, by column; a missing one has neither.</summary>
public sealed record FeatureValue(string Column, double? Number, string? Word);

/// <summary>What a customer did, as far as it is behind features.</summary>
public enum DoneKind { Joined, Order, View, Cart, Purchase, Review }

/// <param name="At">UTC.</param>
/// <param name="KnownAt">When the shop said it, UTC.</param>
/// <param name="OrderId">Of an order, or what an event says of one.</param>
/// <param name="Sku">Of an event.</param>
/// <param name="Categories">Of the goods, with commas between.</param>
/// <param name="NetMinor">Of an order: goods after discounts, minor units.</param>
/// <param name="Detail">Of a review its rating, of an order its campaign's id, of who joined how it is known.</param>
public sealed record DoneThing(
    DoneKind Kind, DateTime At, DateTime? KnownAt, string? OrderId, string? Sku, string? Categories, int? Quantity, long? NetMinor, string? Detail);

/// <summary>One customer's row, and what is behind it or behind one feature of it.</summary>
/// <param name="AsOf">Of the row, UTC; nothing later is behind it.</param>
/// <param name="Behind">The newest first.</param>
public sealed record FeatureRow(string CustomerId, DateTime AsOf, IReadOnlyList<FeatureValue> Values, Paged<DoneThing> Behind);
