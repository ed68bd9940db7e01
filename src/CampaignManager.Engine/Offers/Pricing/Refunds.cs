using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What a return pays back. Pure, like pricing.</summary>
public static class Refunds
{
    /// <summary>The refund, when <paramref name="errors"/> is empty; else null.</summary>
    /// <param name="order">The order, and what has come back before.</param>
    /// <param name="lines">What comes back now.</param>
    /// <param name="errors">What is wrong, with paths such as <c>lines[0].quantity</c>.</param>
    public static Refund? Of(ConfirmedOrder order, IReadOnlyList<ReturnedLine> lines, out IReadOnlyList<RuleError> errors)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return Of(order, new RefundRequest(lines), out errors);
    }

    /// <summary>The refund, when <paramref name="errors"/> is empty; else null.</summary>
    /// <param name="order">The order, and what has come back before.</param>
    /// <param name="request">What comes back now, and what is paid back beside.</param>
    /// <param name="errors">What is wrong, with paths such as <c>lines[0].quantity</c>.</param>
    public static Refund? Of(ConfirmedOrder order, RefundRequest request, out IReadOnlyList<RuleError> errors)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(request);
        var found = Check(order, request);
        errors = found;
        if (found.Count > 0)
            return null;
        var back = request.Lines.Count == 0 ? new Refund(0, [], [], IsAllBack(order, order.Returned)) : OfLines(order, request.Lines);
        // What comes back is paid first: only the rest can be given away.
        var left = Paid(order) - order.Refunded - back.Amount;
        if (request.Amount > left)
        {
            found.Add(new RuleError("amount", "amount-over-paid", "More is asked for than is left of what was paid for goods.", []));
            return null;
        }

        var (shipping, free) = (request.Shipping ?? 0, request.Amount ?? 0);
        return back with { Amount = back.Amount + shipping + free, Shipping = shipping, Free = free };
    }

    private static long Paid(ConfirmedOrder order) => order.Quote.GoodsTotal - order.Quote.DiscountTotal;

    private static bool IsAllBack(ConfirmedOrder order, IReadOnlyDictionary<string, int> returned) =>
        order.Quote.Lines.All(l => l.GiftOf is not null || returned.GetValueOrDefault(l.Id) == l.Quantity);

    private static Refund OfLines(ConfirmedOrder order, IReadOnlyList<ReturnedLine> lines)
    {
        var after = new Dictionary<string, int>(order.Returned, StringComparer.Ordinal);
        var shares = new long[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = order.Quote.Lines.First(l => l.Id == lines[i].Id);
            var before = after.GetValueOrDefault(line.Id);
            after[line.Id] = before + lines[i].Quantity;
            shares[i] = Allocation.First(line.Total, line.Quantity, after[line.Id]) - Allocation.First(line.Total, line.Quantity, before);
        }

        var everything = IsAllBack(order, after);
        var paid = Paid(order) - order.Refunded;
        var clawsBack = order.Campaigns.Any(c => c.Rules is { ReturnPolicy: ReturnPolicy.Clawback, Offer: not FreeShipping } && order.Quote.Applied.Contains(c.Id));
        if (!clawsBack)
        {
            // Amounts given before may leave less than the share.
            var due = shares.Sum() is var all && all <= paid ? all : Math.Max(0, paid);
            return Result(lines, due == all ? shares : Parts(order, lines, shares, due), [], everything);
        }

        var kept = KeptGoods.Of(order, after);
        if (!kept.Reproduces)
        {
            // What was withheld before, while it was still known how, comes back with the last unit.
            var share = Math.Max(0, everything ? paid : Math.Min(paid, shares.Sum()));
            return Result(lines, Parts(order, lines, shares, share), [], everything) with { PaidShare = true };
        }

        // While every threshold holds the paid share goes back; the last return settles whatever a broken one has withheld before.
        var refund = kept.Breaks || everything ? Math.Max(0, paid - kept.Goods) : Math.Min(paid, shares.Sum());
        return Result(lines, Parts(order, lines, shares, refund), kept.Gifts, everything);
    }

    private static Refund Result(IReadOnlyList<ReturnedLine> lines, long[] parts, IReadOnlyList<LostGift> gifts, bool everything) =>
        new(parts.Sum(), [.. lines.Select((l, i) => new RefundedLine(l.Id, l.Quantity, parts[i]))], gifts, everything);

    /// <summary>Over the lines by what was paid for the units, or else by what they listed at.</summary>
    private static long[] Parts(ConfirmedOrder order, IReadOnlyList<ReturnedLine> lines, long[] shares, long refund)
    {
        if (refund == 0)
            return new long[lines.Count];
        if (shares.Any(s => s > 0))
            return Allocation.Split(refund, shares);
        long[] listed = [.. lines.Select(l => order.Cart.Lines.FirstOrDefault(c => c.Id == l.Id)?.UnitPrice * l.Quantity ?? 0)];
        return Allocation.Split(refund, listed.Any(l => l > 0) ? listed : [.. listed.Select(_ => 1L)]);
    }

    private static List<RuleError> Check(ConfirmedOrder order, RefundRequest request)
    {
        List<RuleError> errors = [];
        var lines = request.Lines;
        if (request is { Lines.Count: 0, Shipping: null, Amount: null })
            errors.Add(new RuleError("lines", "missing", "Name the lines that come back, or shipping or an amount to pay back.", []));
        if (request.Amount <= 0)
            errors.Add(new RuleError("amount", "amount-positive", "The amount must be above zero.", []));
        if (request.Shipping <= 0)
            errors.Add(new RuleError("shipping", "amount-positive", "The amount must be above zero.", []));
        else if (request.Shipping > order.Quote.Shipping - order.Quote.ShippingDiscount - order.ShippingRefunded)
            errors.Add(new RuleError("shipping", "amount-over-paid", "More is asked for than is left of what was paid for shipping.", []));
        var asked = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i] is { Id: { } id } ? order.Quote.Lines.FirstOrDefault(l => l.Id == id) : null;
            if (line is null)
            {
                errors.Add(new RuleError($"lines[{i}].id", "line-unknown", $"The order has no line '{lines[i]?.Id}'.", [lines[i]?.Id ?? ""]));
                continue;
            }

            var left = line.Quantity - order.Returned.GetValueOrDefault(line.Id) - asked.GetValueOrDefault(line.Id);
            if (lines[i].Quantity <= 0)
                errors.Add(new RuleError($"lines[{i}].quantity", "quantity-positive", "The quantity must be at least 1.", []));
            else if (lines[i].Quantity > left)
                errors.Add(new RuleError($"lines[{i}].quantity", "return-large", "More comes back than is left of the line.", []));
            else
                asked[line.Id] = asked.GetValueOrDefault(line.Id) + lines[i].Quantity;
        }

        return errors;
    }
}
