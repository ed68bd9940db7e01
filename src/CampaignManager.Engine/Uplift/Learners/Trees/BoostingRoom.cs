namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>
/// Arrays that one boosting after the other works in. On a large table they are hundreds of megabytes, which would else lie about until the collector comes round.
/// For one boosting at a time.
/// </summary>
/// <param name="threads">Threads of the boosting.</param>
/// <param name="capacity">Rows there will be at most, where that is known: arrays need not be made anew for a later boosting of more.</param>
internal sealed class BoostingRoom(int threads, int capacity = 0)
{
    private readonly Dictionary<Use, float[]> floats = [];
    private byte[][] columns = [];

    public enum Use
    {
        Score,
        Gradient,
        Curvature,
        Outcome,
        Weight,
    }

    /// <summary>The rows a tree is grown on.</summary>
    public PackedRows Rows { get; } = new(threads, capacity);

    /// <summary>At least <paramref name="count"/> values, whatever they are.</summary>
    public float[] Floats(Use use, int count)
    {
        if (this.floats.TryGetValue(use, out var floats) && floats.Length >= count) return floats;
        return this.floats[use] = new float[Size(count)];
    }

    /// <summary>At least <paramref name="count"/> bytes for each of the features.</summary>
    public byte[][] Columns(int width, int count)
    {
        if (columns.Length != width || (width > 0 && columns[0].Length < count))
        {
            // The old ones must be nobody's before new ones are asked for.
            columns = [];
            columns = [.. Enumerable.Range(0, width).Select(_ => new byte[Size(count)])];
        }
        return columns;
    }

    // Where nothing was said, the next arm may have a few rows more.
    private int Size(int count) => capacity >= count ? capacity : count + count / 32;
}
