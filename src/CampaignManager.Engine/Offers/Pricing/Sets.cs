namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// Forms as many sets of a buy-and-get or a bundle as there are and pay; marks the units in the <see cref="GrantBuffer"/>. Which units
/// serve does not depend on the order of the lines: ties go to the earlier line id, then to the earlier unit.
/// </summary>
internal sealed class Sets(CartState state, GrantBuffer grant)
{
    private readonly Dearest byDearest = new();
    private readonly Cheapest byCheapest = new();
    private readonly SlotFlow flow = new();
    private UnitRun[] runs = new UnitRun[32];
    private int[] order = new int[32];
    private int count;

    /// <summary>Units missing to the first set, where none was complete.</summary>
    public long Missing { get; private set; }

    /// <summary>Running amount of the units taken.</summary>
    public long TakenSum { get; private set; }

    /// <summary>
    /// Set after set, buys take the dearest units and gets the cheapest (or dearest) of the rest; a unit without which the sets still to
    /// come could not be filled is left to them.
    /// </summary>
    /// <returns>How many sets there are: as many as fit at all.</returns>
    public long BuyAndGet(ReadOnlySpan<int> lines, Mechanic mechanic)
    {
        const int Buy = 1, Get = 2;
        Gather(lines, mechanic.Slots);
        var (buy, get) = ((long)mechanic.Slots[0].Quantity, (long)mechanic.Slots[1].Quantity);
        long toBuy = 0, toGet = 0, all = 0;
        for (var i = 0; i < count; i++)
        {
            all += runs[i].Left;
            toBuy += (runs[i].Slots & Buy) != 0 ? runs[i].Left : 0;
            toGet += (runs[i].Slots & Get) != 0 ? runs[i].Left : 0;
        }

        TakenSum = 0;
        var times = Math.Min(Math.Min(mechanic.MaxTimes, all / (buy + get)), Math.Min(toBuy / buy, toGet / get));
        Missing = times > 0 ? 0 : buy + get - Math.Min(Math.Min(buy + get, all), Math.Min(toBuy + get, buy + toGet));
        if (times <= 0)
            return 0;
        for (var i = 0; i < count; i++)
            order[i] = i;
        if (!mechanic.PickDearest)
            order.AsSpan(0, count).Sort(byCheapest.Over(runs));
        // How many units of both kinds the one side may take before the other side needs all that is left.
        var (sparedByGets, sparedByBuys) = (toGet - (times * get), toBuy - (times * buy));
        var (nextBuy, nextGet) = (0, 0);
        for (long set = 0; set < times; set++)
        {
            for (var missing = buy; missing > 0;)
                missing -= Take(ref runs[nextBuy], Buy, missing, ref sparedByGets, GrantBuffer.Bought, ref nextBuy);
            for (var missing = get; missing > 0;)
            {
                ref var run = ref runs[order[nextGet]];
                var taken = Take(ref run, Get, missing, ref sparedByBuys, GrantBuffer.Taken, ref nextGet);
                missing -= taken;
                TakenSum += taken * run.Amount;
            }
        }

        return times;
    }

    /// <summary>
    /// The number of sets that saves most, the smallest such number; they are filled with the dearest units that fit. The largest sum of
    /// units in k sets is concave in k, so that the last set that saves anything is found by halving.
    /// </summary>
    /// <returns>What the sets save; <paramref name="times"/> says how many there are.</returns>
    public long Bundle(ReadOnlySpan<int> lines, Mechanic mechanic, out long times)
    {
        Gather(lines, mechanic.Slots);
        flow.Begin(mechanic.Slots, runs.AsSpan(0, count));
        long units = 0, perSet = 0;
        for (var i = 0; i < count; i++)
            units += runs[i].Left;
        foreach (var slot in mechanic.Slots)
            perSet += slot.Quantity;
        (TakenSum, Missing, times) = (0, 0, 0);
        var (least, most) = (0L, Math.Min(mechanic.MaxTimes, units / perSet));
        while (least < most)
        {
            // The first look is at one set, since most bundles form few.
            var k = least == 0 && most > 2 ? 1 : least + ((most - least + 1) / 2);
            var sum = flow.Fill(k);
            if (sum >= 0 && sum - (k == 1 ? 0 : flow.Fill(k - 1)) > mechanic.Amount)
                least = k;
            else
                most = k - 1;
        }

        times = least;
        if (times == 0)
        {
            Missing = flow.Fill(1) < 0 ? perSet - flow.Placed : 0;
            return 0;
        }

        TakenSum = flow.Fill(times);
        for (var i = 0; i < count; i++)
            Mark(ref runs[i], flow.Kept[i], GrantBuffer.Taken);
        return TakenSum - (times * mechanic.Amount);
    }

    /// <summary>Takes units for one side, or steps on to the next run.</summary>
    private long Take(ref UnitRun run, int side, long wanted, ref long spared, byte mark, ref int next)
    {
        var most = (run.Slots & side) == 0 ? 0 : (run.Slots & ~side) == 0 ? run.Left : Math.Min(run.Left, spared);
        if (most == 0)
        {
            next++;
            return 0;
        }

        var taken = (int)Math.Min(most, wanted);
        if ((run.Slots & ~side) != 0)
            spared -= taken;
        Mark(ref run, taken, mark);
        return taken;
    }

    private void Mark(ref UnitRun run, int units, byte mark)
    {
        grant.Marks.AsSpan(run.First, units).Fill(mark);
        run.First += units;
        run.Left -= units;
    }

    /// <summary>The units that may serve, by runs of equal ones, dearest first.</summary>
    private void Gather(ReadOnlySpan<int> lines, Slot[] slots)
    {
        count = 0;
        var ranks = state.Ranks();
        foreach (var line in lines)
        {
            var fits = 0;
            for (var s = 0; s < slots.Length; s++)
                fits |= state.Covers(slots[s].Scope, line) ? 1 << s : 0;
            if (fits == 0)
                continue;
            var open = false;
            for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
            {
                if (state.Served[u])
                {
                    open = false;
                }
                else if (open && runs[count - 1].Amount == state.Unit[u])
                {
                    runs[count - 1].Left++;
                }
                else
                {
                    if (count == runs.Length)
                        (runs, order) = (Twice(runs), new int[count * 2]);
                    runs[count++] = new UnitRun { Amount = state.Unit[u], Rank = ranks[line], First = u, Left = 1, Slots = fits };
                    open = true;
                }
            }
        }

        runs.AsSpan(0, count).Sort(byDearest);
    }

    private static UnitRun[] Twice(UnitRun[] runs)
    {
        Array.Resize(ref runs, runs.Length * 2);
        return runs;
    }

    private sealed class Dearest : IComparer<UnitRun>
    {
        public int Compare(UnitRun x, UnitRun y) =>
            x.Amount != y.Amount ? y.Amount.CompareTo(x.Amount) : x.Rank != y.Rank ? x.Rank.CompareTo(y.Rank) : x.First.CompareTo(y.First);
    }

    private sealed class Cheapest : IComparer<int>
    {
        private UnitRun[] of = [];

        public Cheapest Over(UnitRun[] runs)
        {
            of = runs;
            return this;
        }

        // Runs of equal amounts stand in the order of their ties already.
        public int Compare(int x, int y) => of[x].Amount != of[y].Amount ? of[x].Amount.CompareTo(of[y].Amount) : x.CompareTo(y);
    }
}

/// <summary>Units of one line that cost the same and stand beside each other.</summary>
internal struct UnitRun
{
    public long Amount;

    /// <summary>Place of the line by its id.</summary>
    public int Rank;

    /// <summary>The first unit that has not served.</summary>
    public int First;

    public int Left;

    /// <summary>The slots it fits, by bits.</summary>
    public int Slots;
}
