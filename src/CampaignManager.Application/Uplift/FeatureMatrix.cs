namespace CampaignManager.Application.Uplift;

/// <summary>Rows of encoded features, row after row; no NaN.</summary>
public sealed class FeatureMatrix(int rows, int width)
{
    private readonly float[] values = new float[checked((long)rows * width)];

    public int Rows { get; } = rows;

    public int Width { get; } = width;

    public Span<float> Row(int row) => values.AsSpan(checked(row * Width), Width);
}
