using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>The files as orders. Where the rows of each follow each other they stream; else they are brought together.</summary>
internal sealed class RawOrders(Template template, OrderFiles files, OrderRows rows, bool apart)
{
    // Rows that are looked up by orders are held; customers, payments, products.
    private Dictionary<(string File, string Key), List<FileRow>>? lookedUp;

    /// <summary>
    /// Where the rows of orders lie apart: whether an order whose rows come twice in full is one that was exported twice.
    /// </summary>
    public bool RepeatsAreCopies { get; set; } = true;

    /// <summary>The file says its header again: several exports were put together.</summary>
    public bool PutTogether { get; init; }

    public RawOrderTally Tally { get; private set; } = new();

    public IEnumerable<RawOrder> Read(CancellationToken cancel)
    {
        Tally = new RawOrderTally();
        var orders = apart || files.Lines.Count > 0 ? Grouped(cancel) : Streamed(cancel);
        return files.LookedUp.Count == 0 ? orders : orders.Select(o => LookUp(o, cancel));
    }

    private IEnumerable<RawOrder> Streamed(CancellationToken cancel)
    {
        RawOrder? current = null;
        var run = 0L;
        foreach (var (row, key) in rows.Keyed(apart: false, cancel))
        {
            if (key is null)
            {
                Tally.RowsOfNone++;
                continue;
            }

            if (current is null || row.Run != run)
            {
                if (current is not null)
                    yield return current;
                (current, run) = (new RawOrder(key), row.Run);
            }

            current.Heads.Add(row);
        }

        if (current is not null)
            yield return current;
    }

    private IEnumerable<RawOrder> Grouped(CancellationToken cancel)
    {
        using var groups = new RowGroups([.. files.All.Select(f => f.Map)]);
        foreach (var (row, key) in rows.Keyed(apart: true, cancel))
        {
            if (key is null)
                Tally.RowsOfNone++;
            else
                groups.Add(key, line: false, row);
        }

        foreach (var file in files.Lines)
        {
            foreach (var row in files.Rows(file, cancel))
            {
                Tally.LineRows++;
                if (row[file.Side!.Key] is { } text && IdColumn.Bare(text) is { } key)
                    groups.Add(key, line: true, row);
                else
                    Tally.LinesWithoutOrder++;
            }
        }

        foreach (var order in groups.Orders())
        {
            cancel.ThrowIfCancellationRequested();
            if (order.Heads.Count == 0)
                Tally.LinesWithoutOrder += order.Lines.Count;
            else
                yield return Once(order);
        }
    }

    /// <summary>An order that is there several times, as exports that overlap have it, once.</summary>
    private RawOrder Once(RawOrder order)
    {
        if (order.Heads.Count < 2 || order.Heads[^1].Run == order.Heads[0].Run)
            return order;
        var runs = order.Heads.GroupBy(h => h.Run).Select(g => g.ToList()).ToList();
        var areCopies = runs.TrueForAll(r => r.Count == runs[0].Count && r.Zip(runs[0]).All(p => p.First.SaysTheSameAs(p.Second)));
        Tally.InSeveralRuns++;
        Tally.Copies += areCopies ? 1 : 0;
        if (template.Shape.Type == ShapeType.Repeated)
        {
            if (!areCopies || !RepeatsAreCopies)
                return order;
        }
        else if (!areCopies && template.Shape.Type == ShapeType.FirstRow)
        {
            return OnceOf(order, runs);
        }

        Tally.RepeatedRows += areCopies ? order.Heads.Count - runs[0].Count : 0;
        Tally.Again += areCopies ? 0 : 1;
        // The last says how it stands.
        return new RawOrder(order.Key) { Heads = runs[^1], Lines = order.Lines };
    }

    /// <summary>Runs that begin an order, and rows that lay elsewhere.</summary>
    private RawOrder OnceOf(RawOrder order, List<List<FileRow>> runs)
    {
        var whole = runs.Where(IsWhole).ToList();
        var longest = whole.MaxBy(r => r.Count);
        if (longest is null)
            return order;
        // A page of an export may end inside an order that the next one has whole.
        var areCutOff = whole.TrueForAll(r => r.Zip(longest).All(p => p.First.SaysTheSameAs(p.Second)));
        var taken = areCutOff ? longest : whole[^1];
        Tally.Again += areCutOff ? 0 : 1;
        Tally.RepeatedRows += areCutOff ? whole.Sum(r => r.Count) - longest.Count : 0;
        var heads = new List<FileRow>(taken);
        foreach (var row in runs.Where(r => !IsWhole(r)).SelectMany(r => r))
        {
            // Where pages were put together, a row that is there already is that row again; else equal rows are equal lines.
            if (PutTogether && taken.Exists(row.SaysTheSameAs))
                Tally.RepeatedRows++;
            else
                heads.Add(row);
        }

        return new RawOrder(order.Key) { Heads = heads, Lines = order.Lines };
    }

    private bool IsWhole(List<FileRow> run) =>
        template.Shape.Type != ShapeType.FirstRow || template.Shape.Start.Any(s => run[0][s] is not null);

    private RawOrder LookUp(RawOrder order, CancellationToken cancel)
    {
        lookedUp ??= Held(cancel);
        order.BesideLines = OfLine;
        foreach (var side in files.LookedUp.Select(f => f.Side!).Where(s => !IsOfLines(s)))
        {
            if (order[side.Of] is { } key && lookedUp.TryGetValue((side.Name, key), out var found))
                order.Beside.AddRange(found);
        }

        return order;
    }

    private bool IsOfLines(TemplateSideFile side) => !files.Main.Any(f => f.Map.Place(side.Of) >= 0);

    private string? OfLine(FileRow line, string column)
    {
        foreach (var side in files.LookedUp.Select(f => f.Side!).Where(IsOfLines))
        {
            if (line[side.Of] is { } key && lookedUp!.TryGetValue((side.Name, key), out var found) && found[0][column] is { } text)
                return text;
        }

        return null;
    }

    private Dictionary<(string File, string Key), List<FileRow>> Held(CancellationToken cancel)
    {
        var held = new Dictionary<(string File, string Key), List<FileRow>>();
        foreach (var file in files.LookedUp)
        {
            foreach (var row in files.Rows(file, cancel))
            {
                if (row[file.Side!.Key] is not { } key)
                    continue;
                if (!held.TryGetValue((file.Side.Name, key), out var found))
                    held[(file.Side.Name, key)] = found = [];
                found.Add(row);
            }
        }

        return held;
    }
}

/// <summary>What was found while rows were put together.</summary>
internal sealed class RawOrderTally
{
    public long RowsOfNone { get; set; }

    public long LineRows { get; set; }

    public long LinesWithoutOrder { get; set; }

    public long InSeveralRuns { get; set; }

    public long Copies { get; set; }

    public long RepeatedRows { get; set; }

    public long Again { get; set; }
}
