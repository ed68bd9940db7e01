using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>An order as it lies in the lake, not checked yet.</summary>
/// <param name="Customer">Number within its bucket; −1 for a guest.</param>
/// <param name="At">UTC.</param>
/// <param name="Earlier">Orders of the customer before it.</param>
/// <param name="JoinedAt">When the customer joined; the first order where that is not known.</param>
/// <param name="LastAt">The order before; null for the first.</param>
/// <param name="FourthLastAt">The fourth order before; null with fewer.</param>
/// <param name="Segments">Segments as of today, other than where the customer stands.</param>
/// <param name="FirstLine">Index of its first line in the batch.</param>
internal readonly record struct RawOrder(
    int Customer, DateTime At, long Earlier, DateTime? JoinedAt, DateTime? LastAt, DateTime? FourthLastAt, string? Channel, string? Region, string[] Segments, long Shipping, long GivenThen, bool Twice,
    int FirstLine)
{
    /// <summary>Where the customer stood as the order was placed; null for a guest.</summary>
    public Lifecycle? Stood
    {
        get
        {
            if (Customer < 0)
                return null;
            var inYear = FourthLastAt >= At.AddDays(-365) ? LifecycleRules.LoyalOrders : 0;
            return LifecycleRules.Of((At - (JoinedAt ?? At)).TotalDays, (int)Math.Min(Earlier, int.MaxValue), inYear, LastAt is { } last ? (At - last).TotalDays : null);
        }
    }
}

/// <summary>A line as it lies in the lake; −1 for what is not known.</summary>
internal readonly record struct RawLine(int Goods, long Quantity, long UnitPrice);

/// <summary>Whole customers, one after the other, each one's orders in order of time: what one core prices at a time.</summary>
internal sealed class ReplayBatch
{
    public List<RawOrder> Orders { get; } = [];

    public List<RawLine> Lines { get; } = [];

    public ReadOnlySpan<RawLine> LinesOf(int order)
    {
        var end = order + 1 < Orders.Count ? Orders[order + 1].FirstLine : Lines.Count;
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Lines)[Orders[order].FirstLine..end];
    }
}

/// <summary>Something that was sold, as campaigns see it.</summary>
/// <param name="Category">Number of its category; −1 for none.</param>
internal sealed record ReplayGoods(string? Sku, string? Brand, int Category, IReadOnlyList<string> Categories);
