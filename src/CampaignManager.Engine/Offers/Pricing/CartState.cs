namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>A cart while it is being priced: what each unit, each line and shipping cost after the campaigns applied so far. Buffers are kept between quotes.</summary>
internal sealed class CartState
{
    private ulong[] excluded = [];
    private int[] ranks = [];
    private int[] byId = [];
    private bool ranked;
    private ulong[] bits = [];
    private int words;

    public Cart Cart { get; private set; } = null!;

    public int LineCount { get; private set; }

    /// <summary>Index of each line's first unit; one more entry closes the last line.</summary>
    public int[] Start { get; private set; } = [];

    /// <summary>What each unit costs now.</summary>
    public long[] Unit { get; private set; } = [];

    /// <summary>Units that have served in a set.</summary>
    public bool[] Served { get; private set; } = [];

    /// <summary>What each line costs now.</summary>
    public long[] Running { get; private set; } = [];

    /// <summary>What each line cost at list prices.</summary>
    public long[] List { get; private set; } = [];

    /// <summary>What each line costs at least.</summary>
    public long[] Floor { get; private set; } = [];

    public bool HasFloors { get; private set; }

    /// <summary>What is left of shipping.</summary>
    public long Shipping { get; set; }

    /// <summary>What all lines cost now.</summary>
    public long Goods { get; set; }

    public long GiftValue { get; set; }

    public long GoodsAtList { get; private set; }

    public long Payable => Goods + Shipping;

    public int UnitCount => Start[LineCount];

    /// <summary>Takes a cart in, and which scopes cover its lines.</summary>
    /// <param name="cart">The cart.</param>
    /// <param name="scopes">The scopes of all campaigns.</param>
    /// <param name="known">A cart with the same first lines: what covers them is known.</param>
    /// <param name="like">Its line that those beyond are like.</param>
    public void Load(Cart cart, ScopeIndex scopes, CartState? known = null, int like = -1)
    {
        (Cart, LineCount, words) = (cart, cart.Lines.Count, scopes.Words);
        if (Running.Length < LineCount)
            (Running, List, Floor) = (new long[LineCount], new long[LineCount], new long[LineCount]);
        if (Start.Length < LineCount + 1)
            Start = new int[LineCount + 1];
        if (bits.Length < LineCount * words)
            bits = new ulong[LineCount * words];
        if (excluded.Length < words)
            excluded = new ulong[words];
        HasFloors = ranked = false;
        GoodsAtList = 0;
        var units = 0;
        for (var i = 0; i < LineCount; i++)
        {
            var line = cart.Lines[i];
            Start[i] = units;
            units += line.Quantity;
            List[i] = line.UnitPrice * line.Quantity;
            Floor[i] = line.MinUnitPrice * line.Quantity;
            HasFloors |= line.MinUnitPrice > 0;
            GoodsAtList += List[i];
            if (known is not null)
                known.bits.AsSpan((i < known.LineCount ? i : like) * words, words).CopyTo(bits.AsSpan(i * words, words));
            // No campaign sees a line that is not selected.
            else if (line.Selected)
                scopes.Cover(line, bits.AsSpan(i * words, words), excluded.AsSpan(0, words));
            else
                bits.AsSpan(i * words, words).Clear();
        }

        Start[LineCount] = units;
        if (Unit.Length < units)
            (Unit, Served) = (new long[units], new bool[units]);
        Reset();
    }

    /// <summary>Back to list prices.</summary>
    public void Reset()
    {
        for (var i = 0; i < LineCount; i++)
            Unit.AsSpan(Start[i], Start[i + 1] - Start[i]).Fill(Cart.Lines[i].UnitPrice);
        List.AsSpan(0, LineCount).CopyTo(Running);
        Served.AsSpan(0, UnitCount).Clear();
        (Shipping, Goods, GiftValue) = (Cart.Shipping, GoodsAtList, 0);
    }

    /// <summary>Each line's place by its id: where units tie, it decides, and not the order in which the lines were sent.</summary>
    public ReadOnlySpan<int> Ranks()
    {
        if (!ranked)
        {
            if (ranks.Length < LineCount)
                (ranks, byId) = (new int[LineCount], new int[LineCount]);
            for (var i = 0; i < LineCount; i++)
                byId[i] = i;
            byId.AsSpan(0, LineCount).Sort((x, y) => string.CompareOrdinal(Cart.Lines[x].Id, Cart.Lines[y].Id));
            for (var i = 0; i < LineCount; i++)
                ranks[byId[i]] = i;
            ranked = true;
        }

        return ranks.AsSpan(0, LineCount);
    }

    /// <summary>Whether a scope covers a line, and the line is selected.</summary>
    public bool Covers(int scope, int line) => (bits[line * words + (scope >> 6)] & (1UL << (scope & 63))) != 0;

    /// <summary>The union of all lines' scopes.</summary>
    public void AnyScope(Span<ulong> any)
    {
        any.Clear();
        for (var i = 0; i < LineCount; i++)
        {
            for (var w = 0; w < words; w++)
                any[w] |= bits[i * words + w];
        }
    }
}
