using System.Globalization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>Prices batches into its own tally. One for each core.</summary>
internal sealed class ReplayPricer(ReplayBench bench, IReadOnlyList<ReplayGoods> goods, DateTime from, ReplayTally tally)
{
    // Keeps every sum of a cart's lines within 64 bits; no price of anything is near it.
    private const long MostOfALine = 1_000_000_000_000_000;

    private static readonly string[] LineIds = [.. Enumerable.Range(0, CartValidation.MostLines).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private readonly Dictionary<(Lifecycle, string[]), string[]> segmentLists = [];
    private readonly Dictionary<long, Usage> usages = [];

    public void Price(ReplayBatch batch)
    {
        var (customer, priced, reached, uses) = (-1, false, false, 0L);
        for (var i = 0; i < batch.Orders.Count; i++)
        {
            var order = batch.Orders[i];
            if (order.Customer != customer)
            {
                Close(priced, reached);
                (customer, priced, reached, uses) = (order.Customer, false, false, 0);
            }

            if (Check(order, batch.LinesOf(i)) is var why and not ReplaySkip.None)
            {
                tally.Skipped[(int)why]++;
                continue;
            }

            var gets = Price(order, batch.LinesOf(i), order.Customer < 0 ? 0 : uses);
            uses += gets ? 1 : 0;
            // Guests are nobody's orders.
            priced |= order.Customer >= 0;
            reached |= gets && order.Customer >= 0;
        }

        Close(priced, reached);
    }

    private void Close(bool priced, bool reached)
    {
        tally.Customers += priced ? 1 : 0;
        tally.CustomersReached += reached ? 1 : 0;
    }

    private ReplaySkip Check(in RawOrder order, ReadOnlySpan<RawLine> lines)
    {
        if (order.Twice)
            return ReplaySkip.Twice;
        if (lines.Length == 0)
            return ReplaySkip.WithoutLines;
        var (bad, units) = (0, 0L);
        foreach (var line in lines)
        {
            var isBad = line.Quantity < 1 || line.UnitPrice < 0 || string.IsNullOrWhiteSpace(goods[line.Goods].Sku) || (Int128)line.Quantity * line.UnitPrice > MostOfALine;
            bad += isBad ? 1 : 0;
            units += isBad ? 0 : Math.Min(line.Quantity, CartValidation.MostUnits + 1);
        }

        tally.BadLines += bad;
        return bad > 0 ? ReplaySkip.BadLine : lines.Length > CartValidation.MostLines || units > CartValidation.MostUnits ? ReplaySkip.TooLarge : ReplaySkip.None;
    }

    /// <returns>Whether the order gets the offer.</returns>
    private bool Price(in RawOrder order, ReadOnlySpan<RawLine> lines, long uses)
    {
        var stood = order.Stood;
        var cart = CartOf(order, lines, stood);
        var usage = UsageAfter(uses);
        var quote = PromotionEngine.Quote(cart, bench.Alone, usage, bench.Settings, order.At);
        var outcome = quote.Campaigns[0];
        var sum = new GroupSum { Orders = 1, Goods = quote.GoodsTotal };
        if (outcome.Applied)
            (sum.Reached, sum.Discount) = (1, outcome.Amount);

        tally.Orders++;
        tally.Goods += sum.Goods;
        tally.GivenThen += order.GivenThen;
        if (outcome.Applied)
        {
            tally.Reached++;
            tally.GoodsReached += sum.Goods;
            tally.Discount += outcome.Amount;
            tally.ShippingDiscount += quote.ShippingDiscount;
            tally.Daily[Math.Min((int)((order.At - from).Ticks / TimeSpan.TicksPerDay), tally.Daily.Length - 1)] += outcome.Amount;
            for (var i = lines.Length; i < quote.Lines.Count; i++)
                tally.Gifts += quote.Lines[i].Quantity;
        }
        else
        {
            tally.Reasons[(int)outcome.Reason!.Value.Code]++;
        }

        if (outcome.Basis is { } basis)
            tally.Basket(basis);
        if (stood is { } lifecycle)
            tally.Segments[(int)lifecycle].Add(sum);
        tally.Kinds[order.Customer < 0 ? 2 : order.Earlier == 0 ? 0 : 1].Add(sum);
        tally.Channel(order.Channel, sum);
        Categories(lines, quote);
        if (outcome.Applied && bench.Others.Count > 0)
            Beside(cart, usage, order.At, outcome.Amount);
        return outcome.Applied;
    }

    private void Categories(ReadOnlySpan<RawLine> lines, Quote quote)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var category = goods[lines[i].Goods].Category;
            if (category < 0 || Seen(lines[..i], category))
                continue;
            var sum = new GroupSum { Orders = 1 };
            for (var j = i; j < lines.Length; j++)
            {
                if (goods[lines[j].Goods].Category != category)
                    continue;
                sum.Goods += quote.Lines[j].ListTotal;
                sum.Discount += quote.Lines[j].Discount;
            }

            sum.Reached = sum.Discount > 0 ? 1 : 0;
            tally.Categories[category].Add(sum);
        }
    }

    private bool Seen(ReadOnlySpan<RawLine> lines, int category)
    {
        foreach (var line in lines)
        {
            if (goods[line.Goods].Category == category)
                return true;
        }

        return false;
    }

    private void Beside(Cart cart, Usage usage, DateTime at, long alone)
    {
        var without = PromotionEngine.Quote(cart, bench.Without, Usage.None, bench.Settings, at);
        var together = PromotionEngine.Quote(cart, bench.Together, usage, bench.Settings, at);
        var own = together.Campaigns[bench.OwnPlace];
        var winner = own.Reason?.CampaignId;
        var meets = false;
        for (var i = 0; i < bench.Others.Count; i++)
        {
            var before = without.Campaigns[bench.WithoutPlaces[i]];
            var after = together.Campaigns[bench.TogetherPlaces[i]];
            if (!before.Applied && !after.Applied)
                continue;
            meets = true;
            ref var sum = ref tally.Overlaps[i];
            sum.Orders++;
            sum.Both += own.Applied && after.Applied ? 1 : 0;
            sum.LostToIt += winner == after.Id ? 1 : 0;
            sum.RivalLost += before.Applied && !after.Applied && after.Reason?.CampaignId == bench.Id ? 1 : 0;
            sum.ItBelow += before.Applied && after.Reason?.Code == ReasonCode.BelowThreshold ? 1 : 0;
            sum.Alone += alone;
            sum.Own += own.Amount;
            sum.RivalAlone += before.Amount;
            sum.RivalTotal += after.Amount;
        }

        tally.BesideOrders += meets ? 1 : 0;
        tally.BesideAlone += alone;
        tally.BesideWithout += without.DiscountTotal + without.ShippingDiscount;
        tally.BesideTogether += together.DiscountTotal + together.ShippingDiscount;
        tally.BesideOwn += own.Amount;
        tally.BesideLost += winner is null ? 0 : 1;
        tally.BesideBelow += own.Applied || winner is not null ? 0 : 1;
    }

    private Cart CartOf(in RawOrder order, ReadOnlySpan<RawLine> lines, Lifecycle? stood)
    {
        var cartLines = new CartLine[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            var sold = goods[lines[i].Goods];
            cartLines[i] = new CartLine
            {
                Id = LineIds[i],
                Sku = sold.Sku!,
                Categories = sold.Categories,
                Brand = sold.Brand,
                Quantity = (int)lines[i].Quantity,
                UnitPrice = lines[i].UnitPrice,
            };
        }

        return new Cart
        {
            Currency = bench.Rules.Currency,
            Channel = order.Channel,
            Region = order.Region,
            // Limits per customer ask only whether there is one: how often was counted here.
            CustomerId = order.Customer < 0 ? null : "known",
            Segments = stood is { } lifecycle ? SegmentsOf(lifecycle, order.Segments) : [],
            IsNew = order.Customer < 0 ? null : order.Earlier == 0,
            Shipping = order.Shipping,
            Lines = cartLines,
        };
    }

    private string[] SegmentsOf(Lifecycle stood, string[] others)
    {
        if (!segmentLists.TryGetValue((stood, others), out var keys))
            segmentLists[(stood, others)] = keys = [stood.Key(), .. others];
        return keys;
    }

    private Usage UsageAfter(long uses)
    {
        if (bench.UsesPerCustomer is not { } most)
            return Usage.None;
        var left = Math.Max(0, most - uses);
        if (!usages.TryGetValue(left, out var usage))
            usages[left] = usage = new Usage(new Dictionary<string, CampaignUsage> { [bench.Id] = new() { CustomerUsesLeft = left } });
        return usage;
    }
}
