namespace CampaignManager.Application.Uplift;

/// <summary>Which ensembles predict an arm's outcome without and with treatment.</summary>
/// <param name="Control">Index into the model's ensembles.</param>
/// <param name="Treated">The same; equal to <paramref name="Control"/> when treatment is an input.</param>
/// <param name="Interacted">Whether the ensembles take treatment and its products as inputs.</param>
public sealed record ArmHeads(int Control, int Treated, bool Interacted);

/// <summary>A fitted model: predicted outcomes with and without treatment, for every treated arm.</summary>
/// <param name="Heads">By treated arm, from arm 1.</param>
/// <param name="Probability">Whether predictions are kept within 0..1.</param>
public sealed record FittedUplift(IReadOnlyList<TreeEnsemble> Ensembles, IReadOnlyList<ArmHeads> Heads, bool Probability)
{
    public static int InteractedWidth(int width) => 2 * width + 1;

    public static void Interact(ReadOnlySpan<float> row, bool treated, Span<float> into)
    {
        row.CopyTo(into);
        into[row.Length] = treated ? 1 : 0;
        var products = into[(row.Length + 1)..];
        if (treated)
            row.CopyTo(products);
        else
            products.Clear();
    }

    /// <summary>Predicts the given rows into arrays over all rows; other rows are left as they are.</summary>
    /// <param name="mu0">By arm from arm 1, then by row.</param>
    /// <param name="mu1">The same.</param>
    public void Predict(FeatureMatrix x, int[] rows, double[][] mu0, double[][] mu1, CancellationToken cancellationToken)
    {
        const int Chunk = 4096;
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, (rows.Length + Chunk - 1) / Chunk, options, chunk =>
        {
            var buffer = new float[InteractedWidth(x.Width)];
            var scores = new double[Ensembles.Count];
            var end = Math.Min(rows.Length, (chunk + 1) * Chunk);
            for (var i = chunk * Chunk; i < end; i++)
            {
                var row = rows[i];
                Array.Fill(scores, double.NaN);
                for (var arm = 0; arm < Heads.Count; arm++)
                    (mu0[arm][row], mu1[arm][row]) = Score(Heads[arm], x.Row(row), buffer, scores);
            }
        });
    }

    private (double Mu0, double Mu1) Score(ArmHeads heads, ReadOnlySpan<float> row, float[] buffer, double[] known)
    {
        if (heads.Interacted)
        {
            Interact(row, false, buffer);
            var without = Bounded(Ensembles[heads.Control].Score(buffer));
            Interact(row, true, buffer);
            return (without, Bounded(Ensembles[heads.Treated].Score(buffer)));
        }

        // Arms share the control ensemble: it is scored once a row.
        if (double.IsNaN(known[heads.Control]))
            known[heads.Control] = Bounded(Ensembles[heads.Control].Score(row));
        return (known[heads.Control], Bounded(Ensembles[heads.Treated].Score(row)));
    }

    private double Bounded(double value) => Probability ? Math.Clamp(value, 0, 1) : value;
}
