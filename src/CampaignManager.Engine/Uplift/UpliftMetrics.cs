namespace CampaignManager.Engine.Uplift;

/// <summary>How well a predicted uplift orders a test set. A metric that cannot be computed (an empty arm, a money outcome's normalised score) is NaN.</summary>
/// <param name="Qini">Qini coefficient: area between Qini curve and diagonal over that of the perfect curve. 0/1 outcomes only.</param>
/// <param name="Auuc">The same for the uplift curve. 0/1 outcomes only.</param>
/// <param name="QiniAbs">(area of q − triangle) / (n·n1), in outcomes per treated customer.</param>
/// <param name="AuucAbs">(area of u − triangle) / n², in outcomes per customer.</param>
/// <param name="U10">Difference of arm means within the first floor(0.1·n) rows.</param>
/// <param name="U20">The same for 20 %.</param>
/// <param name="U30">The same for 30 %.</param>
/// <param name="Ate">Difference of arm means over all rows.</param>
public sealed record UpliftMetrics(double Qini, double Auuc, double QiniAbs, double AuucAbs, double U10, double U20, double U30, double Ate)
{
    /// <summary>Of an empty set.</summary>
    public static UpliftMetrics None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>An estimate with its interval.</summary>
/// <param name="Value">Point estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Estimate(double Value, double Low, double High);

/// <summary><see cref="UpliftMetrics"/> with 95 % bootstrap intervals.</summary>
/// <param name="Qini">Qini coefficient.</param>
/// <param name="Auuc">Area under the uplift curve, normalised.</param>
/// <param name="QiniAbs">Unnormalised Qini area.</param>
/// <param name="AuucAbs">Unnormalised uplift area.</param>
/// <param name="U10">Uplift in the best tenth.</param>
/// <param name="U20">Uplift in the best fifth.</param>
/// <param name="U30">Uplift in the best three tenths.</param>
/// <param name="Ate">Average treatment effect.</param>
public sealed record UpliftMetricIntervals(Estimate Qini, Estimate Auuc, Estimate QiniAbs, Estimate AuucAbs, Estimate U10, Estimate U20, Estimate U30, Estimate Ate);
