namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Whether what orders name as their customer is one: somebody who can come back, and not everybody.</summary>
internal sealed class CustomerCheck
{
    // Below that nothing can be said of who comes back.
    private const int FewestOrders = 50;
    private const int MostRemembered = 5_000_000;

    private readonly Dictionary<ulong, int> orders = [];

    public long Orders { get; private set; }

    /// <summary>Orders that name somebody, whether or not it is a key.</summary>
    public long Named { get; private set; }

    public long Keyed { get; private set; }

    public void See(OrderDraft order)
    {
        Orders++;
        Named += order.CustomerText is null ? 0 : 1;
        if (order.CustomerId is not { } id)
            return;
        Keyed++;
        var hash = TextHash.Of(id);
        if (orders.TryGetValue(hash, out var count) || orders.Count < MostRemembered)
            orders[hash] = count + 1;
    }

    /// <summary>Every order has another customer.</summary>
    public bool OneEach => Keyed >= FewestOrders && orders.Count == Keyed;

    /// <summary>People are named, and no name is a key.</summary>
    public bool NoKeys => Named > 0 && Keyed == 0;

    /// <summary>Keys that stand for many: over one per cent of all orders, and far from any other customer.</summary>
    public IReadOnlySet<ulong> Shared()
    {
        if (Keyed < FewestOrders)
            return new HashSet<ulong>();
        var most = orders.OrderByDescending(o => o.Value).Take(6).ToList();
        var usual = most[^1].Value;
        return most.Where(o => o.Value >= FewestOrders / 2 && o.Value > Keyed / 100.0 && o.Value > 5 * usual)
            .Select(o => o.Key).ToHashSet();
    }
}
