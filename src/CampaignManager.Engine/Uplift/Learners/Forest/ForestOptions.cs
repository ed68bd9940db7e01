namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>How a causal forest is grown.</summary>
public sealed record ForestOptions
{
    /// <summary>Most rows a tree may be given: more would leave too few bits for the sums of a histogram.</summary>
    public const int RowsLimit = 1_000_000;

    /// <summary>Trees, rounded up to whole bags.</summary>
    public int Trees { get; init; } = 500;

    /// <summary>Trees that share a half-sample; at least 2 for standard errors.</summary>
    public int BagSize { get; init; } = 2;

    /// <summary>Share of all rows a tree sees, at most 0.5 (the half-sample of its bag).</summary>
    public double SampleShare { get; init; } = 0.5;

    /// <summary>Most rows a tree sees, both halves together: with millions of rows each tree draws this many from its bag's half-sample.</summary>
    public int MostRowsPerTree { get; init; } = 200_000;

    /// <summary>Fewest rows of a leaf in the half that chooses splits; 0 = chosen among three by out-of-bag loss, large leaves unless smaller ones are clearly better.</summary>
    public int MinLeaf { get; init; }

    /// <summary>Fewest rows of each arm of a leaf, in either half; 0 = a tenth of <see cref="MinLeaf"/>.</summary>
    public int MinArm { get; init; }

    /// <summary>Features tried at a node, drawn at random; 0 = √p + 20, as in Athey, Tibshirani &amp; Wager 2019.</summary>
    public int FeaturesTried { get; init; }

    /// <summary>Each child keeps at least this share of its parent's rows (regularity: Wager &amp; Athey 2018, definition 4b).</summary>
    public double Alpha { get; init; } = 0.05;

    internal int Bags => (Trees + BagSize - 1) / BagSize;

    // The same with what depends on the data filled in.
    internal ForestOptions Planned(int features) => this with
    {
        MinArm = MinArm > 0 ? MinArm : Math.Max(2, MinLeaf / 10),
        FeaturesTried = Math.Min(features, FeaturesTried > 0 ? FeaturesTried : (int)Math.Ceiling(Math.Sqrt(features)) + 20),
    };

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Trees, 1, nameof(Trees));
        ArgumentOutOfRangeException.ThrowIfLessThan(BagSize, 1, nameof(BagSize));
        ArgumentOutOfRangeException.ThrowIfNegative(MinLeaf, nameof(MinLeaf));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SampleShare, nameof(SampleShare));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SampleShare, 0.5, nameof(SampleShare));
        ArgumentOutOfRangeException.ThrowIfNegative(Alpha, nameof(Alpha));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Alpha, 0.5, nameof(Alpha));
        ArgumentOutOfRangeException.ThrowIfLessThan(MostRowsPerTree, 2, nameof(MostRowsPerTree));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MostRowsPerTree, RowsLimit, nameof(MostRowsPerTree));
    }
}
