using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Planning;

/// <summary>
/// How much the coefficients of each block of regressors vary, learnt from the data by maximising the marginal likelihood (empirical Bayes; fixed-point
/// updates of MacKay 1992). A block in which nothing varies is shrunk away, one that matters is left alone; the variance then also says how far a
/// coefficient may lie from its estimate where data are scarce.
/// </summary>
internal static class VarianceComponents
{
    private const int MostIterations = 60;
    private const double Tolerance = 1e-3;

    // One pseudo-coefficient per block keeps a variance from vanishing for good, where few coefficients happen to agree.
    private const double PriorCount = 1;

    /// <summary>Estimates for one target.</summary>
    /// <param name="sums">Sums over the rows.</param>
    /// <param name="target">The target.</param>
    /// <param name="blocks">Block per regressor; −1: not shrunk.</param>
    /// <param name="noise">Receives the variance of a row around the projection.</param>
    /// <returns>Prior variance per regressor; infinite where not shrunk.</returns>
    public static double[] Estimate(EffectStatistics.Sums sums, int target, IReadOnlyList<int> blocks, out double noise)
    {
        var n = blocks.Count;
        var count = blocks.Max() + 1;
        var moment = sums.Moment.AsSpan(target * n, n);
        var mean = moment[0] / sums.Count;
        noise = Math.Max(sums.Square[target] / sums.Count - mean * mean, 1e-12);
        // Expected beforehand: differences of about a quarter of the mean effect.
        var prior = mean * mean / 16 + noise / sums.Count;
        var variance = new double[count];
        Array.Fill(variance, prior);

        var beta = new double[n];
        var factor = new double[n * n];
        var inverse = new double[n];
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            sums.Cross.CopyTo(factor, 0);
            for (var i = 0; i < n; i++)
                factor[i * n + i] += 1e-6 + (blocks[i] < 0 ? 0 : noise / variance[blocks[i]]);
            Cholesky.Factor(factor, n);
            moment.CopyTo(beta);
            Cholesky.Solve(factor, n, beta);
            Cholesky.InverseDiagonal(factor, n, inverse);

            var squares = new double[count];
            var known = new double[count];
            var free = 0.0;
            for (var i = 0; i < n; i++)
            {
                var determined = blocks[i] < 0 ? 1 : 1 - noise / variance[blocks[i]] * inverse[i];
                free += determined;
                if (blocks[i] < 0)
                    continue;
                squares[blocks[i]] += beta[i] * beta[i];
                known[blocks[i]] += determined;
            }

            var quadratic = 0.0;
            for (var i = 0; i < n; i++)
                quadratic += beta[i] * TensorPrimitives.Dot<double>(sums.Cross.AsSpan(i * n, n), beta);
            var residual = sums.Square[target] - 2 * TensorPrimitives.Dot<double>(moment, beta) + quadratic;
            noise = Math.Max(residual / Math.Max(1, sums.Count - free), 1e-12);
            var change = 0.0;
            for (var b = 0; b < count; b++)
            {
                var next = (squares[b] + PriorCount * prior) / (known[b] + PriorCount);
                change = Math.Max(change, Math.Abs(Math.Log(next / variance[b])));
                variance[b] = next;
            }

            if (change < Tolerance)
                break;
        }

        return [.. blocks.Select(b => b < 0 ? double.PositiveInfinity : variance[b])];
    }
}
