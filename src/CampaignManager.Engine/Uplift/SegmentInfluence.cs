namespace CampaignManager.Engine.Uplift;

/// <summary>Influence of each (customer, segment), Σ (Γ − mean) / n, in the order in which they come: a chain of entries a customer, since nearly all have few.</summary>
internal sealed class SegmentInfluence
{
    private const int None = -1;

    private readonly int[] head;
    private readonly int[] next, customer, segment;
    private readonly double[] value;

    public SegmentInfluence(ReadOnlySpan<int> customers, ReadOnlySpan<int> segments, int clusters)
    {
        Clusters = clusters;
        head = new int[clusters];
        Array.Fill(head, None);
        var most = 0;
        foreach (var segment in segments) most += segment >= 0 ? 1 : 0;
        (next, customer, segment, value) = (new int[most], new int[most], new int[most], new double[most]);
    }

    public int Clusters { get; }

    public int Count { get; private set; }

    public int Customer(int entry) => customer[entry];

    public int Segment(int entry) => segment[entry];

    public double Value(int entry) => value[entry];

    public void Add(int customer, int segment, double term)
    {
        var k = head[customer];
        while (k != None && this.segment[k] != segment) k = next[k];
        if (k == None)
        {
            k = Count++;
            (next[k], this.customer[k], this.segment[k]) = (head[customer], customer, segment);
            head[customer] = k;
        }
        value[k] += term;
    }

    /// <summary>Whether any customer has rows in two of these segments.</summary>
    public bool AnyInSeveral(bool[] segments)
    {
        foreach (var head in head)
        {
            var found = 0;
            for (var k = head; k != None; k = next[k]) found += segments[segment[k]] ? 1 : 0;
            if (found > 1) return true;
        }
        return false;
    }

    /// <summary>The entries of these segments by customer, then by segment.</summary>
    public int[] Ordered(bool[] segments)
    {
        var ordered = new List<int>(Count);
        var own = new List<int>();
        foreach (var head in head)
        {
            own.Clear();
            for (var k = head; k != None; k = next[k])
                if (segments[segment[k]]) own.Add(k);
            own.Sort((a, b) => segment[a].CompareTo(segment[b]));
            ordered.AddRange(own);
        }
        return [.. ordered];
    }
}
