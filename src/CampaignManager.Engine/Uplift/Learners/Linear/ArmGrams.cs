using System.Numerics.Tensors;

namespace CampaignManager.Engine.Uplift.Learners.Linear;

/// <summary>
/// Per arm Σ h z zᵀ (lower triangle) and Σ w (y − μ) z over z = (1, x): treatment takes only two values, so the normal equations with every product of
/// treatment and feature follow from these at a quarter of the work. Summed in stripes of a fixed number, so that threads do not change the result.
/// </summary>
internal sealed class ArmGrams
{
    private const int Stripes = 16;

    private ArmGrams(int size)
    {
        Curvature = [new double[size * size], new double[size * size]];
        Gradient = [new double[size], new double[size]];
    }

    /// <summary>By arm, row-major lower triangle.</summary>
    public double[][] Curvature { get; }

    /// <summary>By arm.</summary>
    public double[][] Gradient { get; }

    /// <summary>Σ w (y − μ)².</summary>
    public double Squares { get; private set; }

    /// <param name="z">Standardised rows with a leading 1, row after row.</param>
    /// <param name="size">Length of z.</param>
    /// <param name="arm">0 or 1 a row.</param>
    /// <param name="outcome">y a row.</param>
    /// <param name="weights">Weights a row; null for 1.</param>
    /// <param name="coefficients">By arm: the linear predictor's coefficients.</param>
    /// <param name="logit">Logistic link.</param>
    /// <param name="curvatureToo">Whether the matrices are wanted, or the gradients alone.</param>
    /// <param name="context">Threads, cancellation.</param>
    public static ArmGrams Of(double[][] z, int size, byte[] arm, double[] outcome, double[]? weights, double[][] coefficients, bool logit, bool curvatureToo, FitContext context)
    {
        var parts = new ArmGrams[Stripes];
        Parallel.For(0, Stripes, Threads.Of(context), stripe =>
        {
            var part = new ArmGrams(size);
            int from = (int)((long)arm.Length * stripe / Stripes), to = (int)((long)arm.Length * (stripe + 1) / Stripes);
            for (var i = from; i < to; i++)
            {
                ReadOnlySpan<double> row = z[i];
                int a = arm[i];
                double eta = TensorPrimitives.Dot(row, coefficients[a]), w = weights?[i] ?? 1;
                double mu = logit ? 1 / (1 + Math.Exp(-eta)) : eta, residual = outcome[i] - mu;
                part.Squares += w * residual * residual;
                TensorPrimitives.MultiplyAdd(row, w * residual, part.Gradient[a], part.Gradient[a]);
                if (!curvatureToo) continue;
                var h = w * (logit ? Math.Max(1e-9, mu * (1 - mu)) : 1);
                Span<double> gram = part.Curvature[a];
                for (var j = 0; j < size; j++)
                {
                    if (row[j] == 0) continue;
                    var line = gram.Slice(j * size, j + 1);
                    TensorPrimitives.MultiplyAdd(row[..(j + 1)], h * row[j], line, line);
                }
            }
            parts[stripe] = part;
        });
        var sum = new ArmGrams(size);
        foreach (var part in parts)
        {
            sum.Squares += part.Squares;
            for (var a = 0; a < 2; a++)
            {
                TensorPrimitives.Add(sum.Gradient[a], part.Gradient[a], sum.Gradient[a]);
                TensorPrimitives.Add(sum.Curvature[a], part.Curvature[a], sum.Curvature[a]);
            }
        }
        return sum;
    }
}
