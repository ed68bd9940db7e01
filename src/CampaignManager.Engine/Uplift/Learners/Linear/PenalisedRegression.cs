using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Linear;

/// <summary>
/// Linear or logistic regression with ridge penalties on two groups of coefficients: features, and treatment × features. Each penalty is the one under which
/// the data are likeliest (evidence approximation, MacKay 1992; Laplace's for the logistic link), so on data without different effects the products shrink to
/// nothing by themselves. Intercept and average effect are not penalised.
/// </summary>
internal static class PenalisedRegression
{
    private static readonly double[] Grid = [1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1, 3, 10, 100];

    /// <summary>Fits y on (1, x) or, with two arms, on (1, x, c, c·x), c = t − centre.</summary>
    /// <returns>By arm the coefficients over (1, x); both the same with one arm.</returns>
    /// <param name="z">(1, x) of every row.</param>
    /// <param name="size">Its length.</param>
    /// <param name="arm">Arm of every row.</param>
    /// <param name="twoArms">Whether arms are told apart.</param>
    /// <param name="outcome">y.</param>
    /// <param name="weights">Weights; null for 1.</param>
    /// <param name="logit">Log-loss on probabilities instead of squares.</param>
    /// <param name="context">Threads, cancellation.</param>
    /// <param name="sparse">Whether coefficients of the last group that do not show are left out (<see cref="Relevance"/>).</param>
    public static double[][] Fit(double[][] z, int size, byte[] arm, bool twoArms, double[] outcome, double[]? weights, bool logit, FitContext context, bool sparse = false)
    {
        double treated = 0, total = 0;
        for (var i = 0; i < arm.Length; i++)
        {
            var w = weights?[i] ?? 1;
            total += w;
            if (arm[i] == 1) treated += w;
        }
        var centre = twoArms ? treated / Math.Max(1e-300, total) : 0;
        double[] c = [-centre, 1 - centre];
        var width = twoArms ? 2 * size : size;
        var beta = new double[width];
        beta[0] = Start(outcome, weights, logit);
        double[] groups = [1e-2, 1], penalties = [];
        for (var pass = 0; pass < 2; pass++)
        {
            var system = Newton(z, size, arm, outcome, weights, logit, c, twoArms, beta, own => own.Penalties(groups, size), pass == 0 ? 6 : 4, context);
            penalties = Choose(system, beta, groups, size, twoArms);
        }
        if (sparse) penalties = Relevance.Of(Newton(z, size, arm, outcome, weights, logit, c, twoArms, beta, _ => penalties, 5, context), beta, penalties, twoArms ? size + 1 : 1);
        Newton(z, size, arm, outcome, weights, logit, c, twoArms, beta, _ => penalties, 5, context);
        if (sparse) Relevance.Drop(beta, penalties);
        return [Arm(beta, size, c[0], twoArms), Arm(beta, size, c[1], twoArms)];
    }

    private static double Start(double[] outcome, double[]? weights, bool logit)
    {
        double sum = 0, total = 0;
        for (var i = 0; i < outcome.Length; i++)
        {
            var w = weights?[i] ?? 1;
            sum += w * outcome[i];
            total += w;
        }
        var mean = sum / Math.Max(1e-300, total);
        if (!logit) return mean;
        mean = Math.Clamp(mean, 1e-6, 1 - 1e-6);
        return Math.Log(mean / (1 - mean));
    }

    private static double[] Arm(double[] beta, int size, double c, bool twoArms)
    {
        var own = beta[..size];
        if (twoArms)
            for (var j = 0; j < size; j++) own[j] += c * beta[size + j];
        return own;
    }

    private static NormalEquations Newton(
        double[][] z, int size, byte[] arm, double[] outcome, double[]? weights, bool logit, double[] c, bool twoArms, double[] beta, Func<NormalEquations, double[]> penaltiesOf, int steps, FitContext context)
    {
        NormalEquations system = default!;
        for (var step = 0; step < steps; step++)
        {
            context.Token.ThrowIfCancellationRequested();
            double[][] own = [Arm(beta, size, c[0], twoArms), Arm(beta, size, c[1], twoArms)];
            var grams = ArmGrams.Of(z, size, arm, outcome, weights, own, logit, curvatureToo: true, context);
            system = NormalEquations.Of(grams, size, c, twoArms, logit ? 1 : Math.Max(1e-300, grams.Squares / Math.Max(1, arm.Length - 1)));
            double[] penalties = penaltiesOf(system), right = (double[])system.Gradient.Clone(), matrix = system.Penalised(penalties);
            for (var j = 0; j < beta.Length; j++) right[j] -= penalties[j] * beta[j];
            Cholesky.Factor(matrix, beta.Length);
            Cholesky.Solve(matrix, beta.Length, right);
            double largest = 0;
            for (var j = 0; j < beta.Length; j++)
            {
                var move = logit ? Math.Clamp(right[j], -4, 4) : right[j];
                beta[j] += move;
                largest = Math.Max(largest, Math.Abs(move));
            }
            if (largest < 1e-6 * (1 + Math.Abs(beta[0]))) break;
        }
        return system;
    }

    private static double[] Choose(NormalEquations system, double[] beta, double[] groups, int size, bool twoArms)
    {
        var right = system.Target(beta);
        for (var group = 0; group < (twoArms ? 2 : 1); group++)
        {
            double best = double.NegativeInfinity, chosen = groups[group];
            foreach (var candidate in Grid)
            {
                groups[group] = candidate;
                var evidence = system.Evidence(right, system.Penalties(groups, size));
                if (evidence > best) (best, chosen) = (evidence, candidate);
            }
            groups[group] = chosen;
        }
        return system.Penalties(groups, size);
    }
}
