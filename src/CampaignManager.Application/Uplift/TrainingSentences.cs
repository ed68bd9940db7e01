using System.Globalization;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift;

/// <summary>What a training run writes into its log.</summary>
internal static class TrainingSentences
{
    public static string Of(ArmOverlap arm) => string.Create(CultureInfo.InvariantCulture,
        $"{arm.Arm}: not randomised; propensity estimated by {arm.Form} (log loss {arm.LogLoss:0.000}, without features {arm.ConstantLogLoss:0.000}). Left out {arm.Dropped:N0} of {arm.Rows:N0} rows beyond {ObservationalData.Least:0.00} .. {1 - ObservationalData.Least:0.00}, {arm.DroppedTreated:N0} of them treated; kept {arm.Smallest:0.000} .. {arm.Largest:0.000}.");

    public static string Of(ArmEvaluation arm)
    {
        static string Text(Engine.Uplift.Estimate e) => string.Create(CultureInfo.InvariantCulture, $"{e.Value:0.0000} [{e.Low:0.0000} .. {e.High:0.0000}]");
        var score = double.IsFinite(arm.Metrics.Qini.Value) ? $"Qini {Text(arm.Metrics.Qini)}" : $"Qini area {Text(arm.Metrics.QiniAbs)}";
        return string.Create(CultureInfo.InvariantCulture, $"{arm.Arm}: {score}, average effect {Text(arm.Metrics.Ate)} on {arm.Rows:N0} held-out rows.");
    }

    public static string Of(DataWarning warning)
    {
        var value = warning.Value.ToString(warning.Code == DataWarning.Leak ? "0.000" : "0.0e+0", CultureInfo.InvariantCulture);
        return warning.Code switch
        {
            DataWarning.ArmPredicted => $"Warning: '{warning.Label}' differs between '{warning.Arm}' and control (p {value}). The arms were not drawn at random, or it was measured after the treatment.",
            DataWarning.Leak => $"Warning: '{warning.Label}' all but tells the outcome (area {value}). It was probably filled in afterwards; leave it out.",
            DataWarning.SampleRatio => $"Warning: the sizes of '{warning.Arm}' and control are not those planned (p {value}).",
            DataWarning.RowsWithoutMatch => string.Create(CultureInfo.InvariantCulture, $"Warning: {warning.Value:N0} rows of '{warning.Arm}' and control were left out because hardly anybody like them was in the other arm."),
            _ => $"Warning: {warning.Code}, {value}.",
        };
    }

    public static string Of(AutoReport choice)
    {
        var members = choice.Candidates.Where(c => c.Weight > 0).OrderByDescending(c => c.Weight).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Weight:0%}"));
        return choice.Detected
            ? string.Create(CultureInfo.InvariantCulture, $"customers differ (p {choice.PValue:0.000}); average of {string.Join(", ", members)}.")
            : string.Create(CultureInfo.InvariantCulture, $"no detectable difference between customers (p {choice.PValue:0.000}): the average effect is used.");
    }
}
