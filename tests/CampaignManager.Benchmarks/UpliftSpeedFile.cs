using System.Runtime.InteropServices;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Simulation;

namespace CampaignManager.Benchmarks;

/// <summary>
/// The table both sides read, little-endian: int64 training rows, test rows, features; then training and test rows alike: float32 features row after row, arms, outcomes.
/// </summary>
internal static class UpliftSpeedFile
{
    public const int Width = 20;

    /// <summary>The treated share; known, as in any experiment.</summary>
    public const double Share = 0.5;

    private static readonly SimulatedProcess Process = new("speed", Width, x =>
    {
        var without = 1 / (1 + Math.Exp(2.2 - 0.4 * Math.Clamp(x[2], -2, 2) - 0.3 * Math.Clamp(x[3] * x[4], -2, 2)));
        return new Truth(without, without + (x[0] > 0 ? 0.03 : 0) + (x[1] > 0.5 ? 0.03 : 0) + 0.005 * Math.Clamp(x[5], -2, 2) + 0.005);
    })
    { Propensity = static _ => Share };

    public static async Task WriteAsync(string path, int rows)
    {
        await using var file = File.Create(path);
        Write(file, rows);
    }

    public static (UpliftTask Training, UpliftTask Test) Read(string path)
    {
        using var file = File.OpenRead(path);
        long[] sizes = new long[3];
        file.ReadExactly(MemoryMarshal.AsBytes(sizes.AsSpan()));
        return (Part(file, (int)sizes[0], (int)sizes[2]), Part(file, (int)sizes[1], (int)sizes[2]));
    }

    private static void Write(Stream file, int rows)
    {
        long[] sizes = [rows, rows, Width];
        file.Write(MemoryMarshal.AsBytes(sizes.AsSpan()));
        foreach (var drawn in new[] { Process.Draw(rows, 1), Process.DrawTest(rows, 1) })
        {
            for (var i = 0; i < rows; i++)
                file.Write(MemoryMarshal.AsBytes(drawn.X.Row(i)));
            file.Write(MemoryMarshal.AsBytes<float>([.. drawn.Treated.Select(t => t ? 1f : 0f)]));
            file.Write(MemoryMarshal.AsBytes<float>([.. drawn.Outcome.Select(y => (float)y)]));
        }
    }

    // Without bins: cutting them is part of a fit, and timed with it.
    private static UpliftTask Part(FileStream file, int rows, int width)
    {
        var x = new FeatureMatrix(rows, width);
        for (var i = 0; i < rows; i++)
            file.ReadExactly(MemoryMarshal.AsBytes(x.Row(i)));
        var one = new float[rows];
        file.ReadExactly(MemoryMarshal.AsBytes(one.AsSpan()));
        var treated = Array.ConvertAll(one, t => t == 1);
        file.ReadExactly(MemoryMarshal.AsBytes(one.AsSpan()));
        var propensity = new double[rows];
        Array.Fill(propensity, Share);
        var folds = new int[rows];
        for (var i = 0; i < rows; i++)
            folds[i] = i;
        return new UpliftTask(x, null!, treated, propensity, Array.ConvertAll(one, y => (double)y), true, folds);
    }
}
