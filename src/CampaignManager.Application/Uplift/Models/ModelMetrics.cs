using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>A figure with its interval, null where it cannot be computed.</summary>
public sealed record MetricInterval(double? Value, double? Low, double? High)
{
    public static MetricInterval Of(Estimate estimate) => new(Known(estimate.Value), Known(estimate.Low), Known(estimate.High));

    internal static double? Known(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>The figures of a version that lists and the API show, of one treated arm on held-out rows.</summary>
/// <param name="HeterogeneityP">One-sided p of "customers do not differ as predicted".</param>
/// <param name="Verdict"><c>differences-detected</c> or <c>no-detectable-difference</c>.</param>
/// <param name="Currency">Of a money outcome: the uplifts, the average effect and the calibration error are in it.</param>
/// <param name="Observational">Whether the arms were not drawn at random: then figures are made of AIPW scores with an estimated propensity.</param>
public sealed record ModelMetrics(
    string Arm,
    MetricInterval Qini,
    MetricInterval Auuc,
    MetricInterval QiniAbs,
    MetricInterval U10,
    MetricInterval U20,
    MetricInterval U30,
    MetricInterval Ate,
    double? CalibrationError,
    MetricInterval? PolicyValue,
    double? HeterogeneityP,
    string Verdict,
    bool Observational = false,
    string? Currency = null)
{
    public const string Detected = "differences-detected";

    public const string NotDetected = "no-detectable-difference";

    public static ModelMetrics Of(ArmEvaluation arm, bool observational = false, string? currency = null) => new(
        arm.Arm,
        MetricInterval.Of(arm.Metrics.Qini),
        MetricInterval.Of(arm.Metrics.Auuc),
        MetricInterval.Of(arm.Metrics.QiniAbs),
        MetricInterval.Of(arm.Metrics.U10),
        MetricInterval.Of(arm.Metrics.U20),
        MetricInterval.Of(arm.Metrics.U30),
        MetricInterval.Of(arm.Metrics.Ate),
        MetricInterval.Known(arm.Calibration.ExpectedError),
        arm.PolicyValue is { } value ? new MetricInterval(MetricInterval.Known(value.Value), MetricInterval.Known(value.Low), MetricInterval.Known(value.High)) : null,
        MetricInterval.Known(arm.Heterogeneity.PValue),
        arm.Heterogeneity.Detected ? Detected : NotDetected,
        observational,
        currency);
}
