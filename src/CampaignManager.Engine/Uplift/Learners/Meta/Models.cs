using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Uplift.Learners.Meta;

/// <summary>A predictor of the outcome for each arm.</summary>
/// <param name="Control">Outcome without treatment.</param>
/// <param name="Treated">Outcome with treatment.</param>
public sealed record OutcomeHeads(RowScorer Control, RowScorer Treated) : UpliftModel
{
    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        Control.Score(x, rows, mu0);
        Treated.Score(x, rows, mu1);
    }
}

/// <summary>f(x, t) = a(x) + (t − ē)·d(x), through the logistic link for probabilities.</summary>
/// <param name="Parts">a, d and ē.</param>
/// <param name="Probability">Whether predictions are probabilities.</param>
public sealed record CentredModel(CentredEnsembles Parts, bool Probability) : UpliftModel
{
    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        Parts.Main.Sum(x, rows, mu0);
        Parts.Effect.Sum(x, rows, mu1);
        for (var i = 0; i < rows.Length; i++)
        {
            double a = mu0[i], d = mu1[i];
            double without = a - Parts.Centre * d, with = without + d;
            mu0[i] = Probability ? 1 / (1 + Math.Exp(-without)) : without;
            mu1[i] = Probability ? 1 / (1 + Math.Exp(-with)) : with;
        }
    }
}

/// <summary>An effect beside a baseline that has been learnt apart: treated = control + uplift.</summary>
/// <param name="Baseline">Gives the outcome without treatment.</param>
/// <param name="Effects">Effects to be blended.</param>
/// <param name="Shares">Weight of each.</param>
public sealed record EffectOnBaseline(UpliftModel Baseline, IReadOnlyList<RowScorer> Effects, IReadOnlyList<double> Shares) : UpliftModel
{
    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        double[] effects = new double[rows.Length], one = new double[rows.Length];
        for (var k = 0; k < Effects.Count; k++)
        {
            Effects[k].Score(x, rows, one);
            for (var i = 0; i < effects.Length; i++) effects[i] += Shares[k] * one[i];
        }
        Baseline.Score(x, rows, mu0, mu1);
        for (var i = 0; i < rows.Length; i++) (mu0[i], mu1[i]) = Sums.Exact(mu0[i], effects[i]);
    }
}

/// <summary>Control plus uplift such that treated minus control is the uplift again, to the last bit: equal effects must tie, not be ordered by rounding.</summary>
internal static class Sums
{
    private const double Grid = 1L << 36;

    public static (double Mu0, double Mu1) Exact(double mu0, double effect)
    {
        var control = Math.Round(mu0 * Grid) / Grid;
        return (control, control + Math.Round(effect * Grid) / Grid);
    }
}
