namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// Fills the slots of k bundles with the dearest units that fit: each run in turn keeps as many units as still find a place, units kept
/// before moving to other slots where that makes room (augmenting paths). What fits at all is a transversal matroid, so that this way the
/// sum is the largest.
/// </summary>
internal sealed class SlotFlow
{
    private const int MostSlots = 32;

    private readonly int[] kindOf = new int[1 << 10];
    private readonly long[] spare = new long[MostSlots];
    private readonly int[] cameFrom = new int[MostSlots];
    private readonly int[] through = new int[MostSlots];
    private readonly int[] queue = new int[MostSlots];
    private Slot[] slots = [];
    private UnitRun[] runs = [];
    private int[] kinds = [];
    private int[] masks = new int[16];
    private bool[] full = new bool[16];
    private long[] placed = new long[16 * 4];
    private int runCount;
    private int kindCount;

    /// <summary>How many units of each run are kept.</summary>
    public int[] Kept { get; private set; } = [];

    /// <summary>Units in slots after the last filling.</summary>
    public long Placed { get; private set; }

    /// <param name="wanted">At most ten slots.</param>
    /// <param name="units">Dearest first.</param>
    public void Begin(Slot[] wanted, ReadOnlySpan<UnitRun> units)
    {
        (slots, runCount, kindCount) = (wanted, units.Length, 0);
        if (runs.Length < runCount)
            (runs, kinds, Kept) = (new UnitRun[runCount * 2], new int[runCount * 2], new int[runCount * 2]);
        units.CopyTo(runs);
        // Units that fit the same slots are of one kind: where one stands the other may.
        for (var i = 0; i < runCount; i++)
        {
            var mask = runs[i].Slots;
            if (kindOf[mask] == 0)
            {
                if (kindCount == masks.Length)
                {
                    Array.Resize(ref masks, kindCount * 2);
                    Array.Resize(ref full, kindCount * 2);
                }

                masks[kindCount++] = mask;
                kindOf[mask] = kindCount;
            }

            kinds[i] = kindOf[mask] - 1;
        }

        for (var i = 0; i < kindCount; i++)
            kindOf[masks[i]] = 0;
        if (placed.Length < kindCount * slots.Length)
            placed = new long[kindCount * slots.Length * 2];
    }

    /// <summary>The largest sum of units that fill the slots of so many sets; −1 when they cannot be filled.</summary>
    public long Fill(long sets)
    {
        long needed = 0, sum = 0;
        for (var s = 0; s < slots.Length; s++)
            needed += spare[s] = sets * slots[s].Quantity;
        placed.AsSpan(0, kindCount * slots.Length).Clear();
        full.AsSpan(0, kindCount).Clear();
        Placed = 0;
        for (var i = 0; i < runCount; i++)
        {
            Kept[i] = 0;
            while (Kept[i] < runs[i].Left && !full[kinds[i]])
            {
                var more = Place(kinds[i], runs[i].Left - Kept[i]);
                // Where no unit of a kind finds a place, none does later.
                full[kinds[i]] = more == 0;
                Kept[i] += (int)more;
                Placed += more;
                sum += more * runs[i].Amount;
            }
        }

        return Placed == needed ? sum : -1;
    }

    /// <summary>Places units of a kind along one path.</summary>
    /// <returns>How many; zero when there is none.</returns>
    private long Place(int kind, long wanted)
    {
        var (head, tail, seen) = (0, 0, masks[kind]);
        for (var s = 0; s < slots.Length; s++)
        {
            if ((masks[kind] & (1 << s)) == 0)
                continue;
            if (spare[s] > 0)
                return Move(kind, s, -1, wanted);
            (cameFrom[s], queue[tail++]) = (-1, s);
        }

        while (head < tail)
        {
            var from = queue[head++];
            for (var other = 0; other < kindCount; other++)
            {
                var open = placed[(other * slots.Length) + from] > 0 ? masks[other] & ~seen : 0;
                for (; open != 0; open &= open - 1)
                {
                    var to = System.Numerics.BitOperations.TrailingZeroCount(open);
                    (cameFrom[to], through[to], queue[tail++]) = (from, other, to);
                    seen |= 1 << to;
                    if (spare[to] > 0)
                        return Move(kind, to, from, wanted);
                }
            }
        }

        return 0;
    }

    private long Move(int kind, int last, int before, long wanted)
    {
        var most = Math.Min(wanted, spare[last]);
        for (int to = last, from = before; from >= 0; to = from, from = cameFrom[from])
            most = Math.Min(most, placed[(through[to] * slots.Length) + from]);
        spare[last] -= most;
        var at = last;
        for (var from = before; from >= 0; at = from, from = cameFrom[from])
        {
            placed[(through[at] * slots.Length) + at] += most;
            placed[(through[at] * slots.Length) + from] -= most;
        }

        placed[(kind * slots.Length) + at] += most;
        return most;
    }
}
