using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What all buckets gave, put together: whole numbers, so that the order in which they come makes no difference.</summary>
internal sealed class OutcomeTally(OutcomePlan plan, IReadOnlyList<ReadingSql> readings)
{
    /// <summary>Of a dimension with more segments the smaller ones stand together.</summary>
    private const int MostSegments = 12;

    private const string Others = "other";

    private readonly Dictionary<(int Reading, CellKey Cell), Int128[]> cells = [];
    private readonly Dictionary<(int Epoch, int Arm, DateOnly Day, string Dimension, string Segment), long> assigned = [];
    private readonly Dictionary<(int Epoch, int Arm), (long Count, Int128[] Sums, Int128[] Products)> balance = [];
    private readonly Dictionary<int, long> mismatches = [];

    public void Add(Dictionary<(int Reading, CellKey Cell), Int128[]> more)
    {
        foreach (var (key, sums) in more)
            CellSums.Add(cells.TryGetValue(key, out var known) ? known : cells[key] = new Int128[CellSums.Length], sums);
    }

    public void Assigned(IEnumerable<(int Epoch, int Arm, DateOnly Day, string Dimension, string Segment, long Customers)> more)
    {
        foreach (var (epoch, arm, day, dimension, segment, customers) in more)
            assigned[(epoch, arm, day, dimension, segment)] = assigned.GetValueOrDefault((epoch, arm, day, dimension, segment)) + customers;
    }

    public void Balance(IEnumerable<(int Epoch, int Arm, long Count, Int128[] Sums, Int128[] Products)> more)
    {
        foreach (var (epoch, arm, count, sums, products) in more)
        {
            var (all, s, p) = balance.TryGetValue((epoch, arm), out var known) ? known : (0, new Int128[sums.Length], new Int128[products.Length]);
            CellSums.Add(s, sums);
            CellSums.Add(p, products);
            balance[(epoch, arm)] = (all + count, s, p);
        }
    }

    public void Mismatches(IEnumerable<(int Epoch, long Count)> more)
    {
        foreach (var (epoch, count) in more)
            mismatches[epoch] = mismatches.GetValueOrDefault(epoch) + count;
    }

    public IReadOnlyList<EpochSums> Epochs => [.. plan.Epochs.Select(Epoch)];

    private EpochSums Epoch(OutcomeEpoch epoch, int index) => new(
        epoch.Number, epoch.VersionId, epoch.Arms, epoch.From, index + 1 < plan.Epochs.Count ? plan.Epochs[index + 1].From : plan.EndsAt,
        [.. readings.Select((r, i) => Reading(epoch, r, i)).OfType<ReadingSums>()],
        [.. assigned.Where(a => a.Key.Epoch == epoch.Number).OrderBy(a => a.Key.Day).ThenBy(a => a.Key.Dimension, StringComparer.Ordinal)
            .ThenBy(a => a.Key.Segment, StringComparer.Ordinal).ThenBy(a => a.Key.Arm)
            .Select(a => new AssignedCount(a.Key.Day, a.Key.Dimension, a.Key.Segment, ArmOf(epoch, a.Key.Arm), a.Value))],
        mismatches.GetValueOrDefault(epoch.Number),
        balance.Where(b => b.Key.Epoch == epoch.Number).OrderBy(b => b.Key.Arm)
            .ToDictionary(b => ArmOf(epoch, b.Key.Arm), b => CrossSums.Stored(b.Value.Count, b.Value.Sums, b.Value.Products)),
        OutcomeTables.Covariates);

    private ReadingSums? Reading(OutcomeEpoch epoch, ReadingSql reading, int number)
    {
        var own = cells.Where(c => c.Key.Reading == number && c.Key.Cell.Epoch == epoch.Number).Select(c => (c.Key.Cell, Sums: c.Value)).ToList();
        if (own.Count == 0)
            return null;
        var segments = OutcomeTables.Dimensions.SelectMany((dimension, d) =>
        {
            var named = own.GroupBy(c => c.Cell.Segment(d)).OrderByDescending(g => g.Aggregate(Int128.Zero, (n, c) => n + c.Sums[0])).ThenBy(g => g.Key, StringComparer.Ordinal)
                .Take(MostSegments).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
            return own.GroupBy(c => named.Contains(c.Cell.Segment(d)) ? c.Cell.Segment(d) : Others).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new SegmentCell(dimension, g.Key, Arms(epoch, g)));
        });
        return new ReadingSums(reading.Reading, reading.Days, Arms(epoch, own), [.. segments]);
    }

    private static IReadOnlyList<ArmCell> Arms(OutcomeEpoch epoch, IEnumerable<(CellKey Cell, Int128[] Sums)> own) =>
        [.. own.GroupBy(c => ArmOf(epoch, c.Cell.Arm)).OrderBy(g => IndexOf(epoch, g.Key)).Select(g => CellSums.Cell(g.Key, g.Aggregate(new Int128[CellSums.Length], (all, c) =>
        {
            CellSums.Add(all, c.Sums);
            return all;
        })))];

    private static string ArmOf(OutcomeEpoch epoch, int arm) => epoch.Arms[Math.Clamp(arm, 0, epoch.Arms.Count - 1)].Key;

    private static int IndexOf(OutcomeEpoch epoch, string key) => epoch.Arms.TakeWhile(a => a.Key != key).Count();
}
