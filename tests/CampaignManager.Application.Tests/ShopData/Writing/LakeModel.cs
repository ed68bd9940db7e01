using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>The lake's meaning without its files: what imports said, in order, less those taken back and those erased.</summary>
internal sealed class LakeModel
{
    private readonly HashSet<string> erased = [];

    public List<(Guid Id, List<ReadRow> Rows)> Imports { get; } = [];

    private readonly Dictionary<Guid, Said> said = [];

    /// <summary>What an import stands for: the last of each order, the events that could stand, the rows of customers. Null: somebody erased.</summary>
    private sealed record Said(Dictionary<string, OrderRow?> Orders, List<EventRow> Events, List<CustomerRow> People)
    {
        /// <summary>Orders that were there with this content already.</summary>
        public HashSet<string> Claims { get; } = [];
    }

    public void Write(Guid id, List<ReadRow> rows)
    {
        var live = rows.Where(r => r switch
        {
            OrderRow o => !erased.Contains(o.CustomerId!),
            EventRow e => !erased.Contains(e.CustomerId!),
            CustomerRow c => !erased.Contains(c.Id),
            _ => true,
        }).ToList();
        var mine = new Said([], [], []);
        foreach (var order in live.OfType<OrderRow>())
            mine.Orders[order.Id] = order;
        var before = Now().ToDictionary(o => o.Id);
        mine.Claims.UnionWith(mine.Orders.Values.Where(o => before.TryGetValue(o!.Id, out var was) && Same(was, o)).Select(o => o!.Id));
        var now = Events();
        foreach (var e in live.OfType<EventRow>())
        {
            if (!now.TryGetValue(e.Id!, out var first))
                now[e.Id!] = first = e;
            if (first == e)
                mine.Events.Add(e);
        }

        mine.People.AddRange(live.OfType<CustomerRow>());
        Imports.Add((id, rows));
        said[id] = mine;
    }

    public void Undo(Guid id)
    {
        var after = Imports.SkipWhile(i => i.Id != id).Skip(1).Select(i => said[i.Id]).ToList();
        foreach (var order in said[id].Orders.Values.OfType<OrderRow>().Where(o => !said[id].Claims.Contains(o.Id)))
            after.FirstOrDefault(s => s.Claims.Contains(order.Id) && Same(s.Orders[order.Id]!, order))?.Claims.Remove(order.Id);
        Imports.RemoveAll(i => i.Id == id);
        said.Remove(id);
    }

    private static bool Same(OrderRow one, OrderRow other) =>
        (one.CustomerId, one.At, one.TotalMinor) == (other.CustomerId, other.At, other.TotalMinor) && one.Lines.SequenceEqual(other.Lines);

    public void Erase(string person)
    {
        erased.Add(person);
        foreach (var import in said.Values)
        {
            foreach (var order in import.Orders.Values.Where(o => o?.CustomerId == person).ToList())
            {
                // What it replaced stays replaced; where it only said what was there, nothing is left.
                import.Orders[order!.Id] = null;
                if (import.Claims.Remove(order.Id))
                    import.Orders.Remove(order.Id);
            }

            import.Events.RemoveAll(e => e.CustomerId == person);
            import.People.RemoveAll(c => c.Id == person);
        }
    }

    public List<string> OrdersNow() => Sorted(Now().Select(o => $"{o.Id}|{o.CustomerId}|{o.At:yyyy-MM-dd}|{o.TotalMinor}"));

    public List<string> LinesNow() => Sorted(Now().SelectMany(o => o.Lines.Select(l => $"{o.Id}|{l.LineNo}|{l.Sku}|{l.UnitPriceMinor}")));

    public List<string> EventsNow() => Sorted(Events().Values.Select(e => $"{e.Id}|{e.CustomerId}|{e.Sku}"));

    /// <summary>Joined when a list says so, else when first seen in what any import said and wrote.</summary>
    public List<string> PeopleNow()
    {
        var all = Imports.Select(i => said[i.Id]).ToList();
        var ids = all.SelectMany(s => s.People.Select(c => c.Id).Concat(Seen(s).Select(x => x.Who))).Distinct();
        return Sorted(ids.Select(id =>
        {
            var rows = all.SelectMany(s => s.People).Where(c => c.Id == id).ToList();
            var joined = rows.LastOrDefault(c => c.JoinedAt is not null)?.JoinedAt ?? all.SelectMany(Seen).Where(x => x.Who == id).Select(x => (DateTime?)x.At).Min();
            return string.Join('|', new[] { id, joined?.ToString("yyyy-MM-dd"), rows.LastOrDefault(c => c.Device is not null)?.Device }.Where(t => t is not null));
        }));
    }

    private static IEnumerable<(string Who, DateTime At)> Seen(Said s) =>
        s.Orders.Values.Where(o => o is not null).Select(o => (o!.CustomerId!, o.At)).Concat(s.Events.Select(e => (e.CustomerId!, e.At)));

    private IEnumerable<OrderRow> Now()
    {
        var now = new Dictionary<string, OrderRow?>();
        foreach (var import in Imports)
        {
            foreach (var (id, order) in said[import.Id].Orders)
                now[id] = order;
        }

        return now.Values.OfType<OrderRow>();
    }

    private Dictionary<string, EventRow> Events()
    {
        var now = new Dictionary<string, EventRow>();
        foreach (var import in Imports)
        {
            foreach (var e in said[import.Id].Events)
                now.TryAdd(e.Id!, e);
        }

        return now;
    }

    private static List<string> Sorted(IEnumerable<string> rows) => [.. rows.Order(StringComparer.Ordinal)];
}
