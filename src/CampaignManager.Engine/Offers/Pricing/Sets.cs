namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Forms the sets of buy-and-get and bundles, one at a time; marks the units in the <see cref="GrantBuffer"/>.</summary>
internal sealed class Sets(CartState state, GrantBuffer grant)
{
    private readonly int[] pointers = new int[10];
    private readonly long[] matching = new long[10];
    private readonly bool[] filled = new bool[10];
    private int[] dearest = new int[64];
    private int[] cheapest = new int[64];
    private int[] lineOf = new int[64];
    private int[] set = new int[16];
    private int setCount;
    private int count;

    /// <summary>Units missing to the first set, where none was complete.</summary>
    public long Missing { get; private set; }

    /// <summary>Running amount of the units taken.</summary>
    public long TakenSum { get; private set; }

    /// <summary>Buys take the dearest unused units, gets the cheapest (or dearest) of the rest; an incomplete set is undone.</summary>
    /// <returns>How many sets there are.</returns>
    public long BuyAndGet(ReadOnlySpan<int> lines, Mechanic mechanic)
    {
        Gather(lines, both: !mechanic.PickDearest);
        var (buy, get) = (mechanic.Slots[0], mechanic.Slots[1]);
        var (nextBuy, nextGet) = (0, 0);
        var order = mechanic.PickDearest ? dearest : cheapest;
        (TakenSum, Missing) = (0, 0);
        long times = 0;
        while (times < mechanic.MaxTimes)
        {
            setCount = 0;
            var bought = Take(dearest, ref nextBuy, buy, GrantBuffer.Bought, out _);
            var got = Take(order, ref nextGet, get, GrantBuffer.Taken, out var sum);
            if (bought < buy.Quantity || got < get.Quantity)
            {
                Missing = buy.Quantity - bought + get.Quantity - got;
                Undo();
                break;
            }

            TakenSum += sum;
            times++;
        }

        return times;
    }

    /// <summary>The slot with the fewest matching units is filled first, dearest unit first; an incomplete set, or one that costs no less than its price, is undone.</summary>
    /// <returns>What the sets save; <paramref name="times"/> says how many there are.</returns>
    public long Bundle(ReadOnlySpan<int> lines, Mechanic mechanic, out long times)
    {
        Gather(lines, both: false);
        var slots = mechanic.Slots;
        for (var s = 0; s < slots.Length; s++)
        {
            (pointers[s], matching[s]) = (0, 0);
            for (var i = 0; i < count; i++)
                matching[s] += state.Covers(slots[s].Scope, lineOf[dearest[i]]) ? 1 : 0;
        }

        (TakenSum, Missing, times) = (0, 0, 0);
        long saved = 0;
        while (times < mechanic.MaxTimes)
        {
            var (complete, sum) = Fill(slots);
            if (!complete || sum <= mechanic.Amount)
            {
                Undo();
                break;
            }

            saved += sum - mechanic.Amount;
            TakenSum += sum;
            times++;
        }

        return saved;
    }

    private (bool Complete, long Sum) Fill(Slot[] slots)
    {
        setCount = 0;
        long total = 0;
        long missing = 0;
        Array.Clear(filled);
        for (var round = 0; round < slots.Length; round++)
        {
            var least = -1;
            for (var s = 0; s < slots.Length; s++)
            {
                if (!filled[s] && (least < 0 || matching[s] < matching[least]))
                    least = s;
            }

            filled[least] = true;
            var before = setCount;
            missing += slots[least].Quantity - Take(dearest, ref pointers[least], slots[least], GrantBuffer.Taken, out var sum);
            total += sum;
            for (var i = before; i < setCount; i++)
            {
                for (var s = 0; s < slots.Length; s++)
                    matching[s] -= state.Covers(slots[s].Scope, lineOf[set[i]]) ? 1 : 0;
            }
        }

        Missing = missing;
        return (missing == 0, total);
    }

    private int Take(int[] order, ref int next, Slot slot, byte mark, out long sum)
    {
        sum = 0;
        var taken = 0;
        while (taken < slot.Quantity && next < count)
        {
            var unit = order[next++];
            if (grant.Marks[unit] != 0 || !state.Covers(slot.Scope, lineOf[unit]))
                continue;
            grant.Marks[unit] = mark;
            sum += state.Unit[unit];
            if (setCount == set.Length)
                Array.Resize(ref set, setCount * 2);
            set[setCount++] = unit;
            taken++;
        }

        return taken;
    }

    private void Undo()
    {
        for (var i = 0; i < setCount; i++)
            grant.Marks[set[i]] = 0;
        setCount = 0;
    }

    private void Gather(ReadOnlySpan<int> lines, bool both)
    {
        count = 0;
        if (dearest.Length < state.UnitCount)
            (dearest, cheapest, lineOf) = (new int[state.UnitCount], new int[state.UnitCount], new int[state.UnitCount]);
        foreach (var line in lines)
        {
            for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
            {
                if (state.Served[u])
                    continue;
                lineOf[u] = line;
                dearest[count++] = u;
            }
        }

        var amounts = state.Unit;
        if (both)
        {
            dearest.AsSpan(0, count).CopyTo(cheapest);
            cheapest.AsSpan(0, count).Sort(new Cheapest(amounts));
        }

        dearest.AsSpan(0, count).Sort(new Dearest(amounts));
    }

    private readonly struct Dearest(long[] amounts) : IComparer<int>
    {
        public int Compare(int x, int y) => amounts[x] != amounts[y] ? amounts[y].CompareTo(amounts[x]) : x.CompareTo(y);
    }

    private readonly struct Cheapest(long[] amounts) : IComparer<int>
    {
        public int Compare(int x, int y) => amounts[x] != amounts[y] ? amounts[x].CompareTo(amounts[y]) : x.CompareTo(y);
    }
}
