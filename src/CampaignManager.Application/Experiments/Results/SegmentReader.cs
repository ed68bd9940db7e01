using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Effects by segment as of assignment, and whether they differ: one question a dimension and metric, asked of all at once.</summary>
internal static class SegmentReader
{
    /// <summary>What of the questions that are answered "they differ" may be wrong.</summary>
    public const double FalseDiscovery = 0.10;

    /// <param name="epochs">Each epoch with its segments.</param>
    public static IReadOnlyList<SegmentDimension> Read(
        IReadOnlyList<(EpochSums Epoch, ReadingSums Reading)> epochs, string arm, string against, IReadOnlyList<MetricColumn> columns, double alpha)
    {
        var dimensions = epochs.SelectMany(e => e.Reading.Segments).Select(s => s.Dimension).Distinct().ToList();
        List<SegmentDimension> found = [];
        foreach (var column in columns)
        {
            var read = dimensions.ConvertAll(d => Dimension(epochs, d, arm, against, column, alpha));
            found.AddRange(Adjusted([.. read.OfType<SegmentDimension>()]));
        }

        return found;
    }

    /// <summary>Benjamini–Hochberg over every question that was asked, of all arms.</summary>
    public static IReadOnlyList<ComparisonResult> Judge(IReadOnlyList<ComparisonResult> comparisons)
    {
        double[] asked = [.. comparisons.SelectMany(c => c.Segments).Select(s => s.Test?.PValue).OfType<double>()];
        var adjusted = new Queue<double>(MultipleTests.BenjaminiHochberg(asked));
        return [.. comparisons.Select(c => c with { Segments = [.. c.Segments.Select(Judged)] })];

        SegmentDimension Judged(SegmentDimension dimension)
        {
            if (dimension.Test?.PValue is null)
                return dimension;
            var p = adjusted.Dequeue();
            return dimension with { Adjusted = p, Differ = p <= FalseDiscovery };
        }
    }

    private static SegmentDimension? Dimension(
        IReadOnlyList<(EpochSums Epoch, ReadingSums Reading)> epochs, string dimension, string arm, string against, MetricColumn column, double alpha)
    {
        var names = epochs.SelectMany(e => e.Reading.Segments).Where(s => s.Dimension == dimension).Select(s => s.Segment).Distinct().Order(StringComparer.Ordinal);
        List<SegmentEffect> cells = [];
        foreach (var name in names)
        {
            var pairs = ArmPair.Of(
                epochs.Select(e => (e.Epoch, e.Reading.Segments.FirstOrDefault(s => s.Dimension == dimension && s.Segment == name)?.Arms ?? [])), arm, against);
            if (MetricReader.Sums(pairs, column.Cap is null ? column.Sums : column.Capped) is not { Count: > 0 } sums)
                continue;
            var read = EpochEffects.Of(sums, column.Units, column.Kind == MetricKind.Money && column.Skewed, alpha);
            cells.Add(new SegmentEffect(
                name, read.Control, read.Treated, MetricReader.Gate(read.Effect, pairs.Sum(p => p.Weight(column.Buyers)), Gates.FewestSuccesses, null), null, null));
        }

        if (cells.Count == 0)
            return null;
        var told = cells.FindAll(Told);
        var test = Heterogeneity.Of([.. told.Select(c => c.Effect.Estimate!.Value)], [.. told.Select(c => c.Effect.StandardError!.Value)]);
        var shrunk = new Queue<double>(test?.Shrunk ?? []);
        return new SegmentDimension(
            dimension, column.Name, column.Kind, [.. cells.Select(c => Told(c) ? c with { Shrunk = shrunk.Dequeue() } : c)], test is { PValue: not null } ? test : null, null, false);
    }

    private static bool Told(SegmentEffect cell) => cell.Effect is { Reason: null, Estimate: not null, StandardError: > 0 };

    // The p values of a metric's segments are one family.
    private static IEnumerable<SegmentDimension> Adjusted(List<SegmentDimension> dimensions)
    {
        double[] values = [.. dimensions.SelectMany(d => d.Segments).Select(s => s.Effect.PValue).OfType<double>()];
        var adjusted = new Queue<double>(MultipleTests.BenjaminiHochberg(values));
        return dimensions.ConvertAll(d => d with { Segments = [.. d.Segments.Select(s => s.Effect.PValue is null ? s : s with { Adjusted = adjusted.Dequeue() })] });
    }
}
