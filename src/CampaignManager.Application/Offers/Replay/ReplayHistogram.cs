namespace CampaignManager.Application.Offers.Replay;

/// <summary>Basket values counted finely while orders stream by, and drawn coarsely once the range is known.</summary>
internal sealed class ReplayHistogram(long fineWidth)
{
    // What lies beyond is counted in the last one: a broken price must not cost memory.
    private const long LastFine = 1_000_000;

    private const int MostBins = 30;

    private readonly Dictionary<long, long> counts = [];

    public void Add(long basis)
    {
        var key = Math.Min(basis / fineWidth, LastFine);
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    public void Add(ReplayHistogram other)
    {
        foreach (var (key, count) in other.counts)
            counts[key] = counts.GetValueOrDefault(key) + count;
    }

    /// <summary>At most thirty bins that hold all but the dearest hundredth, and every threshold with room to its right.</summary>
    public (long Width, List<ReplayBin> Bins) Draw(IReadOnlyList<long> thresholds)
    {
        var total = counts.Values.Sum();
        if (total == 0)
            return (fineWidth, []);
        var keys = counts.Keys.Order().ToList();
        var (seen, far) = (0L, keys[^1]);
        foreach (var key in keys)
        {
            seen += counts[key];
            if (seen * 100 >= total * 99)
            {
                far = key;
                break;
            }
        }

        var range = Math.Max(far + 1, thresholds.Count == 0 ? 0 : (thresholds[^1] / fineWidth * 5 / 4) + 1);
        var step = NiceStep((range + MostBins - 1) / MostBins);
        var bins = (int)((range + step - 1) / step);
        var orders = new long[bins + 1];
        foreach (var (key, count) in counts)
            orders[Math.Min(key / step, bins)] += count;
        return (step * fineWidth, [.. orders.Select((count, i) => new ReplayBin(i * step * fineWidth, i == bins ? null : (i + 1) * step * fineWidth, count))]);
    }

    private static long NiceStep(long least)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var step in (ReadOnlySpan<long>)[power, 2 * power, 5 * power])
            {
                if (step >= least)
                    return step;
            }
        }
    }
}
