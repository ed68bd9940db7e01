using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Linear;

/// <summary>The normal equations of all coefficients, in units of the noise.</summary>
internal sealed class NormalEquations
{
    private double unit;

    public double[] Gradient { get; private set; } = [];

    private double[] Matrix { get; set; } = [];

    public static NormalEquations Of(ArmGrams grams, int size, double[] c, bool twoArms, double noise)
    {
        var width = twoArms ? 2 * size : size;
        double[] matrix = new double[width * width], gradient = new double[width];
        double curvature = 0;
        for (var a = 0; a < 2; a++)
        {
            curvature += grams.Curvature[a][0] / noise;
            for (var i = 0; i < size; i++)
            {
                var g = grams.Gradient[a][i] / noise;
                gradient[i] += g;
                if (twoArms) gradient[size + i] += c[a] * g;
                for (var j = 0; j <= i; j++)
                {
                    var h = grams.Curvature[a][i * size + j] / noise;
                    matrix[i * width + j] += h;
                    if (!twoArms) continue;
                    matrix[(size + i) * width + j] += c[a] * h;
                    if (i != j) matrix[(size + j) * width + i] += c[a] * h;
                    matrix[(size + i) * width + size + j] += c[a] * c[a] * h;
                }
            }
        }
        return new NormalEquations { Matrix = matrix, Gradient = gradient, unit = Math.Max(1e-9, curvature) };
    }

    /// <summary>Penalty of every coefficient; intercept and average effect are left alone.</summary>
    /// <param name="groups">Of the features and of the products, in units of the whole curvature.</param>
    /// <param name="size">Coefficients of the features, intercept included.</param>
    public double[] Penalties(double[] groups, int size) =>
        [.. Enumerable.Range(0, Gradient.Length).Select(j => j == 0 ? 1e-6 : j == size ? 0.1 : groups[j < size ? 0 : 1] * unit)];

    public double[] Penalised(double[] penalties)
    {
        var width = Gradient.Length;
        var matrix = (double[])Matrix.Clone();
        for (var j = 0; j < width; j++) matrix[j * width + j] += penalties[j];
        return matrix;
    }

    /// <summary>H β + g: the right-hand side whose solution without penalties is the likeliest β.</summary>
    public double[] Target(double[] beta)
    {
        var width = Gradient.Length;
        var target = (double[])Gradient.Clone();
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var h = Matrix[i * width + j];
                target[i] += h * beta[j];
                target[j] += h * beta[i];
            }
            target[i] += Matrix[i * width + i] * beta[i];
        }
        return target;
    }

    public double Evidence(double[] right, double[] penalties)
    {
        var width = Gradient.Length;
        double[] matrix = Penalised(penalties), solution = (double[])right.Clone();
        Cholesky.Factor(matrix, width);
        Cholesky.Solve(matrix, width, solution);
        double value = 0;
        for (var j = 0; j < width; j++)
            value += 0.5 * right[j] * solution[j] + 0.5 * Math.Log(penalties[j]) - Math.Log(matrix[j * width + j]);
        return value;
    }
}
