namespace CampaignManager.Engine.Statistics;

/// <summary>Solves symmetric positive definite systems in place (Golub &amp; Van Loan, Matrix Computations, alg. 4.2.2).</summary>
internal static class Cholesky
{
    /// <summary>Factors the row-major n × n matrix into its lower triangle.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static void Factor(double[] a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var rowJ = a.AsSpan(j * n, j + 1);
            var diagonal = rowJ[j] - Dot(rowJ[..j], rowJ[..j]);
            if (!(diagonal > 0))
                throw new ArithmeticException($"The normal equations are not positive definite at column {j}.");
            var root = Math.Sqrt(diagonal);
            rowJ[j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var rowI = a.AsSpan(i * n, j + 1);
                rowI[j] = (rowI[j] - Dot(rowI[..j], rowJ[..j])) / root;
            }
        }
    }

    /// <summary>Solves L Lᵀ x = b in place.</summary>
    public static void Solve(double[] lower, int n, Span<double> b)
    {
        for (var i = 0; i < n; i++)
            b[i] = (b[i] - Dot(lower.AsSpan(i * n, i), b[..i])) / lower[i * n + i];
        for (var i = n - 1; i >= 0; i--)
        {
            b[i] /= lower[i * n + i];
            for (var j = 0; j < i; j++)
                b[j] -= lower[i * n + j] * b[i];
        }
    }

    /// <summary>Diagonal of (L Lᵀ)⁻¹.</summary>
    public static void InverseDiagonal(double[] lower, int n, Span<double> diagonal)
    {
        // Row i of the rows of L⁻¹, one column at a time: (A⁻¹)ᵢᵢ = Σₖ (L⁻¹)ₖᵢ².
        var column = new double[n];
        for (var i = 0; i < n; i++)
        {
            column[i] = 1 / lower[i * n + i];
            for (var k = i + 1; k < n; k++)
                column[k] = -Dot(lower.AsSpan(k * n + i, k - i), column.AsSpan(i, k - i)) / lower[k * n + k];
            diagonal[i] = Dot(column.AsSpan(i, n - i), column.AsSpan(i, n - i));
        }
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => System.Numerics.Tensors.TensorPrimitives.Dot(x, y);
}
