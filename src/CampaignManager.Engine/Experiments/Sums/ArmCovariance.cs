namespace CampaignManager.Engine.Experiments.Sums;

/// <summary>An arm's means and covariances of several columns, in their units.</summary>
/// <param name="Count">Customers.</param>
/// <param name="Means">By column.</param>
/// <param name="Covariance">Sample covariances (n − 1).</param>
public sealed record ArmCovariance(long Count, double[] Means, double[,] Covariance)
{
    /// <summary>From whole sums.</summary>
    /// <param name="sums">The arm's.</param>
    /// <param name="minorUnits">By column, how many minor units one unit of the answer has.</param>
    /// <exception cref="ArgumentException">Not one for each column.</exception>
    public static ArmCovariance Of(CrossSums sums, ReadOnlySpan<double> minorUnits)
    {
        ArgumentNullException.ThrowIfNull(sums);
        var k = sums.Columns;
        if (minorUnits.Length != k) throw new ArgumentException("Give the minor units of each column.", nameof(minorUnits));
        var means = new double[k];
        var covariance = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            means[i] = sums.Count == 0 ? double.NaN : (double)sums.Sum(i) / sums.Count / minorUnits[i];
            for (var j = 0; j <= i; j++) covariance[i, j] = covariance[j, i] = sums.Covariance(i, j) / (minorUnits[i] * minorUnits[j]);
        }
        return new ArmCovariance(sums.Count, means, covariance);
    }

    /// <summary>Of linear combinations of the columns: row i of the answer is Σ weights[i, j] · column j.</summary>
    public ArmCovariance Map(double[,] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        int rows = weights.GetLength(0), k = Means.Length;
        var means = new double[rows];
        var covariance = new double[rows, rows];
        for (var a = 0; a < rows; a++)
        {
            for (var i = 0; i < k; i++) means[a] += weights[a, i] * Means[i];
            for (var b = 0; b < rows; b++)
            {
                for (var i = 0; i < k; i++)
                {
                    for (var j = 0; j < k; j++) covariance[a, b] += weights[a, i] * weights[b, j] * Covariance[i, j];
                }
            }
        }
        return new ArmCovariance(Count, means, covariance);
    }
}
