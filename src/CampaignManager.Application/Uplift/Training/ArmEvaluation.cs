using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>What a conversion brings and costs, in the currency's major unit: what a policy's value is counted in.</summary>
public sealed record Economics(double Margin, double Discount, double ContactCost);

/// <summary>Everything said about one treated arm against control, on held-out rows.</summary>
/// <param name="Rivals">The model beside what it has to beat; null of versions from before these were made.</param>
/// <param name="Response">Of a response model only: how well it tells who buys. Its ranking is by predicted response.</param>
public sealed record ArmEvaluation(
    string Arm,
    int Rows,
    int Treated,
    double ControlMean,
    UpliftMetricIntervals Metrics,
    IReadOnlyList<CurvePoint> QiniCurve,
    CalibrationReport Calibration,
    HeterogeneityResult Heterogeneity,
    PolicyValue? PolicyValue,
    TargetingDepth Depth,
    IReadOnlyList<FeatureImportance> Importance,
    IReadOnlyList<MeasuredSegment> Segments,
    ArmExplanation Explanation,
    IReadOnlyList<FoundGroup> Found,
    IReadOnlyList<Rival>? Rivals = null,
    ResponseReport? Response = null);

/// <summary>The measured effect in a group of customers: mean AIPW score with the joint interval over the groups of its feature.</summary>
/// <param name="Feature">Column name.</param>
/// <param name="Label">Readable name as the data give it.</param>
/// <param name="Level">The group's value.</param>
public sealed record MeasuredSegment(string Feature, string Label, string Level, int Rows, double Uplift, double Low, double High)
{
    public string Name => $"{Label} = {Level}";
}
