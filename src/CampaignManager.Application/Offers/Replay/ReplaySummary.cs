using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>From what was counted to what is kept: sorted, and the long tails cut.</summary>
internal static class ReplaySummary
{
    private const int MostCategories = 20;
    private const int MostOverlaps = 50;

    public static ReplayResult Of(int days, ReplayOrders orders, ReplayBench bench, ReplayThresholds thresholds, ReplayTally tally)
    {
        var (width, bins) = tally.Baskets.Draw(thresholds.At);
        return new ReplayResult
        {
            Currency = bench.Rules.Currency,
            Days = days,
            From = orders.From,
            Until = orders.Until,
            OrdersRead = orders.Count,
            Orders = tally.Orders,
            Skipped = [.. Enum.GetValues<ReplaySkip>().Where(s => tally.Skipped[(int)s] > 0).Select(s => new SkippedOrders(s, tally.Skipped[(int)s]))],
            BadLines = tally.BadLines,
            Customers = tally.Customers,
            Goods = tally.Goods,
            GivenThen = tally.GivenThen,
            Reached = tally.Reached,
            CustomersReached = tally.CustomersReached,
            GoodsReached = tally.GoodsReached,
            Discount = tally.Discount,
            ShippingDiscount = tally.ShippingDiscount,
            Gifts = tally.Gifts,
            BudgetDays = BudgetDays(bench, tally),
            ByCode = bench.Rules.Trigger.Code is not null || bench.Rules.Trigger.UniqueCodes,
            Reasons = [.. Enum.GetValues<ReasonCode>().Where(r => tally.Reasons[(int)r] > 0).Select(r => new ReasonOrders(r, tally.Reasons[(int)r])).OrderByDescending(r => r.Orders)],
            Baskets = new ReplayBaskets(
                thresholds.IsQuantity, width, bins,
                [.. tally.Thresholds.Select((t, i) => new ReplayThreshold(thresholds.At[i], t.Crossed, t.Near, t.VeryNear, t.Missing))]),
            Categories = [.. Groups(orders.Categories.Zip(tally.Categories)).Take(MostCategories)],
            Segments = [.. Groups(LifecycleRules.All.Select(l => l.Key()).Zip(tally.Segments))],
            Kinds = [.. Groups(ReplayTally.KindKeys.Zip(tally.Kinds))],
            Channels = [.. Groups(tally.Channels.Select(c => (c.Key, c.Value)))],
            Beside = Beside(bench, tally),
        };
    }

    private static IEnumerable<ReplayGroup> Groups(IEnumerable<(string Key, GroupSum Sum)> sums) => sums.Where(s => s.Sum.Orders > 0)
        .Select(s => new ReplayGroup(s.Key, s.Sum.Orders, s.Sum.Reached, s.Sum.Discount, s.Sum.Goods))
        .OrderByDescending(g => g.Discount).ThenByDescending(g => g.Reached).ThenByDescending(g => g.Orders).ThenBy(g => g.Key, StringComparer.Ordinal);

    private static ReplayBeside Beside(ReplayBench bench, ReplayTally tally) => new(
        bench.Others.Count, bench.NeedCode, bench.OtherDates, tally.BesideOrders, tally.BesideAlone, tally.BesideWithout, tally.BesideTogether, tally.BesideOwn, tally.BesideLost, tally.BesideBelow,
        [.. bench.Others.Zip(tally.Overlaps).Where(o => o.Second.Orders > 0)
            .Select(o => new ReplayOverlap(
                o.First.Id, o.First.Name, o.First.Status, o.Second.Orders, o.Second.Both, o.Second.LostToIt, o.Second.RivalLost, o.Second.ItBelow, o.Second.Alone, o.Second.Own, o.Second.RivalAlone, o.Second.RivalTotal))
            .OrderByDescending(o => o.Orders).ThenBy(o => o.CampaignId).Take(MostOverlaps)]);

    private static int? BudgetDays(ReplayBench bench, ReplayTally tally)
    {
        if (bench.Rules.Limits.Budget is not { } budget)
            return null;
        var left = Currency.Get(bench.Rules.Currency).ToMinor(budget);
        for (var day = 0; day < tally.Daily.Length; day++)
        {
            left -= tally.Daily[day];
            if (left < 0)
                return day;
        }

        return null;
    }
}
