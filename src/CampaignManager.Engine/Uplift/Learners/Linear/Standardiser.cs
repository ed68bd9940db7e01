namespace CampaignManager.Engine.Uplift.Learners.Linear;

/// <summary>Features on one scale: winsorised at the 0.5 and 99.5 percentiles, then mean 0 and standard deviation 1; fitted on training rows only.</summary>
/// <param name="Columns">Features kept; constant ones say nothing.</param>
/// <param name="Low">Lower bound of each.</param>
/// <param name="High">Upper bound.</param>
/// <param name="Mean">Mean within the bounds.</param>
/// <param name="Scale">One over the standard deviation.</param>
public sealed record Standardiser(int[] Columns, float[] Low, float[] High, float[] Mean, float[] Scale)
{
    private const int MostRows = 100_000;

    /// <summary>Columns kept.</summary>
    public int Width => Columns.Length;

    /// <summary>Learns bounds and scale.</summary>
    /// <param name="x">All rows.</param>
    /// <param name="rows">Training rows (at most 100,000 of them are looked at, evenly taken).</param>
    public static Standardiser Fit(FeatureMatrix x, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rows);
        List<int> columns = [];
        List<float> lows = [], highs = [], means = [], scales = [];
        var step = Math.Max(1, rows.Length / MostRows);
        var values = new float[(rows.Length + step - 1) / step];
        for (var j = 0; j < x.Width; j++)
        {
            for (var i = 0; i < values.Length; i++) values[i] = x.Row(rows[i * step])[j];
            Array.Sort(values);
            if (values.Length == 0 || values[0] == values[^1]) continue;
            float low = values[(int)(0.005 * (values.Length - 1))], high = values[(int)Math.Ceiling(0.995 * (values.Length - 1))];
            // A rare indicator is all below its 99.5 percentile: it is kept as it is.
            if (low == high) (low, high) = (values[0], values[^1]);
            double sum = 0, squares = 0;
            foreach (var value in values)
            {
                double v = Math.Clamp(value, low, high);
                sum += v;
                squares += v * v;
            }
            double mean = sum / values.Length, variance = squares / values.Length - mean * mean;
            if (!(variance > 1e-12 * (mean * mean + 1e-30))) continue;
            columns.Add(j);
            lows.Add(low);
            highs.Add(high);
            means.Add((float)mean);
            scales.Add((float)(1 / Math.Sqrt(variance)));
        }
        return new Standardiser([.. columns], [.. lows], [.. highs], [.. means], [.. scales]);
    }

    /// <summary>Writes a row on the common scale.</summary>
    /// <param name="row">Encoded features.</param>
    /// <param name="into">At least <see cref="Width"/> long.</param>
    public void Apply(ReadOnlySpan<float> row, Span<double> into)
    {
        for (var k = 0; k < Columns.Length; k++) into[k] = (Math.Clamp(row[Columns[k]], Low[k], High[k]) - Mean[k]) * Scale[k];
    }
}

/// <summary>A linear or logistic predictor.</summary>
/// <param name="Scale">Puts features on one scale.</param>
/// <param name="Coefficients">Intercept first, then one a kept column.</param>
/// <param name="Logit">Whether the answer is 1 / (1 + exp(−sum)).</param>
public sealed record LinearScorer(Standardiser Scale, double[] Coefficients, bool Logit) : RowScorer
{
    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> row)
    {
        var sum = Coefficients[0];
        for (var k = 0; k < Scale.Width; k++)
            sum += Coefficients[k + 1] * (Math.Clamp(row[Scale.Columns[k]], Scale.Low[k], Scale.High[k]) - Scale.Mean[k]) * Scale.Scale[k];
        return Logit ? 1 / (1 + Math.Exp(-sum)) : sum;
    }
}
