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

    /// <summary>The training rows.</summary>
    public static UpliftTask Training(string path)
    {
        using var file = File.OpenRead(path);
        var (rows, _, width) = Sizes(file);
        var x = new FeatureMatrix(rows, width);
        Fill(file, x);
        var (treated, outcome) = Labels(file, rows);
        var propensity = new double[rows];
        Array.Fill(propensity, Share);
        var folds = new int[rows];
        for (var i = 0; i < rows; i++)
            folds[i] = i;
        // Without bins: cutting them is part of a fit, and timed with it.
        return new UpliftTask(x, null!, treated, propensity, outcome, true, folds);
    }

    /// <summary>The test rows' features, some at a time: as the app scores its customers. The same matrix is filled anew for every part but the last.</summary>
    public static IEnumerable<(FeatureMatrix X, int From)> TestParts(string path)
    {
        const int Most = 1 << 13;
        using var file = File.OpenRead(path);
        var (training, rows, width) = Sizes(file);
        file.Seek(training * Bytes(width), SeekOrigin.Current);
        FeatureMatrix? x = null;
        for (var from = 0; from < rows; from += Most)
        {
            var count = Math.Min(Most, rows - from);
            if (x?.Rows != count)
                x = new FeatureMatrix(count, width);
            Fill(file, x);
            yield return (x, from);
        }
    }

    /// <summary>What came of the test rows.</summary>
    public static (bool[] Treated, double[] Outcome) TestLabels(string path)
    {
        using var file = File.OpenRead(path);
        var (training, rows, width) = Sizes(file);
        file.Seek(training * Bytes(width) + (long)rows * width * sizeof(float), SeekOrigin.Current);
        return Labels(file, rows);
    }

    public static int TestRows(string path)
    {
        using var file = File.OpenRead(path);
        return Sizes(file).Test;
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

    // Features, arm and outcome.
    private static long Bytes(int width) => (width + 2L) * sizeof(float);

    private static (int Training, int Test, int Width) Sizes(FileStream file)
    {
        long[] sizes = new long[3];
        file.ReadExactly(MemoryMarshal.AsBytes(sizes.AsSpan()));
        return ((int)sizes[0], (int)sizes[1], (int)sizes[2]);
    }

    private static void Fill(FileStream file, FeatureMatrix x)
    {
        for (var i = 0; i < x.Rows; i++)
            file.ReadExactly(MemoryMarshal.AsBytes(x.Row(i)));
    }

    private static (bool[] Treated, double[] Outcome) Labels(FileStream file, int rows)
    {
        var one = new float[rows];
        file.ReadExactly(MemoryMarshal.AsBytes(one.AsSpan()));
        var treated = Array.ConvertAll(one, t => t == 1);
        file.ReadExactly(MemoryMarshal.AsBytes(one.AsSpan()));
        return (treated, Array.ConvertAll(one, y => (double)y));
    }
}
