using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Observational;

/// <summary>Least squares of what customers ordered on who was sent the message and what was known of them: the t value that robustness is reckoned from.</summary>
internal static class TreatmentRegression
{
    /// <returns>The treatment's t value and the degrees of freedom.</returns>
    public static (double T, double DegreesOfFreedom) Of(MessageLog log, int[] kept)
    {
        // (1, t, x), x standardised so that one scale serves the whole matrix; columns without spread are left out.
        (double Mean, double Spread)[] scales = [.. Enumerable.Range(0, log.Before.Width).Select(j => Scale(log, kept, j))];
        int[] columns = [.. Enumerable.Range(0, scales.Length).Where(j => scales[j].Spread > 0)];
        var size = columns.Length + 2;
        double[] row = new double[size], gram = new double[size * size], right = new double[size];
        double squares = 0;
        foreach (var i in kept)
        {
            Fill(i);
            var y = log.Ordered[i] ? 1.0 : 0;
            squares += y * y;
            for (var a = 0; a < size; a++)
            {
                right[a] += row[a] * y;
                for (var b = 0; b < size; b++) gram[a * size + b] += row[a] * row[b];
            }
        }
        // Features that say the same twice would leave nothing to factor.
        for (var a = 0; a < size; a++) gram[a * size + a] *= 1 + 1e-9;
        double[] beta = (double[])right.Clone(), inverse = new double[size];
        Cholesky.Factor(gram, size);
        Cholesky.Solve(gram, size, beta);
        Cholesky.InverseDiagonal(gram, size, inverse);
        for (var a = 0; a < size; a++) squares -= beta[a] * right[a];
        double freedom = kept.Length - size;
        return freedom <= 0 ? (0, 0) : (beta[1] / Math.Sqrt(Math.Max(1e-300, squares / freedom * inverse[1])), freedom);

        void Fill(int i)
        {
            var x = log.Before.Row(i);
            (row[0], row[1]) = (1, log.Treated[i] ? 1 : 0);
            for (var j = 0; j < columns.Length; j++) row[j + 2] = (x[columns[j]] - scales[columns[j]].Mean) / scales[columns[j]].Spread;
        }
    }

    private static (double Mean, double Spread) Scale(MessageLog log, int[] kept, int column)
    {
        double sum = 0, squares = 0;
        foreach (var i in kept) sum += log.Before.Row(i)[column];
        var mean = sum / kept.Length;
        foreach (var i in kept)
        {
            var miss = log.Before.Row(i)[column] - mean;
            squares += miss * miss;
        }
        return (mean, Math.Sqrt(squares / kept.Length));
    }
}
