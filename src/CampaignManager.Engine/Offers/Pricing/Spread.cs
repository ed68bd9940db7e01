using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Splits amounts over units by largest remainder, under the floors of lines.</summary>
/// <remarks>Neighbouring units that weigh the same are split as one run, so a line of a thousand equal units costs no more than a line of one.</remarks>
internal sealed class Spread(CartState state, GrantBuffer grant)
{
    private AllocationRun[] runs = new AllocationRun[32];
    private AllocationRest[] rests = new AllocationRest[32];
    private long[] room = [];
    private long[] weights = [];
    private long[] offers = [];
    private int count;

    /// <summary>Over all units of these lines; what a floor blocks is offered to the lines that still have room, until nothing moves.</summary>
    /// <param name="lines">Touched lines.</param>
    /// <param name="desired">What should come off.</param>
    /// <param name="sum">Running amount of the lines.</param>
    /// <returns>What comes off.</returns>
    public long OverLines(ReadOnlySpan<int> lines, long desired, long sum)
    {
        if (sum == 0)
            return 0;
        count = 0;
        foreach (var line in lines)
            AddUnits(line, taken: false);
        if (!state.HasFloors)
        {
            Split(Math.Min(desired, sum), sum);
            return grant.Total();
        }

        Split(desired, sum);
        Offer(lines);
        return grant.Total();
    }

    /// <summary>Over the units that sets have taken; what a floor blocks is lost.</summary>
    public long OverTaken(ReadOnlySpan<int> lines, long desired, long sum)
    {
        if (sum == 0)
            return 0;
        count = 0;
        foreach (var line in lines)
            AddUnits(line, taken: true);
        Split(Math.Min(desired, sum), sum);
        var total = grant.Total();
        if (!state.HasFloors)
            return total;
        foreach (var line in lines)
        {
            var most = Room(line);
            if (grant.Lines[line] <= most)
                continue;
            long taken = 0;
            for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
                taken += grant.Marks[u] == GrantBuffer.Taken ? state.Unit[u] : 0;
            Again(line, most, taken, onlyTaken: true);
        }

        return grant.Total();
    }

    /// <summary>Over all units of one line, whatever its floor.</summary>
    public void OverLine(int line, long amount) => Again(line, Math.Min(amount, state.Running[line]), state.Running[line], onlyTaken: false);

    /// <summary>Scales what the units get to a smaller total, in proportion.</summary>
    public long Scale(long total, long granted)
    {
        count = 0;
        foreach (var line in grant.Touched)
        {
            for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
                AddUnit(u, grant.Units[u]);
        }

        Split(total, granted);
        return grant.Total();
    }

    /// <summary>How much a line can still give.</summary>
    public long Room(int line) => Math.Max(0, state.Running[line] - state.Floor[line]);

    private void Offer(ReadOnlySpan<int> lines)
    {
        if (room.Length < lines.Length)
            (room, weights, offers) = (new long[lines.Length * 2], new long[lines.Length * 2], new long[lines.Length * 2]);
        grant.Total();
        Int128 blocked = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            room[i] = Room(lines[i]);
            blocked += Math.Max(0, grant.Lines[lines[i]] - room[i]);
        }

        if (blocked == 0)
            return;
        // offers: what each line takes in all, so far.
        for (var i = 0; i < lines.Length; i++)
            offers[i] = Math.Min(room[i], grant.Lines[lines[i]]);
        while (blocked > 0)
        {
            Int128 sum = 0;
            for (var i = 0; i < lines.Length; i++)
            {
                weights[i] = offers[i] < room[i] ? state.Running[lines[i]] : 0;
                sum += weights[i];
            }

            if (sum == 0)
                break;
            count = 0;
            for (var i = 0; i < lines.Length; i++)
                Add(new AllocationRun { Start = i, Count = 1, Weight = weights[i] });
            SplitRuns((long)blocked, (long)sum);
            Int128 moved = 0;
            for (var r = 0; r < count; r++)
            {
                ref var run = ref runs[r];
                var take = Math.Min(run.Part + run.Extra, room[run.Start] - offers[run.Start]);
                offers[run.Start] += take;
                moved += take;
            }

            if (moved == 0)
                break;
            blocked -= moved;
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (offers[i] != grant.Lines[lines[i]])
                Again(lines[i], offers[i], state.Running[lines[i]], onlyTaken: false);
        }
    }

    private void Again(int line, long amount, long sum, bool onlyTaken)
    {
        count = 0;
        AddUnits(line, onlyTaken);
        grant.Units.AsSpan(state.Start[line], state.Start[line + 1] - state.Start[line]).Clear();
        if (sum > 0)
            Split(amount, sum);
    }

    private void AddUnits(int line, bool taken)
    {
        for (var u = state.Start[line]; u < state.Start[line + 1]; u++)
        {
            if (!taken || grant.Marks[u] == GrantBuffer.Taken)
                AddUnit(u, state.Unit[u]);
        }
    }

    private void AddUnit(int unit, long weight)
    {
        if (weight == 0)
            return;
        if (count > 0 && runs[count - 1].Weight == weight && runs[count - 1].Start + runs[count - 1].Count == unit)
            runs[count - 1].Count++;
        else
            Add(new AllocationRun { Start = unit, Count = 1, Weight = weight });
    }

    private void Add(AllocationRun run)
    {
        if (run.Weight == 0)
            return;
        if (count == runs.Length)
        {
            Array.Resize(ref runs, count * 2);
            Array.Resize(ref rests, count * 2);
        }

        runs[count++] = run;
    }

    private void Split(long total, long sum)
    {
        SplitRuns(total, sum);
        for (var r = 0; r < count; r++)
        {
            ref var run = ref runs[r];
            var units = grant.Units.AsSpan(run.Start, run.Count);
            units.Fill(run.Part);
            for (var i = 0; i < run.Extra; i++)
                units[i]++;
        }
    }

    private void SplitRuns(long total, long sum) => Allocation.Split((ulong)total, (ulong)sum, runs.AsSpan(0, count), rests.AsSpan(0, count));
}
