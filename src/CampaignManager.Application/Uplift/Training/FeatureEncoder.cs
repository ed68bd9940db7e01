using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Application.Uplift.Training;

public enum EncodedKind
{
    Value,
    Missing,
    Level,

    /// <summary>How common the row's level was among training rows, 1 = the commonest; of features with too many levels for a column each.</summary>
    Rank,
}

/// <summary>One column of the encoded matrix: a feature's value, whether it is missing, whether it has a level, or how common its level is.</summary>
/// <param name="Source">The feature it comes from.</param>
/// <param name="Level">Of a level column.</param>
/// <param name="Ranks">Of a rank column: at most 255 levels; all others share the rank after them.</param>
/// <param name="Fill">What stands for a missing value: below everything seen in training, so that a tree can set it apart.</param>
public sealed record EncodedColumn(string Source, EncodedKind Kind, string? Level = null, float Fill = 0, IReadOnlyDictionary<string, float>? Ranks = null);

/// <summary>Turns features into numbers for trees; fitted on training rows only and stored with the model.</summary>
public sealed record FeatureEncoder(IReadOnlyList<EncodedColumn> Columns)
{
    private const int MostLevels = 32;
    private const int MostRanks = 255;
    private const int RowsForALevel = 20;
    private const int RowsAtOnce = 4096;

    public int Width => Columns.Count;

    /// <summary>Features that are constant on the training rows are left out; rare levels stay all-zero.</summary>
    public static FeatureEncoder Fit(UpliftTable table, IReadOnlyList<int> rows)
    {
        var columns = new List<EncodedColumn>();
        foreach (var feature in table.Features)
            columns.AddRange(feature.Kind == FeatureKind.Categorical ? Levels(feature, rows) : Values(feature, rows));
        return new FeatureEncoder(columns);
    }

    public FeatureMatrix Encode(UpliftTable table)
    {
        var matrix = new FeatureMatrix(table.Count, Width);
        var byName = table.Features.ToDictionary(f => f.Name);
        var fills = Columns.Select((column, j) => byName.TryGetValue(column.Source, out var feature)
            ? Fill(column, feature, j) : throw new InvalidDataException($"The data have no feature '{column.Source}', which the model needs.")).ToArray();
        // The matrix is by rows: a few thousand of them at a time stay in the cache while all their columns are filled.
        Parallel.For(0, (table.Count + RowsAtOnce - 1) / RowsAtOnce, block =>
        {
            var (from, to) = (block * RowsAtOnce, Math.Min(table.Count, (block + 1) * RowsAtOnce));
            foreach (var fill in fills)
                fill(matrix, from, to);
        });
        return matrix;
    }

    private static Action<FeatureMatrix, int, int> Fill(EncodedColumn column, FeatureColumn feature, int at)
    {
        var level = column.Kind == EncodedKind.Level ? feature.Levels.ToList().IndexOf(column.Level!) : -1;
        var ranks = column.Ranks is null ? null : feature.Levels.Select(l => column.Ranks.GetValueOrDefault(l, column.Ranks.Count + 1)).ToArray();
        return (matrix, from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var value = feature.Values[i];
                matrix.Row(i)[at] = column.Kind switch
                {
                    EncodedKind.Value => float.IsFinite(value) ? value : column.Fill,
                    EncodedKind.Missing => float.IsFinite(value) ? 0 : 1,
                    EncodedKind.Rank => float.IsNaN(value) ? 0 : ranks![(int)value],
                    EncodedKind.Level => level >= 0 && value == level ? 1 : 0,
                    _ => throw new InvalidOperationException($"Unknown kind {column.Kind}."),
                };
            }
        };
    }

    private static IEnumerable<EncodedColumn> Values(FeatureColumn feature, IReadOnlyList<int> rows)
    {
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        var missing = 0;
        foreach (var i in rows)
        {
            var value = feature.Values[i];
            if (!float.IsFinite(value))
            {
                missing++;
                continue;
            }

            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (missing == rows.Count)
            yield break;
        if (low < high)
            yield return new EncodedColumn(feature.Name, EncodedKind.Value, null, low - Math.Max(1, high - low));
        if (missing > 0)
            yield return new EncodedColumn(feature.Name, EncodedKind.Missing);
    }

    private static IEnumerable<EncodedColumn> Levels(FeatureColumn feature, IReadOnlyList<int> rows)
    {
        var counts = new int[feature.Levels.Count];
        foreach (var i in rows)
        {
            if (!float.IsNaN(feature.Values[i]))
                counts[(int)feature.Values[i]]++;
        }

        var common = Enumerable.Range(0, counts.Length)
            .Where(level => counts[level] >= RowsForALevel && counts[level] < rows.Count)
            .OrderByDescending(level => counts[level]).ThenBy(level => level).Take(MostRanks).ToList();
        foreach (var level in common.Take(MostLevels))
            yield return new EncodedColumn(feature.Name, EncodedKind.Level, feature.Levels[level]);
        // Without looking at any outcome: commonest first, so that a cut parts the common from the rare.
        if (common.Count > MostLevels)
            yield return new EncodedColumn(feature.Name, EncodedKind.Rank, Ranks: common.Select((level, at) => (level, at)).ToDictionary(l => feature.Levels[l.level], l => l.at + 1f));
    }
}
