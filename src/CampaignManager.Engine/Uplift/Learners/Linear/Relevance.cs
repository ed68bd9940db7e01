using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Linear;

/// <summary>
/// A penalty for each coefficient instead of one for all: the one under which the data are likeliest (relevance determination, MacKay 1994; its fixed point by
/// coefficient, Tipping &amp; Faul 2003). A coefficient that shows no clearer than noise would is dropped for good, so that customers who differ by it alone tie.
/// </summary>
internal static class Relevance
{
    // A coefficient of nothing but noise exceeds this square of its z value in one of twenty trials.
    private const double Least = 3.84;
    private const double Dropped = 1e4;
    private const int Rounds = 40;

    /// <summary>Penalties of all coefficients.</summary>
    /// <param name="system">At the coefficients.</param>
    /// <param name="beta">The coefficients.</param>
    /// <param name="penalties">One a coefficient, to begin with.</param>
    /// <param name="first">First coefficient that may be dropped; all after it may.</param>
    public static double[] Of(NormalEquations system, double[] beta, double[] penalties, int first)
    {
        var width = beta.Length;
        double[] own = (double[])penalties.Clone(), target = system.Target(beta), deviation = new double[width], solution = new double[width];
        for (var round = 0; round < Rounds; round++)
        {
            var matrix = system.Penalised(own);
            Cholesky.Factor(matrix, width);
            Cholesky.InverseDiagonal(matrix, width, deviation);
            target.CopyTo(solution, 0);
            Cholesky.Solve(matrix, width, solution);
            double moved = 0;
            for (var j = first; j < width; j++)
            {
                // What the data say of the coefficient once its own penalty is taken away again.
                double precision = 1 / deviation[j], likelihood = Math.Max(1e-12 * precision, precision - own[j]), estimate = solution[j] * precision / likelihood, z2 = estimate * estimate * likelihood;
                double wanted = z2 > Least ? likelihood / (z2 - 1) : likelihood * Dropped, next = Math.Sqrt(own[j] * wanted);
                moved = Math.Max(moved, Math.Abs(Math.Log(next / own[j])));
                own[j] = next;
            }
            if (moved < 1e-3) break;
        }
        var curvature = system.Penalised(new double[width]);
        for (var j = first; j < width; j++)
            if (own[j] > Math.Sqrt(Dropped) * curvature[j * width + j]) own[j] = double.MaxValue / 1e20;
        return own;
    }

    /// <summary>Makes 0 of the coefficients that were dropped.</summary>
    public static void Drop(double[] beta, double[] penalties)
    {
        for (var j = 0; j < beta.Length; j++)
            if (penalties[j] > 1e200) beta[j] = 0;
    }
}
