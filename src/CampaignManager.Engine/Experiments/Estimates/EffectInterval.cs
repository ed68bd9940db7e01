using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>An effect treated − control with its interval; null is "cannot be told".</summary>
/// <param name="Estimate">In the metric's unit.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">After Welch and Satterthwaite.</param>
/// <param name="PValue">Two-sided, of no effect.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Reason">Why something cannot be told, one of <see cref="CannotTell"/>; null where all is.</param>
public sealed record EffectInterval(
    double? Estimate, double? StandardError, double? DegreesOfFreedom, double? PValue, double? Low, double? High, string? Reason = null)
{
    /// <summary>Nothing can be told.</summary>
    public static EffectInterval Unknown(string reason, double? estimate = null, double? error = null) =>
        new(estimate, error, null, null, null, null, reason);

    /// <summary>An estimate whose variance is the sum of two arms' (Welch 1947, degrees of freedom after Satterthwaite 1946), by Student's t.</summary>
    /// <param name="estimate">The difference.</param>
    /// <param name="treatedVariance">Sampling variance that comes of the treated arm.</param>
    /// <param name="treated">Customers.</param>
    /// <param name="controlVariance">Sampling variance that comes of the control arm.</param>
    /// <param name="control">Customers.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static EffectInterval Of(double estimate, double treatedVariance, long treated, double controlVariance, long control, double alpha)
    {
        CheckLevel(alpha);
        if (treated == 0 || control == 0) return Unknown(CannotTell.EmptyArm);
        if (!double.IsFinite(estimate)) return Unknown(CannotTell.NoDenominator);
        if (treated < 2 || control < 2) return Unknown(CannotTell.OneCustomer, estimate);
        var variance = treatedVariance + controlVariance;
        // Customers who happen to be alike would pass for certainty: p = 0.
        if (!(variance > 0)) return Unknown(CannotTell.NoSpread, estimate, 0);
        var freedom = variance * variance
            / (treatedVariance * treatedVariance / (treated - 1) + controlVariance * controlVariance / (control - 1));
        return Around(estimate, Math.Sqrt(variance), freedom, alpha);
    }

    /// <summary>An estimate with a standard error and degrees of freedom that are known already.</summary>
    public static EffectInterval Around(double estimate, double error, double freedom, double alpha)
    {
        CheckLevel(alpha);
        if (!(error > 0)) return Unknown(CannotTell.NoSpread, estimate, 0);
        var half = StudentT.Quantile(1 - alpha / 2, freedom) * error;
        var p = 2 * StudentT.Cdf(-Math.Abs(estimate / error), freedom);
        return new EffectInterval(estimate, error, freedom, p, estimate - half, estimate + half);
    }

    internal static void CheckLevel(double alpha)
    {
        if (alpha is <= 0 or >= 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level lies between 0 and 1.");
    }
}

/// <summary>Why an effect cannot be told.</summary>
public static class CannotTell
{
    /// <summary>An arm has no customers.</summary>
    public const string EmptyArm = "empty-arm";

    /// <summary>An arm has one customer: no spread to be had.</summary>
    public const string OneCustomer = "one-customer";

    /// <summary>All customers of both arms are alike.</summary>
    public const string NoSpread = "no-spread";

    /// <summary>A ratio whose denominator is 0 in an arm.</summary>
    public const string NoDenominator = "no-denominator";

    /// <summary>A relative effect over a control of 0.</summary>
    public const string ZeroControl = "zero-control";
}
