namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What has been granted so far: which campaign took how much off which units.</summary>
internal sealed class Journal(CartState state, GrantBuffer buffer)
{
    private Entry[] entries = new Entry[64];
    private long[] units = new long[256];
    private CompiledCampaign[] applied = new CompiledCampaign[16];
    private int entryCount;
    private int unitCount;

    /// <summary>A campaign on a line.</summary>
    public readonly record struct Entry(CompiledCampaign Campaign, int Line, long Amount, int Units);

    /// <summary>Campaigns that have applied.</summary>
    public int Count { get; private set; }

    /// <summary>Index of the first campaign that has applied.</summary>
    public int First => applied[0].Index;

    public ReadOnlySpan<Entry> Entries => entries.AsSpan(0, entryCount);

    public ReadOnlySpan<CompiledCampaign> Applied => applied.AsSpan(0, Count);

    public int Capacity => units.Length;

    public void Clear() => (Count, entryCount, unitCount) = (0, 0, 0);

    /// <summary>Makes the cart cost less by what the buffer holds, and notes it.</summary>
    public void Commit(CompiledCampaign campaign, in Grant grant)
    {
        if (Count == applied.Length)
            Array.Resize(ref applied, Count * 2);
        applied[Count++] = campaign;
        foreach (var line in buffer.Touched)
        {
            if (buffer.Lines[line] == 0)
                continue;
            var count = state.Start[line + 1] - state.Start[line];
            if (entryCount == entries.Length)
                Array.Resize(ref entries, entryCount * 2);
            if (unitCount + count > units.Length)
                Array.Resize(ref units, Math.Max(units.Length * 2, unitCount + count));
            buffer.Units.AsSpan(state.Start[line], count).CopyTo(units.AsSpan(unitCount));
            entries[entryCount++] = new Entry(campaign, line, buffer.Lines[line], unitCount);
            unitCount += count;
        }

        buffer.Commit(grant);
    }

    public long[] UnitsOf(in Entry entry) => units.AsSpan(entry.Units, state.Start[entry.Line + 1] - state.Start[entry.Line]).ToArray();
}
