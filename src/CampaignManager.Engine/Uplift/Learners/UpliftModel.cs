using System.Text.Json.Serialization;
using CampaignManager.Engine.Uplift.Learners.Auto;
using CampaignManager.Engine.Uplift.Learners.Meta;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>A fitted two-arm model: predicted outcome without and with treatment, by batch. Immutable, safe for many threads, and written as JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OutcomeHeads), "heads")]
[JsonDerivedType(typeof(CentredModel), "centred")]
[JsonDerivedType(typeof(EffectOnBaseline), "effect")]
[JsonDerivedType(typeof(AveragedModel), "average")]
[JsonDerivedType(typeof(DragonnetModel), "dragonnet")]
[JsonDerivedType(typeof(ResponseModel), "response")]
[JsonDerivedType(typeof(Forest.CausalForestModel), "forest")]
public abstract record UpliftModel
{
    private const int Chunk = 2048;

    /// <summary>Predicts rows of a matrix; τ̂ is the second answer minus the first.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows to predict.</param>
    /// <param name="mu0">Outcome without treatment, in the order of <paramref name="rows"/>.</param>
    /// <param name="mu1">Outcome with treatment; where a learner has no outcome heads it is control + uplift.</param>
    /// <param name="threads">Threads; the answer does not depend on them.</param>
    /// <param name="token">Ends the work early.</param>
    public void Predict(FeatureMatrix x, int[] rows, double[] mu0, double[] mu1, int threads = 1, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ForkJoin.For((rows.Length + Chunk - 1) / Chunk, threads, chunk =>
        {
            int from = chunk * Chunk, count = Math.Min(Chunk, rows.Length - from);
            Score(x, rows.AsSpan(from, count), mu0.AsSpan(from, count), mu1.AsSpan(from, count));
        }, token);
    }

    /// <summary>Predicts one chunk of rows.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows to predict, a few thousand at most.</param>
    /// <param name="mu0">Outcome without treatment, in the order of <paramref name="rows"/>.</param>
    /// <param name="mu1">Outcome with treatment.</param>
    public abstract void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1);
}
