namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>Rows of encoded features, row after row; no NaN and nothing infinite.</summary>
/// <param name="rows">Number of rows.</param>
/// <param name="width">Features a row.</param>
public sealed class FeatureMatrix(int rows, int width)
{
    // One array holds up to 2^31 values; larger tables are cut into blocks of whole rows.
    private readonly int blockRows = width == 0 ? Math.Max(1, rows) : Math.Max(1, (1 << 28) / width);
    private readonly float[][] blocks = Blocks(rows, width);

    /// <summary>Number of rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Features a row.</summary>
    public int Width { get; } = width;

    /// <summary>One row, to read or to fill.</summary>
    public Span<float> Row(int row)
    {
        // A division for every value read would cost more than the reading: nearly all tables are one block.
        if (blocks.Length == 1) return blocks[0].AsSpan(row * Width, Width);
        (var block, var at) = Math.DivRem(row, blockRows);
        return blocks[block].AsSpan(at * Width, Width);
    }

    private static float[][] Blocks(int rows, int width)
    {
        var blockRows = width == 0 ? Math.Max(1, rows) : Math.Max(1, (1 << 28) / width);
        return [.. Enumerable.Range(0, (rows + blockRows - 1) / blockRows).Select(b => new float[Math.Min(blockRows, rows - b * blockRows) * width])];
    }
}
