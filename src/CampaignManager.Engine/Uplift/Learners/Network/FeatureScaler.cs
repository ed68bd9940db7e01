using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>One column as the network sees it: clamp(v, Low, High), minus the mean, over the standard deviation.</summary>
/// <param name="Feature">Column of the <see cref="FeatureMatrix"/>.</param>
/// <param name="Low">Winsorised below this (0.5 percentile).</param>
/// <param name="High">Winsorised above this (99.5 percentile).</param>
/// <param name="Mean">Mean of the winsorised training values that are not missing.</param>
/// <param name="Scale">1 / standard deviation of the same.</param>
/// <param name="Fill">The value that stands for "missing", seen as the mean; null when there is none.</param>
public sealed record ScaledColumn(int Feature, float Low, float High, float Mean, float Scale, float? Fill)
{
    /// <summary>The network's input for a value.</summary>
    public float Of(float value) => value == Fill ? 0 : (Math.Clamp(value, Low, High) - Mean) * Scale;
}

/// <summary>Winsorising and standardising, fitted on training rows only and stored with the model. Constant columns are dropped.</summary>
/// <param name="Columns">What is kept, in the order of the network's inputs.</param>
public sealed record FeatureScaler(ScaledColumn[] Columns)
{
    private const int MostSampled = 200_000;

    /// <summary>Fits on training rows (at most 200,000 of them, evenly taken).</summary>
    /// <param name="x">All rows.</param>
    /// <param name="training">Rows to learn from.</param>
    /// <param name="fills">Per column the value that stands for "missing", NaN for none; null when no column has one.</param>
    /// <exception cref="ArgumentException">Fills are given, but not one a column.</exception>
    public static FeatureScaler Fit(FeatureMatrix x, int[] training, float[]? fills = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(training);
        if (fills is not null && fills.Length != x.Width) throw new ArgumentException("Give one fill value a column.", nameof(fills));
        var step = (training.Length + MostSampled - 1) / MostSampled;
        return new FeatureScaler([.. Enumerable.Range(0, x.Width).Select(j => Column(x, training, Math.Max(1, step), j, fills is null || float.IsNaN(fills[j]) ? null : fills[j])).OfType<ScaledColumn>()]);
    }

    /// <summary>Writes the inputs of one row.</summary>
    /// <param name="row">All features.</param>
    /// <param name="inputs">One value a kept column.</param>
    public void Write(ReadOnlySpan<float> row, Span<float> inputs)
    {
        for (var j = 0; j < Columns.Length; j++) inputs[j] = Columns[j].Of(row[Columns[j].Feature]);
    }

    private static ScaledColumn? Column(FeatureMatrix x, int[] training, int step, int feature, float? fill)
    {
        var kept = new List<double>(training.Length / step + 1);
        for (var i = 0; i < training.Length; i += step)
        {
            var value = x.Row(training[i])[feature];
            if (value != fill) kept.Add(value);
        }
        if (kept.Count == 0) return null;
        kept.Sort();
        double[] sorted = [.. kept];
        float low = (float)Sample.SortedQuantile(sorted, 0.005), high = (float)Sample.SortedQuantile(sorted, 0.995);
        // A flag that hardly anyone has would be winsorised away as a whole; it is kept as it is.
        if (low == high) (low, high) = ((float)sorted[0], (float)sorted[^1]);
        if (low == high) return null;
        double sum = 0, squares = 0;
        foreach (var value in sorted) sum += Math.Clamp(value, low, high);
        var mean = sum / sorted.Length;
        foreach (var value in sorted) squares += (Math.Clamp(value, low, high) - mean) * (Math.Clamp(value, low, high) - mean);
        var scale = (float)(1 / Math.Sqrt(squares / sorted.Length));
        return float.IsFinite(scale) ? new ScaledColumn(feature, low, high, (float)mean, scale, fill) : null;
    }
}
