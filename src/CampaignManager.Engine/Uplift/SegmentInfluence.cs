namespace CampaignManager.Engine.Uplift;

/// <summary>Influence of each (customer, segment), Σ (Γ − mean) / n, in the order in which they come: a chain of entries a customer, since nearly all have few.</summary>
internal sealed class SegmentInfluence
{
    private const int None = -1;

    private readonly int[] _head;
    private readonly int[] _next, _customer, _segment;
    private readonly double[] _value;

    public SegmentInfluence(ReadOnlySpan<int> customers, ReadOnlySpan<int> segments, int clusters)
    {
        Clusters = clusters;
        _head = new int[clusters];
        Array.Fill(_head, None);
        int most = 0;
        foreach (int segment in segments) most += segment >= 0 ? 1 : 0;
        (_next, _customer, _segment, _value) = (new int[most], new int[most], new int[most], new double[most]);
    }

    public int Clusters { get; }

    public int Count { get; private set; }

    public int Customer(int entry) => _customer[entry];

    public int Segment(int entry) => _segment[entry];

    public double Value(int entry) => _value[entry];

    public void Add(int customer, int segment, double term)
    {
        int k = _head[customer];
        while (k != None && _segment[k] != segment) k = _next[k];
        if (k == None)
        {
            k = Count++;
            (_next[k], _customer[k], _segment[k]) = (_head[customer], customer, segment);
            _head[customer] = k;
        }
        _value[k] += term;
    }

    /// <summary>Whether any customer has rows in two of these segments.</summary>
    public bool AnyInSeveral(bool[] segments)
    {
        foreach (int head in _head)
        {
            int found = 0;
            for (int k = head; k != None; k = _next[k]) found += segments[_segment[k]] ? 1 : 0;
            if (found > 1) return true;
        }
        return false;
    }

    /// <summary>The entries of these segments by customer, then by segment.</summary>
    public int[] Ordered(bool[] segments)
    {
        var ordered = new List<int>(Count);
        var own = new List<int>();
        foreach (int head in _head)
        {
            own.Clear();
            for (int k = head; k != None; k = _next[k])
                if (segments[_segment[k]]) own.Add(k);
            own.Sort((a, b) => _segment[a].CompareTo(_segment[b]));
            ordered.AddRange(own);
        }
        return [.. ordered];
    }
}
