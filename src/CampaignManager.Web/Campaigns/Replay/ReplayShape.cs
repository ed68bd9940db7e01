using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Web.Campaigns.Replay;

/// <summary>A result as the API shows it: money in major units, at list prices.</summary>
public sealed record ReplayShape
{
    public required string Currency { get; init; }

    public required DateTime From { get; init; }

    public required DateTime Until { get; init; }

    public required long OrdersRead { get; init; }

    public required long Orders { get; init; }

    public required IReadOnlyDictionary<string, long> Skipped { get; init; }

    public required long Customers { get; init; }

    public required decimal Goods { get; init; }

    public required decimal DiscountGivenThen { get; init; }

    public required long OrdersReached { get; init; }

    public required long CustomersReached { get; init; }

    public required decimal Discount { get; init; }

    public required decimal ShippingDiscount { get; init; }

    public required decimal AverageDiscount { get; init; }

    /// <summary>0..1 of the list value of all priced orders.</summary>
    public required double DiscountShare { get; init; }

    public required long Gifts { get; init; }

    public int? BudgetLastsDays { get; init; }

    public required IReadOnlyDictionary<string, long> Reasons { get; init; }

    public required Basket Baskets { get; init; }

    public required IReadOnlyList<Group> Categories { get; init; }

    public required IReadOnlyList<Group> Segments { get; init; }

    public required IReadOnlyList<Group> CustomerKinds { get; init; }

    public required IReadOnlyList<Group> Channels { get; init; }

    public required Others Beside { get; init; }

    public static ReplayShape Of(ReplayResult result)
    {
        var currency = CampaignManager.Engine.Money.Currency.Get(result.Currency);
        return new ReplayShape
        {
            Currency = result.Currency,
            From = result.From,
            Until = result.Until,
            OrdersRead = result.OrdersRead,
            Orders = result.Orders,
            Skipped = result.Skipped.ToDictionary(s => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(s.Why.ToString()), s => s.Orders),
            Customers = result.Customers,
            Goods = Major(result.Goods),
            DiscountGivenThen = Major(result.GivenThen),
            OrdersReached = result.Reached,
            CustomersReached = result.CustomersReached,
            Discount = Major(result.Discount),
            ShippingDiscount = Major(result.ShippingDiscount),
            AverageDiscount = Major(result.AverageDiscount),
            DiscountShare = result.DiscountShare,
            Gifts = result.Gifts,
            BudgetLastsDays = result.BudgetDays,
            Reasons = result.Reasons.ToDictionary(r => r.Why.Name(), r => r.Orders),
            Baskets = new Basket(
                result.Baskets.IsQuantity ? "units" : "money",
                [.. result.Baskets.Bins.Select(b => new Bin(Basis(b.From), b.To is { } to ? Basis(to) : null, b.Orders))],
                [.. result.Baskets.Thresholds.Select(t => new Threshold(Basis(t.At), t.Crossed, t.Near, t.VeryNear, t.Near == 0 ? null : Basis(t.MissingOnAverage)))]),
            Categories = Groups(result.Categories),
            Segments = Groups(result.Segments),
            CustomerKinds = Groups(result.Kinds),
            Channels = Groups(result.Channels),
            Beside = new Others(
                result.Beside.Others, result.Beside.NeedCode, result.Beside.OtherDates, result.Beside.Orders, Major(result.Beside.Alone), Major(result.Beside.Without), Major(result.Beside.Together),
                Major(result.Beside.Own), result.Beside.Lost, result.Beside.TakenBelow,
                [.. result.Beside.Overlaps.Select(o => new Overlap(
                    o.CampaignId, o.Name, o.Status, o.Orders, o.Both, o.LostToIt, o.ItLost, o.ItBelow, Major(o.Alone), Major(o.Own), Major(o.ItsAlone), Major(o.Its)))]),
        };

        decimal Major(long minor) => currency.ToMajor(minor);

        decimal Basis(long basis) => result.Baskets.IsQuantity ? basis : currency.ToMajor(basis);

        IReadOnlyList<Group> Groups(IEnumerable<ReplayGroup> groups) => [.. groups.Select(g => new Group(g.Key, g.Orders, g.Reached, Major(g.Discount), Major(g.Goods)))];
    }

    /// <param name="Kind"><c>money</c> or <c>units</c>.</param>
    public sealed record Basket(string Kind, IReadOnlyList<Bin> Bins, IReadOnlyList<Threshold> Thresholds);

    /// <param name="To">Exclusive; null for the last.</param>
    public sealed record Bin(decimal From, decimal? To, long Orders);

    /// <param name="Near">Orders that lack at most a fifth of it.</param>
    /// <param name="VeryNear">Of these, at most a tenth.</param>
    public sealed record Threshold(decimal At, long Crossed, long Near, long VeryNear, decimal? MissingOnAverage);

    public sealed record Group(string Key, long Orders, long OrdersReached, decimal Discount, decimal Goods);

    /// <param name="Orders">Reached orders in which at least one other campaign takes part.</param>
    /// <param name="Alone">This campaign's discount without the others, over all reached orders.</param>
    /// <param name="Without">The others' discount without it.</param>
    /// <param name="Together">All discounts together.</param>
    /// <param name="Own">Its part of them.</param>
    /// <param name="Lost">Orders it loses in a group or to an exclusive campaign.</param>
    /// <param name="TakenBelow">Orders in which the others leave its threshold unreached.</param>
    public sealed record Others(
        int Campaigns, int NeedCode, int OtherDates, long Orders, decimal Alone, decimal Without, decimal Together, decimal Own, long Lost, long TakenBelow, IReadOnlyList<Overlap> Overlaps);

    /// <param name="Its">The other campaign's discount together with this one; <paramref name="ItsAlone"/> without it.</param>
    public sealed record Overlap(
        Guid CampaignId, string Name, CampaignStatus Status, long Orders, long Both, long LostToIt, long ItLost, long ItBelow, decimal Alone, decimal Own, decimal ItsAlone, decimal Its);
}
