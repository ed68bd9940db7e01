namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What a campaign would do to the cart as it stands; the amounts by unit are in the <see cref="GrantBuffer"/>.</summary>
internal struct Grant
{
    public ReasonCode Reason;

    /// <summary>After the campaign's cap, before floors and budget.</summary>
    public long Desired;

    /// <summary>Off goods.</summary>
    public long Goods;

    /// <summary>Off shipping.</summary>
    public long Shipping;

    public long GiftValue;

    /// <summary>Which gift step; meant only where <see cref="GiftCount"/> is not zero.</summary>
    public int GiftStep;

    public int GiftCount;

    /// <summary>How far its thresholds were reached: number of the tier, times that one fits in, sets formed; zero below them, and without any.</summary>
    public long Level;

    /// <summary>What the threshold was held against.</summary>
    public long Basis;

    /// <summary>Running amount of what could be discounted.</summary>
    public long Sum;

    public long Missing;

    public bool MissingIsQuantity;

    /// <summary>Index of the campaign in the way; −1 for none.</summary>
    public int Rival;

    public long By;

    public string? Limit;

    public readonly bool Applies => Reason == ReasonCode.Applied;

    public readonly long Amount => Goods + Shipping;

    public static Grant Refused(ReasonCode reason) => new() { Reason = reason, Rival = -1 };

    /// <summary>Whether this one is better for the customer: lower total, then the larger gift.</summary>
    public readonly bool Beats(in Grant other) => Amount != other.Amount ? Amount > other.Amount : GiftValue > other.GiftValue;
}

/// <summary>Amounts off by unit, for the one campaign being worked out.</summary>
internal sealed class GrantBuffer
{
    private int[] touched = [];
    private int touchedCount;
    private CartState state = null!;

    /// <summary>Off each unit.</summary>
    public long[] Units { get; private set; } = [];

    /// <summary>Off each line.</summary>
    public long[] Lines { get; private set; } = [];

    /// <summary>Units in sets: <see cref="Taken"/> ones are got or bundled, <see cref="Bought"/> ones only counted.</summary>
    public byte[] Marks { get; private set; } = [];

    public const byte Bought = 1;

    public const byte Taken = 2;

    public ReadOnlySpan<int> Touched => touched.AsSpan(0, touchedCount);

    public void Load(CartState cart)
    {
        state = cart;
        touchedCount = 0;
        if (Lines.Length < cart.LineCount)
            (Lines, touched) = (new long[cart.LineCount], new int[cart.LineCount]);
        if (Units.Length < cart.UnitCount)
            (Units, Marks) = (new long[cart.UnitCount], new byte[cart.UnitCount]);
        // Only what this cart uses: what a larger one has left beyond is cleared before the next that reaches so far.
        Lines.AsSpan(0, cart.LineCount).Clear();
        Units.AsSpan(0, cart.UnitCount).Clear();
        Marks.AsSpan(0, cart.UnitCount).Clear();
    }

    public void Clear()
    {
        foreach (var line in Touched)
        {
            Lines[line] = 0;
            var (start, count) = (state.Start[line], state.Start[line + 1] - state.Start[line]);
            Units.AsSpan(start, count).Clear();
            Marks.AsSpan(start, count).Clear();
        }

        touchedCount = 0;
    }

    public void Touch(ReadOnlySpan<int> lines)
    {
        lines.CopyTo(touched);
        touchedCount = lines.Length;
    }

    /// <summary>Adds the units up into lines.</summary>
    /// <returns>The sum of all.</returns>
    public long Total()
    {
        long total = 0;
        foreach (var line in Touched)
        {
            long sum = 0;
            for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
                sum += Units[u];
            Lines[line] = sum;
            total += sum;
        }

        return total;
    }

    /// <summary>Makes the cart cost that much less.</summary>
    public void Commit(in Grant grant)
    {
        foreach (var line in Touched)
        {
            for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
            {
                state.Unit[u] -= Units[u];
                state.Served[u] |= Marks[u] != 0;
            }

            state.Running[line] -= Lines[line];
        }

        state.Goods -= grant.Goods;
        state.Shipping -= grant.Shipping;
        state.GiftValue += grant.GiftValue;
    }
}
