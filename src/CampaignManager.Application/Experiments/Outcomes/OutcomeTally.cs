using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What all buckets gave, put together: whole numbers, so that the order in which they come makes no difference.</summary>
internal sealed class OutcomeTally(OutcomePlan plan, IReadOnlyList<ReadingSql> readings)
{
    /// <summary>Of a dimension with more segments the smaller ones stand together.</summary>
    private const int MostSegments = 12;

    private const string Others = "other";

    private readonly Dictionary<SumKey, Int128[]> sums = [];
    private readonly Dictionary<(int Epoch, int Arm, DateOnly Day, string Dimension, string Segment), long> assigned = [];
    private readonly Dictionary<(int Epoch, int Arm), BalancePart> balance = [];
    private readonly Dictionary<int, long> mismatches = [];
    private bool open;

    /// <summary>UTC; of the last window, null while one has no end.</summary>
    public DateTime? Closes { get; private set; }

    public void Add(OutcomePart part)
    {
        foreach (var (key, values) in part.Sums)
            CellSums.Add(sums.TryGetValue(key, out var known) ? known : sums[key] = new Int128[CellSums.Length], values);
        foreach (var a in part.Assigned)
        {
            var key = (a.Epoch, a.Arm, a.Day, a.Dimension, a.Segment);
            assigned[key] = assigned.GetValueOrDefault(key) + a.Customers;
        }

        foreach (var b in part.Balance)
            balance[(b.Epoch, b.Arm)] = balance.TryGetValue((b.Epoch, b.Arm), out var known) ? Plus(known, b) : b;
        foreach (var m in part.Mismatches)
            mismatches[m.Epoch] = mismatches.GetValueOrDefault(m.Epoch) + m.Count;
        if (part.Customers == 0)
            return;
        open |= part.LastClose is null;
        Closes = open ? null : Closes is null || part.LastClose > Closes ? part.LastClose : Closes;
    }

    public IReadOnlyList<EpochSums> Epochs => [.. plan.Epochs.Select(Epoch)];

    private static BalancePart Plus(BalancePart one, BalancePart other)
    {
        Int128[] s = [.. one.Sums], p = [.. one.Products];
        CellSums.Add(s, other.Sums);
        CellSums.Add(p, other.Products);
        return new BalancePart(one.Epoch, one.Arm, one.Count + other.Count, s, p);
    }

    private EpochSums Epoch(OutcomeEpoch epoch, int index)
    {
        var named = Named(epoch);
        return new EpochSums(
            epoch.Number, epoch.VersionId, epoch.Arms, epoch.From, index + 1 < plan.Epochs.Count ? plan.Epochs[index + 1].From : plan.EndsAt,
            [.. readings.Select((r, i) => Reading(epoch, r, i, named)).OfType<ReadingSums>()],
            Assigned(epoch, named),
            mismatches.GetValueOrDefault(epoch.Number),
            balance.Where(b => b.Key.Epoch == epoch.Number).OrderBy(b => b.Key.Arm)
                .ToDictionary(b => epoch.Arms[b.Key.Arm].Key, b => CrossSums.Stored(b.Value.Count, b.Value.Sums, b.Value.Products)),
            OutcomeTables.Covariates);
    }

    /// <summary>Segments that stand by themselves: those with the most assigned.</summary>
    private HashSet<(string Dimension, string Segment)> Named(OutcomeEpoch epoch) =>
    [
        .. assigned.Where(a => a.Key.Epoch == epoch.Number && a.Key.Dimension != "").GroupBy(a => a.Key.Dimension).SelectMany(d => d.GroupBy(a => a.Key.Segment)
            .OrderByDescending(g => g.Sum(a => a.Value)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostSegments).Select(g => (d.Key, g.Key))),
    ];

    private static string NameOf(HashSet<(string Dimension, string Segment)> named, string dimension, string segment) =>
        dimension == "" || named.Contains((dimension, segment)) ? segment : Others;

    private IReadOnlyList<AssignedCount> Assigned(OutcomeEpoch epoch, HashSet<(string Dimension, string Segment)> named) =>
    [
        .. assigned.Where(a => a.Key.Epoch == epoch.Number)
            .GroupBy(a => (a.Key.Day, a.Key.Dimension, Segment: NameOf(named, a.Key.Dimension, a.Key.Segment), a.Key.Arm))
            .OrderBy(g => g.Key.Day).ThenBy(g => g.Key.Dimension, StringComparer.Ordinal).ThenBy(g => g.Key.Segment, StringComparer.Ordinal).ThenBy(g => g.Key.Arm)
            .Select(g => new AssignedCount(g.Key.Day, g.Key.Dimension, g.Key.Segment, epoch.Arms[g.Key.Arm].Key, g.Sum(a => a.Value))),
    ];

    private ReadingSums? Reading(OutcomeEpoch epoch, ReadingSql reading, int number, HashSet<(string Dimension, string Segment)> named)
    {
        var own = sums.Where(s => s.Key.Reading == number && s.Key.Epoch == epoch.Number).ToList();
        if (own.Count == 0)
            return null;
        var segments = own.Where(s => s.Key.Dimension != "").GroupBy(s => (s.Key.Dimension, Segment: NameOf(named, s.Key.Dimension, s.Key.Segment)))
            .OrderBy(g => OutcomeTables.PlaceOf(g.Key.Dimension)).ThenBy(g => g.Key.Segment, StringComparer.Ordinal)
            .Select(g => new SegmentCell(g.Key.Dimension, g.Key.Segment, Arms(epoch, g)));
        return new ReadingSums(reading.Reading, reading.Days, Arms(epoch, own.Where(s => s.Key.Dimension == "")), [.. segments]);
    }

    private static IReadOnlyList<ArmCell> Arms(OutcomeEpoch epoch, IEnumerable<KeyValuePair<SumKey, Int128[]>> own) =>
        [.. own.GroupBy(s => s.Key.Arm).OrderBy(g => g.Key).Select(g => CellSums.Cell(epoch.Arms[g.Key].Key, g.Aggregate(new Int128[CellSums.Length], (all, s) =>
        {
            CellSums.Add(all, s.Value);
            return all;
        })))];
}
