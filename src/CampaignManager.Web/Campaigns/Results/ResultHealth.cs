using CampaignManager.Application.Experiments.Results;

namespace CampaignManager.Web.Campaigns.Results;

/// <summary>Whether the figures may be believed.</summary>
/// <param name="Alarms">Codes of the alarms that fire: <c>audit</c>, <c>sample-ratio</c>, <c>sample-ratio-day</c>, <c>sample-ratio-segment</c>, <c>balance</c>.</param>
/// <param name="Srm">By epoch; empty where nobody said with which shares arms were drawn.</param>
/// <param name="SrmCuts">Days and segments that are off.</param>
/// <param name="Audit">Exposures whose arm is not what the hash says.</param>
/// <param name="Leak">Redemptions by guests and by customers held out.</param>
public sealed record ResultHealth(
    IReadOnlyList<string> Alarms, IReadOnlyList<ResultSampleRatio> Srm, IReadOnlyList<ResultSampleRatio> SrmCuts, ResultAudit Audit, IReadOnlyList<ResultBalance> Balance,
    IReadOnlyDictionary<string, long> Leak, DateTime? Freshness, DateOnly? LastEntered)
{
    public static ResultHealth Of(ExperimentHealth health) => new(
        health.Alarms, [.. health.Ratios.Select(ResultSampleRatio.Of)], [.. health.Cuts.Select(ResultSampleRatio.Of)], new ResultAudit(health.Mismatches),
        [.. health.Balance.Select(b => new ResultBalance(b.Epoch, b.Arm, b.Balance.ChiSquare, b.Balance.DegreesOfFreedom, b.Balance.PValue, b.Balance.Alarm,
            [.. b.Columns.Zip(b.Balance.Covariates, (name, c) => new ResultCovariate(name, c.Difference.Estimate, c.Difference.PValue, c.Standardised))]))],
        health.Leaks, health.Freshness, health.LastEntered);
}

/// <param name="Cut">Empty for everybody, a day, or a segment.</param>
/// <param name="LargestMismatch">(customers − planned) / planned of the arm that is most off.</param>
public sealed record ResultSampleRatio(
    int Epoch, string Cut, double ChiSquare, int DegreesOfFreedom, double P, double LargestMismatch, bool TooFew, bool Alarm, IReadOnlyList<ResultArm> Arms)
{
    public static ResultSampleRatio Of(RatioCheck r) => new(
        r.Epoch, r.Cut, r.Check.Test.ChiSquare, r.Check.Test.DegreesOfFreedom, r.Check.Test.PValue, r.Check.Largest, r.Check.TooFew, r.Check.Alarm,
        [.. r.Arms.Select(a => new ResultArm(a.Arm, a.Share, a.Customers))]);
}

public sealed record ResultAudit(long Mismatches);

public sealed record ResultBalance(
    int Epoch, string Arm, double? ChiSquare, int DegreesOfFreedom, double? P, bool Alarm, IReadOnlyList<ResultCovariate> Covariates);

public sealed record ResultCovariate(string Name, double? Difference, double? P, double? Standardised);
