using CampaignManager.Application.Experiments;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Uplift.Observational;

namespace CampaignManager.Web.FirstSteps;

/// <summary>A past campaign. <c>evidence</c> is <c>randomised</c>, or <c>observational</c> where who got it was chosen: then <c>difference</c> is null, and <c>log</c> has what its log says.</summary>
public sealed record PastCampaignResource(
    Guid CampaignId, string Name, string Evidence, int Days, long Treated, long Control, double? Chance, double? SampleRatioP, double? Imbalance, double? Difference, double? Low, double? High,
    bool OfferKnown, PastCampaignFault? Fault, LogResource? Log)
{
    public const string Randomised = "randomised";

    public const string Observational = "observational";

    public static PastCampaignResource Of(PastCampaignReading c) => new(
        c.Id, c.Name, c.IsRandomised ? Randomised : Observational, c.Days, c.Treated, c.Control, c.Chance, c.SampleRatioP, c.IsRandomised ? c.Imbalance : null,
        Finite(c.Conversion?.Estimate), Finite(c.Conversion?.Low), Finite(c.Conversion?.High), c.OfferKnown, c.Fault, c.Log is { } log ? LogResource.Of(log) : null);

    internal static double? Finite(double? number) => number is { } n && double.IsFinite(n) ? n : null;
}

/// <summary>What a log of mails or coupons says that were not sent at random. <c>failed</c> are the gates it does not pass; with any the difference afterwards is not given.</summary>
/// <param name="Evidence">Always <c>observational</c>.</param>
/// <param name="Treated">Customers compared who got it, alike enough to those who did not.</param>
/// <param name="Control">The same of those who did not.</param>
/// <param name="Placebo">Difference in the four weeks before.</param>
/// <param name="Imbalance">Largest standardised difference of what was known, after weighting.</param>
/// <param name="ImbalanceOf">Of what.</param>
/// <param name="Difference">Of the shares who ordered afterwards.</param>
/// <param name="Robustness">Robustness value (Cinelli and Hazlett 2020) of the difference, 0..1.</param>
/// <param name="RobustnessOfInterval">The same of its interval's end.</param>
public sealed record LogResource(
    string Evidence, IReadOnlyList<LogGate> Failed, int Treated, int Control, ObservationalDifference? Placebo, double? Imbalance, string? ImbalanceOf, ObservationalDifference? Difference,
    double? Robustness, double? RobustnessOfInterval)
{
    public static LogResource Of(LogReading log) => new(
        PastCampaignResource.Observational, log.Failed, log.KeptTreated, log.KeptControl, ObservationalDifference.Of(log.Placebo), PastCampaignResource.Finite(log.Imbalance),
        log.ImbalancedFeature < 0 ? null : PastCampaignLogs.FeatureNames[log.ImbalancedFeature], log.Passes ? ObservationalDifference.Of(log.Effect) : null,
        log.Passes ? PastCampaignResource.Finite(log.Robustness) : null, log.Passes ? PastCampaignResource.Finite(log.RobustnessOfInterval) : null);
}

/// <summary>A difference of shares, 0..1, with its 95 % interval.</summary>
/// <param name="Evidence">Always <c>observational</c>: no measured effect.</param>
public sealed record ObservationalDifference(string Evidence, double Value, double? Low, double? High)
{
    public static ObservationalDifference? Of(DifferenceInterval? interval) => interval is { } i && double.IsFinite(i.Estimate)
        ? new(PastCampaignResource.Observational, i.Estimate, PastCampaignResource.Finite(i.Low), PastCampaignResource.Finite(i.High)) : null;
}
