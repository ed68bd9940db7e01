using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>
/// The one matrix product all three passes of a dense layer need. Every output is one chain of fused multiply-adds in the order of k, so the result
/// does not depend on the width of the machine's vectors; four rows by two vectors of outputs stay in registers while k runs.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>c[i, j] = start + Σ_k a[i·aRow + k·aStep] · b[k·columns + j].</summary>
    /// <param name="a">Left matrix, by strides, so that its transpose costs nothing.</param>
    /// <param name="aRow">Distance of rows in <paramref name="a"/>.</param>
    /// <param name="aStep">Distance of summands in <paramref name="a"/>.</param>
    /// <param name="b">Right matrix, inner × columns.</param>
    /// <param name="start">Bias a column; empty for 0.</param>
    /// <param name="c">Product, rows × columns.</param>
    /// <param name="rows">Rows of the product.</param>
    /// <param name="inner">Summands.</param>
    /// <param name="columns">Columns of the product.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Multiply(ReadOnlySpan<float> a, int aRow, int aStep, ReadOnlySpan<float> b, ReadOnlySpan<float> start, Span<float> c, int rows, int inner, int columns)
    {
        // Checked once here, because the loops below read past no check.
        if (rows > 0 && inner > 0 && a.Length < (rows - 1) * aRow + (inner - 1) * aStep + 1 || b.Length < inner * columns || c.Length < rows * columns || !start.IsEmpty && start.Length < columns)
            throw new ArgumentException("A matrix is smaller than its stated shape.");
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var result = ref MemoryMarshal.GetReference(c);
        var i = 0;
        for (; i + 4 <= rows; i += 4) Four(ref Unsafe.Add(ref left, i * aRow), aRow, aStep, ref right, start, ref Unsafe.Add(ref result, i * columns), inner, columns);
        for (; i < rows; i++) One(ref Unsafe.Add(ref left, i * aRow), aStep, ref right, start, ref Unsafe.Add(ref result, i * columns), inner, columns, 0);
    }

    private static void Four(ref float a, int aRow, int aStep, ref float b, ReadOnlySpan<float> start, ref float c, int inner, int columns)
    {
        int lane = Vector<float>.Count, j = 0;
        ref var a1 = ref Unsafe.Add(ref a, aRow);
        ref var a2 = ref Unsafe.Add(ref a1, aRow);
        ref var a3 = ref Unsafe.Add(ref a2, aRow);
        for (; j + 2 * lane <= columns; j += 2 * lane)
        {
            Vector<float> s = start.IsEmpty ? Vector<float>.Zero : new Vector<float>(start[j..]), s2 = start.IsEmpty ? Vector<float>.Zero : new Vector<float>(start[(j + lane)..]);
            Vector<float> c00 = s, c01 = s2, c10 = s, c11 = s2, c20 = s, c21 = s2, c30 = s, c31 = s2;
            for (var k = 0; k < inner; k++)
            {
                ref var from = ref Unsafe.Add(ref b, k * columns + j);
                Vector<float> b0 = Vector.LoadUnsafe(ref from), b1 = Vector.LoadUnsafe(ref Unsafe.Add(ref from, lane));
                var v = new Vector<float>(Unsafe.Add(ref a, k * aStep));
                c00 = Vector.FusedMultiplyAdd(v, b0, c00);
                c01 = Vector.FusedMultiplyAdd(v, b1, c01);
                v = new Vector<float>(Unsafe.Add(ref a1, k * aStep));
                c10 = Vector.FusedMultiplyAdd(v, b0, c10);
                c11 = Vector.FusedMultiplyAdd(v, b1, c11);
                v = new Vector<float>(Unsafe.Add(ref a2, k * aStep));
                c20 = Vector.FusedMultiplyAdd(v, b0, c20);
                c21 = Vector.FusedMultiplyAdd(v, b1, c21);
                v = new Vector<float>(Unsafe.Add(ref a3, k * aStep));
                c30 = Vector.FusedMultiplyAdd(v, b0, c30);
                c31 = Vector.FusedMultiplyAdd(v, b1, c31);
            }
            Store(c00, c01, ref Unsafe.Add(ref c, j), lane);
            Store(c10, c11, ref Unsafe.Add(ref c, columns + j), lane);
            Store(c20, c21, ref Unsafe.Add(ref c, 2 * columns + j), lane);
            Store(c30, c31, ref Unsafe.Add(ref c, 3 * columns + j), lane);
        }
        for (; j < columns; j++)
        {
            float s = start.IsEmpty ? 0 : start[j], r0 = s, r1 = s, r2 = s, r3 = s;
            for (var k = 0; k < inner; k++)
            {
                var v = Unsafe.Add(ref b, k * columns + j);
                r0 = MathF.FusedMultiplyAdd(Unsafe.Add(ref a, k * aStep), v, r0);
                r1 = MathF.FusedMultiplyAdd(Unsafe.Add(ref a1, k * aStep), v, r1);
                r2 = MathF.FusedMultiplyAdd(Unsafe.Add(ref a2, k * aStep), v, r2);
                r3 = MathF.FusedMultiplyAdd(Unsafe.Add(ref a3, k * aStep), v, r3);
            }
            Unsafe.Add(ref c, j) = r0;
            Unsafe.Add(ref c, columns + j) = r1;
            Unsafe.Add(ref c, 2 * columns + j) = r2;
            Unsafe.Add(ref c, 3 * columns + j) = r3;
        }
    }

    private static void One(ref float a, int aStep, ref float b, ReadOnlySpan<float> start, ref float c, int inner, int columns, int j)
    {
        var lane = Vector<float>.Count;
        for (; j + lane <= columns; j += lane)
        {
            var sum = start.IsEmpty ? Vector<float>.Zero : new Vector<float>(start[j..]);
            for (var k = 0; k < inner; k++) sum = Vector.FusedMultiplyAdd(new Vector<float>(Unsafe.Add(ref a, k * aStep)), Vector.LoadUnsafe(ref Unsafe.Add(ref b, k * columns + j)), sum);
            sum.StoreUnsafe(ref Unsafe.Add(ref c, j));
        }
        for (; j < columns; j++)
        {
            var sum = start.IsEmpty ? 0 : start[j];
            for (var k = 0; k < inner; k++) sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref a, k * aStep), Unsafe.Add(ref b, k * columns + j), sum);
            Unsafe.Add(ref c, j) = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> first, Vector<float> second, ref float to, int lane)
    {
        first.StoreUnsafe(ref to);
        second.StoreUnsafe(ref Unsafe.Add(ref to, lane));
    }
}
