using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>Whether effects of segments (or campaigns) differ, and each drawn towards the others.</summary>
/// <param name="Q">Cochran's (1954) Σ w(d − d̄)², w = 1/SE².</param>
/// <param name="DegreesOfFreedom">Effects − 1.</param>
/// <param name="PValue">χ² of no difference; null below two effects.</param>
/// <param name="Common">d̄, weighted by w.</param>
/// <param name="TauSquared">Variance of the true effects (DerSimonian and Laird 1986), 0 where Q does not exceed its degrees of freedom.</param>
/// <param name="Mean">Weighted by 1/(SE² + τ²).</param>
/// <param name="Shrunk">By effect: mean + τ²/(τ² + SE²)·(d − mean).</param>
public sealed record Heterogeneity(double Q, int DegreesOfFreedom, double? PValue, double Common, double TauSquared, double Mean, IReadOnlyList<double> Shrunk)
{
    /// <summary>Of independent effects; null without any.</summary>
    /// <exception cref="ArgumentException">Not a positive standard error for each effect.</exception>
    public static Heterogeneity? Of(ReadOnlySpan<double> effects, ReadOnlySpan<double> errors)
    {
        if (effects.Length != errors.Length) throw new ArgumentException("Give a standard error for each effect.", nameof(errors));
        if (effects.Length == 0) return null;
        double sum = 0, weighted = 0, squares = 0;
        for (var i = 0; i < effects.Length; i++)
        {
            if (!(errors[i] > 0)) throw new ArgumentException("A standard error is above 0.", nameof(errors));
            var w = 1 / (errors[i] * errors[i]);
            (sum, weighted, squares) = (sum + w, weighted + w * effects[i], squares + w * w);
        }
        double common = weighted / sum, q = 0;
        for (var i = 0; i < effects.Length; i++) q += (effects[i] - common) * (effects[i] - common) / (errors[i] * errors[i]);
        var freedom = effects.Length - 1;
        var tau = freedom == 0 ? 0 : Math.Max(0, (q - freedom) / (sum - squares / sum));
        double total = 0, mean = 0;
        for (var i = 0; i < effects.Length; i++)
        {
            var w = 1 / (errors[i] * errors[i] + tau);
            (total, mean) = (total + w, mean + w * effects[i]);
        }
        mean /= total;
        var shrunk = new double[effects.Length];
        for (var i = 0; i < shrunk.Length; i++) shrunk[i] = mean + tau / (tau + errors[i] * errors[i]) * (effects[i] - mean);
        return new Heterogeneity(q, freedom, freedom == 0 ? null : ChiSquared.Survival(q, freedom), common, tau, mean, shrunk);
    }
}
