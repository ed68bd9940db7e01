namespace CampaignManager.Application.Behaviour;

/// <summary>How the features of all customers are spread, worked out whenever they are and kept beside them: no page counts a million rows.</summary>
/// <param name="AsOf">The moment of the features, UTC.</param>
/// <param name="Customers">Who was described.</param>
/// <param name="Features">In the order of the file.</param>
public sealed record FeatureSummary(DateTime AsOf, long Customers, IReadOnlyList<FeatureSpread> Features)
{
    public const string File = "features/summary.json";
}

/// <param name="Column">Of the file.</param>
/// <param name="Missing">Customers without a value.</param>
/// <param name="Uncovered">Of what the feature is made of, what no source counts through its window: the value is then not known, which is not 0.</param>
/// <param name="Low">One customer in a hundred is below; null for words, and where nobody has a value.</param>
/// <param name="Median">Half of those who have a value are below.</param>
/// <param name="High">One in a hundred is above.</param>
/// <param name="Edges">Of a number's bins, one more than these; what lies outside counts in the first or the last.</param>
/// <param name="Counts">By bin, or by word.</param>
/// <param name="Words">The most frequent ones, most first; then all others under none.</param>
public sealed record FeatureSpread(
    string Column, long Missing, FeatureBasis Uncovered, double? Low, double? Median, double? High,
    IReadOnlyList<double> Edges, IReadOnlyList<long> Counts, IReadOnlyList<string> Words)
{
    public bool IsNumber => Column.StartsWith("x_", StringComparison.Ordinal);
}
