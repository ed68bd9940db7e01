using System.Text.Json.Serialization;
using CampaignManager.Engine.Uplift.Learners.Linear;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>One number for an encoded row: an outcome or an effect. Immutable and written as JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TreeEnsemble), "trees")]
[JsonDerivedType(typeof(LinearScorer), "linear")]
[JsonDerivedType(typeof(RuleScorer), "rule")]
public abstract record RowScorer
{
    /// <summary>The number of one row.</summary>
    public abstract double Score(ReadOnlySpan<float> row);

    /// <summary>The numbers of many rows; the same as one by one.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows wanted, a few thousand at most.</param>
    /// <param name="values">One a row wanted.</param>
    public virtual void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> values)
    {
        ArgumentNullException.ThrowIfNull(x);
        for (var i = 0; i < rows.Length; i++) values[i] = Score(x.Row(rows[i]));
    }
}

/// <summary>Two groups by one cut: what a marketer would do by hand.</summary>
/// <param name="Feature">The feature; below 0 where there is no cut and all get <paramref name="AtOrBelow"/>.</param>
/// <param name="Threshold">The cut.</param>
/// <param name="AtOrBelow">Answer for values at or below the cut.</param>
/// <param name="Above">Answer for values above.</param>
public sealed record RuleScorer(int Feature, float Threshold, double AtOrBelow, double Above) : RowScorer
{
    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> row) => Feature < 0 || row[Feature] <= Threshold ? AtOrBelow : Above;
}
