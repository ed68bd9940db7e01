namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>
/// Finds visitors with more than 100 events within ten minutes. A sketch of fixed size counts by visitor and ten minutes; it counts too
/// many at worst, so that only those
/// who may be robots need a closer look at their times.
/// </summary>
internal sealed class RobotWatch
{
    public const int Most = 100;
    public static readonly long Window = TimeSpan.FromMinutes(10).Ticks;

    private const int Cells = 1 << 20;

    private readonly ushort[][] sketch = [new ushort[Cells], new ushort[Cells]];
    private readonly Dictionary<ulong, List<(long At, ulong Content)>> suspects = [];
    private Dictionary<ulong, List<(long From, long To)>> robots = [];
    private int most;

    /// <summary>Whether anybody needs the closer look.</summary>
    public bool IsSuspicious => most > Most / 2;

    public int Robots => robots.Count;

    public void Count(ulong visitor, long at)
    {
        var (one, other) = Places(visitor, at / Window);
        ref var first = ref sketch[0][one];
        ref var second = ref sketch[1][other];
        first += (ushort)(first < ushort.MaxValue ? 1 : 0);
        second += (ushort)(second < ushort.MaxValue ? 1 : 0);
        most = Math.Max(most, Math.Min(first, second));
    }

    /// <summary>The second look, at those who may be robots only.</summary>
    public void Look(ulong visitor, long at, Func<ulong> content)
    {
        var window = at / Window;
        var here = Counted(visitor, window);
        if (here + Counted(visitor, window - 1) <= Most && here + Counted(visitor, window + 1) <= Most)
            return;
        if (!suspects.TryGetValue(visitor, out var times))
            suspects[visitor] = times = [];
        times.Add((at, content()));
    }

    public void Judge()
    {
        robots = [];
        foreach (var (visitor, said) in suspects)
        {
            // What was sent twice was done once.
            var times = said.Distinct().Select(t => t.At).Order().ToList();
            for (var from = 0; from + Most < times.Count; from++)
            {
                if (times[from + Most] - times[from] > Window)
                    continue;
                if (!robots.TryGetValue(visitor, out var spans))
                    robots[visitor] = spans = [];
                if (spans.Count > 0 && spans[^1].To >= times[from])
                    spans[^1] = (spans[^1].From, times[from + Most]);
                else
                    spans.Add((times[from], times[from + Most]));
            }
        }

        suspects.Clear();
    }

    public bool IsRobot(ulong visitor, long at) =>
        robots.TryGetValue(visitor, out var spans) && spans.Exists(s => at >= s.From && at <= s.To);

    private int Counted(ulong visitor, long window)
    {
        var (one, other) = Places(visitor, window);
        return Math.Min(sketch[0][one], sketch[1][other]);
    }

    private static (int One, int Other) Places(ulong visitor, long window)
    {
        var hash = unchecked((visitor ^ ((ulong)window * 0x9E3779B97F4A7C15UL)) * 0xD6E8FEB86659FD93UL);
        hash ^= hash >> 32;
        return ((int)(hash & (Cells - 1)), (int)((hash >> 32) & (Cells - 1)));
    }
}
