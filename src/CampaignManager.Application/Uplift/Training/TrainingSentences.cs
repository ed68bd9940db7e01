using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>What a training run writes into its log.</summary>
internal static class TrainingSentences
{
    public static JobSentence Loaded(UpliftTable table) => JobSentence.Of(
        "training-loaded", $"Loaded {table.Count:N0} rows of {table.CountCustomers():N0} customers, {table.Features.Count} features, arms {string.Join(", ", table.Manifest.Arms)}.");

    public static JobSentence Fitted(string outcome, string learner, int rows) => JobSentence.Of(
        "training-fitted", $"Fitted '{SentenceValue.Outcome(outcome)}' with learner {SentenceValue.Learner(learner)}: {DataSplit.FoldCount} folds and all {rows:N0} training rows.");

    public static JobSentence Saved(bool promoted) => promoted
        ? JobSentence.Of("training-saved-in-use", $"Saved, and in use: it is the first model of these data.")
        : JobSentence.Of("training-saved", $"Saved.");

    public static JobSentence TooSoon(long found, int champion, int least) => JobSentence.Of(
        "training-too-soon", $"Nothing was trained: {found:N0} customers were treated since version {champion} learnt, and {least:N0} are asked for.");

    public static JobSentence Unjudged(int champion) => JobSentence.Of(
        "challenger-unjudged", $"Left for an admin to decide: no campaign has closed since version {champion} learnt on which both could be tried.");

    public static JobSentence Of(TrialVerdict verdict, int champion) => verdict switch
    {
        { Campaign: null } => Unjudged(champion),
        { Wins: true } => JobSentence.Of(
            "challenger-wins", $"Put into use: on the newest campaign, which version {champion} has not seen, it ranks {verdict.Rows:N0} held-out customers better with a probability of {100 * verdict.ProbabilityBetter:0} %."),
        _ => JobSentence.Of(
            "challenger-loses", $"Not put into use: on the newest campaign, which version {champion} has not seen, it ranks {verdict.Rows:N0} held-out customers better with a probability of only {100 * verdict.ProbabilityBetter:0} %."),
    };

    public static JobSentence Of(ArmOverlap arm) => JobSentence.Of(
        "training-overlap",
        $"{arm.Arm}: not randomised; propensity estimated by {new SentenceValue(arm.Form.ToString(), SentenceValue.PropensityKind)} (log loss {arm.LogLoss:0.000}, without features {arm.ConstantLogLoss:0.000}). Left out {arm.Dropped:N0} of {arm.Rows:N0} rows beyond {ObservationalData.Least:0.00} .. {1 - ObservationalData.Least:0.00}, {arm.DroppedTreated:N0} of them treated; kept {arm.Smallest:0.000} .. {arm.Largest:0.000}.");

    /// <param name="binary">Whether effects are differences of shares, then said in percent points.</param>
    /// <param name="currency">Of money.</param>
    public static JobSentence Of(ArmEvaluation arm, bool binary, string? currency)
    {
        var (ate, rows) = (arm.Metrics.Ate, arm.Rows);
        var qini = double.IsFinite(arm.Metrics.Qini.Value);
        var score = qini ? arm.Metrics.Qini : arm.Metrics.QiniAbs;
        return (qini, binary) switch
        {
            (true, true) => JobSentence.Of("training-judged", $"{arm.Arm}: Qini {score.Value:0.0000} [{score.Low:0.0000} .. {score.High:0.0000}], average effect {100 * ate.Value:+0.0;-0.0} pp [{100 * ate.Low:+0.0;-0.0} .. {100 * ate.High:+0.0;-0.0}] on {rows:N0} held-out rows."),
            (false, true) => JobSentence.Of("training-judged-area", $"{arm.Arm}: Qini area {score.Value:0.0000} [{score.Low:0.0000} .. {score.High:0.0000}], average effect {100 * ate.Value:+0.0;-0.0} pp [{100 * ate.Low:+0.0;-0.0} .. {100 * ate.High:+0.0;-0.0}] on {rows:N0} held-out rows."),
            _ => JobSentence.Of("training-judged-money", $"{arm.Arm}: Qini area {score.Value:0.0000} [{score.Low:0.0000} .. {score.High:0.0000}], average effect {ate.Value:+0.00;-0.00} [{ate.Low:+0.00;-0.00} .. {ate.High:+0.00;-0.00}] {currency} on {rows:N0} held-out rows."),
        };
    }

    public static JobSentence Of(DataWarning warning) => warning.Code switch
    {
        DataWarning.ArmPredicted => JobSentence.Of("warning-arm-predicted", $"Warning: '{warning.Label}' differs between '{warning.Arm}' and control (p {warning.Value:0.0e+0}). The arms were not drawn at random, or it was measured after the treatment."),
        DataWarning.Leak => JobSentence.Of("warning-leak", $"Warning: '{warning.Label}' all but tells the outcome (area {warning.Value:0.000}). It was probably filled in afterwards; leave it out."),
        DataWarning.SampleRatio => JobSentence.Of("warning-sample-ratio", $"Warning: the sizes of '{warning.Arm}' and control are not those planned (p {warning.Value:0.0e+0})."),
        DataWarning.RowsWithoutMatch => JobSentence.Of("warning-rows-without-match", $"Warning: {warning.Value:N0} rows of '{warning.Arm}' and control were left out because hardly anybody like them was in the other arm."),
        _ => JobSentence.Of("warning-other", $"Warning: {warning.Code}, {warning.Value:0.0e+0}."),
    };

    public static JobSentence LeftOut(string arm, IReadOnlyList<string> candidates) => JobSentence.Of(
        "training-left-out", $"{arm}: {new SentenceValue(string.Join(' ', candidates), SentenceValue.MembersKind)} were not tried; the time given is too short for them.");

    public static JobSentence Of(string arm, AutoReport choice)
    {
        var p = choice.PValue < 0.001 ? "< 0.001" : FormattableString.Invariant($"= {choice.PValue:0.000}");
        if (!choice.Detected)
            return JobSentence.Of("training-no-differences", $"{arm}: no detectable difference between customers (p {p}): the average effect is used.");
        var members = choice.Candidates.Where(c => c.HasWeight).OrderByDescending(c => c.Weight).Select(c => FormattableString.Invariant($"{c.Name}={c.Weight:0.00}"));
        return JobSentence.Of("training-differences", $"{arm}: customers differ (p {p}); average of {new SentenceValue(string.Join(' ', members), SentenceValue.MembersKind)}.");
    }
}
