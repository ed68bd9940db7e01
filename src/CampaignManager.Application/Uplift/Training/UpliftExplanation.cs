using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>What a feature adds to a predicted uplift, in the outcome's unit.</summary>
/// <param name="Feature">Column name.</param>
/// <param name="Label">Readable name as the data give it.</param>
/// <param name="Value">Mean size over customers, or what it adds for one customer or group.</param>
public sealed record FeatureContribution(string Feature, string Label, double Value);

/// <summary>Which features move the predicted uplift, by exact Shapley values of trees that imitate the model.</summary>
/// <param name="Fidelity">R² of the imitation on held-out rows: how far the explanation is one of the model. NaN where all have the same uplift.</param>
/// <param name="Features">Mean absolute contribution, largest first.</param>
public sealed record ArmExplanation(double Fidelity, IReadOnlyList<FeatureContribution> Features);

/// <summary>One condition of a group that was found.</summary>
/// <param name="Feature">Column name.</param>
/// <param name="Label">Readable name as the data give it.</param>
/// <param name="Kind">What the encoded column says of the feature.</param>
/// <param name="Level">Of a level column.</param>
/// <param name="Above">Above the threshold (has the level, is missing), or at most it (has not, is not).</param>
/// <param name="Threshold">Of a value or rank column.</param>
public sealed record FoundCondition(string Feature, string Label, EncodedKind Kind, string? Level, bool Above, double Threshold);

/// <summary>A group of customers that a shallow honest tree found, with its effect on rows that had no say in finding it.</summary>
/// <param name="Conditions">All must hold; none: everybody.</param>
/// <param name="Share">Of all rows.</param>
/// <param name="Why">Which features move the predicted uplift of the group, largest first.</param>
public sealed record FoundGroup(IReadOnlyList<FoundCondition> Conditions, int Rows, double Share, double Uplift, double Low, double High, IReadOnlyList<FeatureContribution> Why);

/// <summary>Says why a model predicts what it predicts.</summary>
public static class UpliftExplanation
{
    private const int FittedRows = 50_000;
    private const int ExplainedRows = 4_000;
    private const int MostFeatures = 12;
    private const int Reasons = 3;

    public static Surrogate SurrogateOf(UpliftTable table, TrainedUplift trained, int arm, CancellationToken cancellationToken)
    {
        double[] uplift = [.. Enumerable.Range(0, table.Count).Select(i => trained.Uplift(arm, i))];
        return Surrogate.Of(trained.X, trained.Bins, uplift, [.. trained.Split.Train.Take(FittedRows)], [.. trained.Split.Test.Take(FittedRows)], new FitContext(1, Environment.ProcessorCount, cancellationToken));
    }

    public static ArmExplanation Of(UpliftTable table, TrainedUplift trained, Surrogate surrogate, CancellationToken cancellationToken)
    {
        var why = Contributions(table, trained, surrogate, [.. trained.Split.Test.Take(ExplainedRows)], cancellationToken);
        return new ArmExplanation(surrogate.Fidelity, Mean(table, why, Math.Abs, MostFeatures));
    }

    /// <summary>Groups that differ in effect, by features of customers (those of offers are no segment).</summary>
    internal static IReadOnlyList<FoundGroup> Groups(ArmScores scores, Surrogate surrogate, CancellationToken cancellationToken)
    {
        var (table, trained, rows) = (scores.Table, scores.Trained, scores.Rows);
        var features = table.Features.ToDictionary(f => f.Name);
        var columns = Enumerable.Range(0, trained.Encoder.Width).Where(j => features[trained.Encoder.Columns[j].Source].Kind != FeatureKind.Offer).ToArray();
        var found = SegmentTree.Find(
            scores.Effect, trained.Bins.Select(columns), rows, table.Customers, SegmentTree.Halves(table.Customers), threads: Environment.ProcessorCount, token: cancellationToken);
        return [.. found.Segments.Select(segment =>
        {
            int[] own = [.. rows.Where(i => Holds(segment.Conditions, columns, trained.X.Row(i)))];
            var why = Contributions(table, trained, surrogate, [.. own.Take(ExplainedRows)], cancellationToken);
            return new FoundGroup(
                [.. segment.Conditions.Select(c => Condition(c, columns[c.Feature], trained.Encoder, features))], own.Length, (double)own.Length / Math.Max(1, rows.Length),
                segment.Effect.Effect, segment.Effect.Low, segment.Effect.High, Mean(table, why, c => c, Reasons));
        })];
    }

    /// <summary>Contributions of every feature of the table, row after row, in the table's order of features.</summary>
    public static double[][] Contributions(FeatureEncoder encoder, IReadOnlyList<string> features, FeatureMatrix x, Surrogate surrogate, int[] rows, CancellationToken cancellationToken)
    {
        var at = features.Select((f, k) => (f, k)).ToDictionary(f => f.f, f => f.k);
        var byColumn = surrogate.Explain(x, rows, Environment.ProcessorCount, cancellationToken);
        return [.. byColumn.Select(row =>
        {
            var sums = new double[features.Count];
            for (var j = 0; j < row.Length; j++)
                sums[at[encoder.Columns[j].Source]] += row[j];
            return sums;
        })];
    }

    private static double[][] Contributions(UpliftTable table, TrainedUplift trained, Surrogate surrogate, int[] rows, CancellationToken cancellationToken) =>
        Contributions(trained.Encoder, [.. table.Features.Select(f => f.Name)], trained.X, surrogate, rows, cancellationToken);

    private static List<FeatureContribution> Mean(UpliftTable table, double[][] why, Func<double, double> of, int most) => why.Length == 0 ? [] :
        [.. table.Features.Select((f, k) => new FeatureContribution(f.Name, f.Label, why.Average(row => of(row[k]))))
            .Where(c => c.Value != 0).OrderByDescending(c => Math.Abs(c.Value)).ThenBy(c => c.Feature, StringComparer.Ordinal).Take(most)];

    private static bool Holds(IReadOnlyList<SegmentCondition> conditions, int[] columns, ReadOnlySpan<float> row)
    {
        foreach (var condition in conditions)
        {
            if (row[columns[condition.Feature]] > condition.Threshold != condition.Above)
                return false;
        }

        return true;
    }

    private static FoundCondition Condition(SegmentCondition condition, int column, FeatureEncoder encoder, Dictionary<string, FeatureColumn> features)
    {
        var encoded = encoder.Columns[column];
        var feature = features[encoded.Source];
        // "womens > 0.5" is "womens = 1" to a reader.
        if (encoded.Kind == EncodedKind.Value && condition.Threshold is > 0 and < 1 && feature.Values.All(v => float.IsNaN(v) || v is 0 or 1))
            return new FoundCondition(encoded.Source, feature.Label, EncodedKind.Level, condition.Above ? "1" : "0", true, condition.Threshold);
        return new FoundCondition(encoded.Source, feature.Label, encoded.Kind, encoded.Level, condition.Above, condition.Threshold);
    }
}
