using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>Orders of one kind, and what they get.</summary>
internal struct GroupSum
{
    public long Orders;
    public long Reached;
    public long Discount;
    public long Goods;

    public void Add(in GroupSum other)
    {
        Orders += other.Orders;
        Reached += other.Reached;
        Discount += other.Discount;
        Goods += other.Goods;
    }
}

/// <summary>Orders in which another campaign takes part.</summary>
internal struct OverlapSum
{
    public long Orders;
    public long Both;
    public long LostToIt;
    public long RivalLost;
    public long ItBelow;
    public long Alone;
    public long Own;
    public long RivalAlone;
    public long RivalTotal;

    public void Add(in OverlapSum other)
    {
        Orders += other.Orders;
        Both += other.Both;
        LostToIt += other.LostToIt;
        RivalLost += other.RivalLost;
        ItBelow += other.ItBelow;
        Alone += other.Alone;
        Own += other.Own;
        RivalAlone += other.RivalAlone;
        RivalTotal += other.RivalTotal;
    }
}

/// <summary>Orders around one threshold.</summary>
internal struct ThresholdSum
{
    public long Crossed;
    public long Near;
    public long VeryNear;
    public long Missing;

    public void Add(in ThresholdSum other)
    {
        Crossed += other.Crossed;
        Near += other.Near;
        VeryNear += other.VeryNear;
        Missing += other.Missing;
    }
}

/// <summary>What one core has counted. Whole numbers only, so that adding up is the same in any order: however many cores, one result.</summary>
internal sealed class ReplayTally(ReplayThresholds thresholds, long fineWidth, int days, int categories, int others)
{
    public static readonly string[] KindKeys = ["new", "returning", "guest"];

    public long Orders;
    public long Customers;
    public long CustomersReached;
    public long Goods;
    public long GoodsReached;
    public long GivenThen;
    public long Reached;
    public long Discount;
    public long ShippingDiscount;
    public long Gifts;
    public long BadLines;
    public long BesideOrders;
    public long BesideAlone;
    public long BesideWithout;
    public long BesideTogether;
    public long BesideOwn;
    public long BesideLost;
    public long BesideBelow;

    public long[] Skipped { get; } = new long[Enum.GetValues<ReplaySkip>().Length];

    public long[] Reasons { get; } = new long[Enum.GetValues<ReasonCode>().Length];

    /// <summary>Discount of each day.</summary>
    public long[] Daily { get; } = new long[days];

    public GroupSum[] Categories { get; } = new GroupSum[categories];

    public GroupSum[] Segments { get; } = new GroupSum[LifecycleRules.All.Count];

    public GroupSum[] Kinds { get; } = new GroupSum[KindKeys.Length];

    public Dictionary<string, GroupSum> Channels { get; } = new(StringComparer.Ordinal);

    public OverlapSum[] Overlaps { get; } = new OverlapSum[others];

    public ThresholdSum[] Thresholds { get; } = new ThresholdSum[thresholds.At.Length];

    public ReplayHistogram Baskets { get; } = new(fineWidth);

    /// <summary>An order that the campaign is for, with what its thresholds see of it.</summary>
    public void Basket(long basis)
    {
        Baskets.Add(basis);
        for (var i = 0; i < Thresholds.Length; i++)
        {
            ref var sum = ref Thresholds[i];
            var missing = thresholds.At[i] - basis;
            if (missing <= 0)
            {
                sum.Crossed++;
                continue;
            }

            if ((Int128)missing * 5 > thresholds.At[i])
                continue;
            sum.Near++;
            sum.Missing += missing;
            if ((Int128)missing * 10 <= thresholds.At[i])
                sum.VeryNear++;
        }
    }

    public void Channel(string? channel, in GroupSum order)
    {
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Channels, channel ?? "", out _);
        sum.Add(order);
    }

    public void Add(ReplayTally other)
    {
        Orders += other.Orders;
        Customers += other.Customers;
        CustomersReached += other.CustomersReached;
        Goods += other.Goods;
        GoodsReached += other.GoodsReached;
        GivenThen += other.GivenThen;
        Reached += other.Reached;
        Discount += other.Discount;
        ShippingDiscount += other.ShippingDiscount;
        Gifts += other.Gifts;
        BadLines += other.BadLines;
        BesideOrders += other.BesideOrders;
        BesideAlone += other.BesideAlone;
        BesideWithout += other.BesideWithout;
        BesideTogether += other.BesideTogether;
        BesideOwn += other.BesideOwn;
        BesideLost += other.BesideLost;
        BesideBelow += other.BesideBelow;
        Plus(Skipped, other.Skipped);
        Plus(Reasons, other.Reasons);
        Plus(Daily, other.Daily);
        Plus(Categories, other.Categories);
        Plus(Segments, other.Segments);
        Plus(Kinds, other.Kinds);
        foreach (var (channel, sum) in other.Channels)
            Channel(channel, sum);
        for (var i = 0; i < Overlaps.Length; i++)
            Overlaps[i].Add(other.Overlaps[i]);
        for (var i = 0; i < Thresholds.Length; i++)
            Thresholds[i].Add(other.Thresholds[i]);
        Baskets.Add(other.Baskets);
    }

    private static void Plus(long[] to, long[] from)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i];
    }

    private static void Plus(GroupSum[] to, GroupSum[] from)
    {
        for (var i = 0; i < to.Length; i++)
            to[i].Add(from[i]);
    }
}
