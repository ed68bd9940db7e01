using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>One condition on a feature: value &gt; threshold, or value ≤ threshold.</summary>
/// <param name="Feature">Index of the feature.</param>
/// <param name="Above">Greater than (else at most).</param>
/// <param name="Threshold">In the units of the encoded feature.</param>
public readonly record struct SegmentCondition(int Feature, bool Above, float Threshold);

/// <summary>A segment the tree found.</summary>
/// <param name="Conditions">All must hold; by feature, at most one of each kind a feature. Empty: everyone.</param>
/// <param name="Effect">Its effect on rows that had no say in finding it, with joint interval; numbered as in the list.</param>
public sealed record FoundSegment(IReadOnlyList<SegmentCondition> Conditions, SegmentEffect Effect);

/// <summary>Segments found, highest effect first.</summary>
/// <param name="Segments">They share out all rows. A single one: no difference was found.</param>
/// <param name="Tree">The tree; leaf k is segment k, its value the effect, its cover the estimation rows.</param>
public sealed record FoundSegments(IReadOnlyList<FoundSegment> Segments, ExplainedTree Tree);

/// <summary>How far the tree may go.</summary>
public sealed record SegmentTreeOptions
{
    /// <summary>Conditions a segment has at most.</summary>
    public int MostDepth { get; init; } = 3;

    /// <summary>Segments at most.</summary>
    public int MostSegments { get; init; } = 6;

    /// <summary>Fewest discovery rows of a segment; never below <see cref="LeastShare"/> of them.</summary>
    public int LeastRows { get; init; } = 200;

    /// <summary>Smallest share of the discovery rows a segment may hold.</summary>
    public double LeastShare { get; init; } = 0.02;

    /// <summary>Chance of a split at the root when customers do not differ; halved with every level.</summary>
    public double FalseSplits { get; init; } = 0.05;

    /// <summary>Joint coverage of the intervals.</summary>
    public double Level { get; init; } = 0.90;
}

/// <summary>
/// A shallow honest tree over features: one half of the customers finds segments that differ in effect, the other half says what the effects are
/// (honesty as in Athey &amp; Imbens 2016), so the intervals need no correction for the search. A node is split at the cut with the largest |t| between the mean AIPW
/// scores of its sides, and only when that |t| is significant as the best of all cuts of all features (<see cref="Statistics.MaximallySelected"/>, Bonferroni over features).
/// </summary>
public static class SegmentTree
{
    /// <summary>Finds segments. All arrays have one value a row of the table.</summary>
    /// <param name="effectScores">Γ: cross-fitted AIPW scores, finite.</param>
    /// <param name="bins">Features.</param>
    /// <param name="rows">Rows to look at.</param>
    /// <param name="customers">Customer of a row, dense from 0.</param>
    /// <param name="discovery">Whether the row finds segments (else it estimates); the same for all rows of a customer. See <see cref="Halves"/>.</param>
    /// <param name="options">Limits.</param>
    /// <param name="seed">Seed of the intervals' bootstrap.</param>
    /// <param name="threads">Features at once; the answer does not depend on it.</param>
    /// <param name="token">Ends the search early.</param>
    /// <exception cref="ArgumentException">A customer is in both halves.</exception>
    public static FoundSegments Find(double[] effectScores, BinnedFeatures bins, int[] rows, int[] customers, bool[] discovery, SegmentTreeOptions? options = null, ulong seed = 1, int threads = 1, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(effectScores);
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(customers);
        ArgumentNullException.ThrowIfNull(discovery);
        CheckHalves(rows, customers, discovery);
        options ??= new SegmentTreeOptions();
        var growth = new SegmentGrowth(effectScores, bins, customers, options, threads).Grow([.. rows.Where(row => discovery[row])], [.. rows.Where(row => !discovery[row])], token);
        int[] estimating = [.. growth.Leaves.SelectMany(leaf => leaf.Estimating)], segments = [.. growth.Leaves.SelectMany((leaf, k) => leaf.Estimating.Select(_ => k))];
        double[] scores = [.. estimating.Select(row => effectScores[row])];
        int[] clusters = [.. estimating.Select(row => customers[row])];
        CustomerClusters.Number(clusters, clusters);
        var effects = SegmentEffects.Estimate(scores, segments, clusters, growth.Leaves.Count, options.Level, seed: seed);
        int[] order = [.. Enumerable.Range(0, effects.Count).OrderByDescending(k => effects[k].Effect).ThenBy(k => k)];
        FoundSegment[] found = [.. order.Select((k, place) => new FoundSegment(growth.Leaves[k].Conditions, effects[k] with { Segment = place }))];
        return new FoundSegments(found, growth.Tree(order, [.. found.Select(segment => segment.Effect.Effect)]));
    }

    /// <summary>Half of the customers, by hash of their number: the same customer is always on the same side.</summary>
    /// <param name="customers">Customer of a row.</param>
    /// <param name="seed">Another seed, another half.</param>
    public static bool[] Halves(ReadOnlySpan<int> customers, ulong seed = 1)
    {
        var half = new bool[customers.Length];
        for (var i = 0; i < half.Length; i++)
        {
            var z = ((ulong)customers[i] + 1) * 0x9E3779B97F4A7C15UL + seed * 0xD1B54A32D192ED03UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            half[i] = (z ^ (z >> 31)) >> 63 != 0;
        }
        return half;
    }

    private static void CheckHalves(int[] rows, int[] customers, bool[] discovery)
    {
        var side = new byte[rows.Length == 0 ? 0 : rows.Max(row => customers[row]) + 1];
        foreach (var row in rows)
        {
            side[customers[row]] |= discovery[row] ? (byte)1 : (byte)2;
            if (side[customers[row]] == 3) throw new ArgumentException("A customer's rows belong to one half.", nameof(discovery));
        }
    }
}
