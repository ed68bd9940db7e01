using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// Held-out rows of one treated arm and control, on which predictions are judged: by what happened in the arms where these were drawn at random, and otherwise by AIPW
/// scores with the estimated propensity, since arms that differ cannot be held against each other as they are.
/// </summary>
/// <param name="Outcome">y per row.</param>
/// <param name="Treated">Arm per row.</param>
/// <param name="Customers">Customer per row.</param>
/// <param name="Effect">Γ per row; null of a randomised experiment.</param>
/// <param name="Control">Γ0 per row; null likewise.</param>
internal sealed record HeldOutRows(double[] Outcome, bool[] Treated, int[] Customers, double[]? Effect, double[]? Control)
{
    public static HeldOutRows Of(ArmScores scores)
    {
        var rows = scores.Test;
        var outcomes = ArmScores.Of(rows, i => scores.Outcome[i]);
        var treated = ArmScores.Of(rows, i => scores.Table.Arms[i] != 0);
        var customers = scores.CustomersOf(rows);
        return scores.Table.Manifest.Randomised
            ? new HeldOutRows(outcomes, treated, customers, null, null)
            : new HeldOutRows(outcomes, treated, customers, ArmScores.Of(rows, i => scores.Effect[i]), ArmScores.Of(rows, scores.Control));
    }

    public double ControlMean => (Control ?? [.. Outcome.Where((_, i) => !Treated[i])]).DefaultIfEmpty(double.NaN).Average();

    public UpliftMetricIntervals Metrics(double[] score, CancellationToken cancellationToken) => Effect is null
        ? UpliftBootstrap.Intervals(new UpliftRanking(Outcome, Treated, score), token: cancellationToken)
        : new EffectRanking(Effect, score).Intervals(Customers, token: cancellationToken);

    public IReadOnlyList<CurvePoint> Curve(double[] score) => Effect is null ? new UpliftRanking(Outcome, Treated, score).QiniCurve() : new EffectRanking(Effect, score).Curve();

    public CalibrationReport Calibration(double[] score) =>
        Effect is null ? Engine.Uplift.Calibration.ByDecile(Outcome, Treated, score) : Engine.Uplift.Calibration.ByScores(Effect, Treated, score);

    /// <summary>Unnormalised Qini area of the first rows, as many as there are scores.</summary>
    public double Area(double[] score) => Effect is null
        ? new UpliftRanking(Outcome.AsSpan(0, score.Length), Treated.AsSpan(0, score.Length), score).Metrics().QiniAbs
        : new EffectRanking(Effect.AsSpan(0, score.Length), score).Metrics().QiniAbs;
}
