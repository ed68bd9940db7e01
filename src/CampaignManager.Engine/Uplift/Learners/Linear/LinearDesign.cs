namespace CampaignManager.Engine.Uplift.Learners.Linear;

/// <summary>Training rows on a common scale, ready for regression; of very many rows an even sample, since coefficients are few.</summary>
internal sealed class LinearDesign
{
    /// <summary>Most rows a regression looks at.</summary>
    public const int MostRows = 200_000;

    private LinearDesign(Standardiser scale, int[] rows, double[][] z) => (Scale, Rows, Z) = (scale, rows, z);

    public Standardiser Scale { get; }

    /// <summary>Rows used.</summary>
    public int[] Rows { get; }

    /// <summary>(1, x) of every used row.</summary>
    public double[][] Z { get; }

    public int Size => Scale.Width + 1;

    public static LinearDesign Of(FeatureMatrix x, int[] rows, FitContext context)
    {
        var scale = Standardiser.Fit(x, rows);
        var step = (rows.Length + MostRows - 1) / MostRows;
        var used = step <= 1 ? rows : [.. rows.Where((_, i) => i % step == 0)];
        var z = new double[used.Length][];
        Parallel.For(0, used.Length, Threads.Of(context), i =>
        {
            var row = new double[scale.Width + 1];
            row[0] = 1;
            scale.Apply(x.Row(used[i]), row.AsSpan(1));
            z[i] = row;
        });
        return new LinearDesign(scale, used, z);
    }
}
