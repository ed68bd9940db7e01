using CampaignManager.Engine.Prediction;

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
    public static double[][] Fit(double[][] z, int size, byte[] arm, bool twoArms, double[] outcome, double[]? weights, bool logit, FitContext context)
    {
        double treated = 0, total = 0;
        for (int i = 0; i < arm.Length; i++)
        {
            double w = weights?[i] ?? 1;
            total += w;
            if (arm[i] == 1) treated += w;
        }
        double centre = twoArms ? treated / Math.Max(1e-300, total) : 0;
        double[] c = [-centre, 1 - centre];
        int width = twoArms ? 2 * size : size;
        double[] beta = new double[width];
        beta[0] = Start(outcome, weights, logit);
        double[] penalties = [1e-2, 1];
        for (int pass = 0; pass < 2; pass++)
        {
            NormalEquations system = Newton(z, size, arm, outcome, weights, logit, c, twoArms, beta, penalties, pass == 0 ? 6 : 4, context);
            Choose(system, beta, penalties, size, twoArms);
        }
        Newton(z, size, arm, outcome, weights, logit, c, twoArms, beta, penalties, 5, context);
        return [Arm(beta, size, c[0], twoArms), Arm(beta, size, c[1], twoArms)];
    }

    private static double Start(double[] outcome, double[]? weights, bool logit)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < outcome.Length; i++)
        {
            double w = weights?[i] ?? 1;
            sum += w * outcome[i];
            total += w;
        }
        double mean = sum / Math.Max(1e-300, total);
        if (!logit) return mean;
        mean = Math.Clamp(mean, 1e-6, 1 - 1e-6);
        return Math.Log(mean / (1 - mean));
    }

    private static double[] Arm(double[] beta, int size, double c, bool twoArms)
    {
        double[] own = beta[..size];
        if (twoArms)
            for (int j = 0; j < size; j++) own[j] += c * beta[size + j];
        return own;
    }

    private static NormalEquations Newton(
        double[][] z, int size, byte[] arm, double[] outcome, double[]? weights, bool logit, double[] c, bool twoArms, double[] beta, double[] penalties, int steps, FitContext context)
    {
        NormalEquations system = default!;
        for (int step = 0; step < steps; step++)
        {
            context.Token.ThrowIfCancellationRequested();
            double[][] own = [Arm(beta, size, c[0], twoArms), Arm(beta, size, c[1], twoArms)];
            var grams = ArmGrams.Of(z, size, arm, outcome, weights, own, logit, curvatureToo: true, context);
            system = NormalEquations.Of(grams, size, c, twoArms, logit ? 1 : Math.Max(1e-300, grams.Squares / Math.Max(1, arm.Length - 1)));
            double[] right = (double[])system.Gradient.Clone(), matrix = system.Penalised(penalties, size);
            for (int j = 0; j < beta.Length; j++) right[j] -= system.Penalty(j, penalties, size) * beta[j];
            Cholesky.Factor(matrix, beta.Length);
            Cholesky.Solve(matrix, beta.Length, right);
            double largest = 0;
            for (int j = 0; j < beta.Length; j++)
            {
                double move = logit ? Math.Clamp(right[j], -4, 4) : right[j];
                beta[j] += move;
                largest = Math.Max(largest, Math.Abs(move));
            }
            if (largest < 1e-6 * (1 + Math.Abs(beta[0]))) break;
        }
        return system;
    }

    private static void Choose(NormalEquations system, double[] beta, double[] penalties, int size, bool twoArms)
    {
        double[] right = system.Target(beta);
        for (int group = 0; group < (twoArms ? 2 : 1); group++)
        {
            double best = double.NegativeInfinity, chosen = penalties[group];
            foreach (double candidate in Grid)
            {
                penalties[group] = candidate;
                double evidence = system.Evidence(right, penalties, size);
                if (evidence > best) (best, chosen) = (evidence, candidate);
            }
            penalties[group] = chosen;
        }
    }

    /// <summary>The normal equations of all coefficients, in units of the noise.</summary>
    private sealed class NormalEquations
    {
        private double _unit;

        public double[] Gradient { get; private set; } = [];

        private double[] Matrix { get; set; } = [];

        public static NormalEquations Of(ArmGrams grams, int size, double[] c, bool twoArms, double noise)
        {
            int width = twoArms ? 2 * size : size;
            double[] matrix = new double[width * width], gradient = new double[width];
            double curvature = 0;
            for (int a = 0; a < 2; a++)
            {
                curvature += grams.Curvature[a][0] / noise;
                for (int i = 0; i < size; i++)
                {
                    double g = grams.Gradient[a][i] / noise;
                    gradient[i] += g;
                    if (twoArms) gradient[size + i] += c[a] * g;
                    for (int j = 0; j <= i; j++)
                    {
                        double h = grams.Curvature[a][i * size + j] / noise;
                        matrix[i * width + j] += h;
                        if (!twoArms) continue;
                        matrix[(size + i) * width + j] += c[a] * h;
                        if (i != j) matrix[(size + j) * width + i] += c[a] * h;
                        matrix[(size + i) * width + size + j] += c[a] * c[a] * h;
                    }
                }
            }
            return new NormalEquations { Matrix = matrix, Gradient = gradient, _unit = Math.Max(1e-9, curvature) };
        }

        public double Penalty(int j, double[] penalties, int size) => j == 0 ? 1e-6 : j == size ? 0.1 : penalties[j < size ? 0 : 1] * _unit;

        public double[] Penalised(double[] penalties, int size)
        {
            int width = Gradient.Length;
            double[] matrix = (double[])Matrix.Clone();
            for (int j = 0; j < width; j++) matrix[j * width + j] += Penalty(j, penalties, size);
            return matrix;
        }

        /// <summary>H β + g: the right-hand side whose solution without penalties is the likeliest β.</summary>
        public double[] Target(double[] beta)
        {
            int width = Gradient.Length;
            double[] target = (double[])Gradient.Clone();
            for (int i = 0; i < width; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double h = Matrix[i * width + j];
                    target[i] += h * beta[j];
                    target[j] += h * beta[i];
                }
                target[i] += Matrix[i * width + i] * beta[i];
            }
            return target;
        }

        public double Evidence(double[] right, double[] penalties, int size)
        {
            int width = Gradient.Length;
            double[] matrix = Penalised(penalties, size), solution = (double[])right.Clone();
            Cholesky.Factor(matrix, width);
            Cholesky.Solve(matrix, width, solution);
            double value = 0;
            for (int j = 0; j < width; j++)
                value += 0.5 * right[j] * solution[j] + 0.5 * Math.Log(Penalty(j, penalties, size)) - Math.Log(matrix[j * width + j]);
            return value;
        }
    }
}
