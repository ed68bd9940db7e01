using CampaignManager.Application.Customers;

namespace CampaignManager.Web.Customers;

/// <summary>An entry of a customer's timeline as the API tells it, money in the major unit.</summary>
/// <param name="What">Of an order its status, of a refund where its time is from, of an event its type, of an exposure the arm (0 control) once the experiment has
/// closed, of a redemption its state, of a coupon its code.</param>
/// <param name="Amount">Paid, paid back, or taken off.</param>
public sealed record TimelineResource(
    DateTime At, TimelineKind Kind, string? What, string? Source, string? OrderId, decimal? Amount, string? Currency,
    IReadOnlyList<TimelineResource.Goods> Lines, IReadOnlyList<TimelineResource.Part> Campaigns)
{
    internal static TimelineResource Of(TimelineEntry entry)
    {
        decimal? Major(long? minor) =>
            minor is not { } amount ? null : Engine.Money.Currency.TryGet(entry.Currency ?? "", out var known) ? known.ToMajor(amount) : amount;
        return new TimelineResource(
            entry.At, entry.Kind, entry.What, entry.Source is { Length: > 0 } source ? source : null, entry.OrderId, Major(entry.AmountMinor), entry.Currency,
            [.. entry.Lines.Select(l => new Goods(l.Sku, new Names(l.Name.En, l.Name.Zh), l.Quantity, Major(l.UnitPriceMinor), Major(l.DiscountMinor)))],
            [.. entry.Campaigns.Select(c => new Part(c.Id, c.Name, Major(c.AmountMinor), c.Code))]);
    }

    public sealed record Names(string En, string Zh);

    /// <param name="Discount">Off the whole line.</param>
    public sealed record Goods(string? Sku, Names Name, int? Quantity, decimal? UnitPrice, decimal? Discount);

    public sealed record Part(string Id, string? Name, decimal? Amount, string? Code);
}
