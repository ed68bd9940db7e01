using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Web.Campaigns.Results;

/// <summary>Results as the API shows them; money in major units, shares in 0..1.</summary>
/// <param name="State"><c>waiting</c> (nobody assigned), <c>running</c>, <c>provisional</c> (returns may come in) or <c>final</c>.</param>
/// <param name="Reading"><c>final</c>, <c>soFar</c>, <c>first:7</c> ...; null while there is none.</param>
/// <param name="Segments">Of the dimensions asked for.</param>
public sealed record ResultResource(
    [property: AllowedValues("waiting", "running", "provisional", "final")] string State, ResultDecision Decision, string? Reading, IReadOnlyList<string> Readings, DateTime AsOf,
    DateTime? ClosesAt, string? Currency, string DecisionMetric, IReadOnlyList<ResultEpoch> Epochs, IReadOnlyList<ResultMetric> Metrics, IReadOnlyList<ResultRatio> Ratios,
    IReadOnlyList<ResultGuardrail> Guardrails, IReadOnlyList<ResultDiscount> Discount, IReadOnlyList<ResultSegments> Segments, ResultHealth Health)
{
    /// <summary>Of one reading.</summary>
    /// <param name="dimensions">Dimensions of segments; null for all.</param>
    public static ResultResource Of(ExperimentResult result, ReadingResult? reading, IReadOnlyCollection<string>? dimensions)
    {
        var comparisons = reading?.Comparisons ?? [];
        return new ResultResource(
            result.Now is null ? "waiting" : !result.Closed ? "running" : result.Provisional ? "provisional" : "final", ResultDecision.Of(result.Banner),
            reading is null ? null : NameOf(reading), [.. result.Readings.Concat(result.After).Select(NameOf)], result.AsOf, result.ClosesAt, result.Currency, result.DecisionMetric,
            [.. result.Epochs.Select(e => new ResultEpoch(e.Epoch, e.VersionId, e.From == default ? null : e.From, e.Until, [.. e.Arms.Select(a => new ResultArm(a.Arm, a.Share, a.Customers))]))],
            [.. comparisons.SelectMany(c => c.Metrics.Select(m => ResultMetric.Of(c, m, result)))],
            [.. comparisons.SelectMany(c => c.Ratios.Select(r => new ResultRatio(r.Metric, c.Arm, c.Against, r.Difference.TreatedRatio, r.Difference.ControlRatio, ResultEffect.Of(r.Difference.Absolute))))],
            [.. comparisons.SelectMany(c => c.Guardrails.Select(g => new ResultGuardrail(g.Rule.Metric, c.Arm, 100 * g.Rule.Margin, JsonNamingPolicy.CamelCase.ConvertName(g.Verdict.ToString()),
                g.Difference.TreatedRatio, g.Difference.ControlRatio, ResultEffect.Of(g.Difference.Absolute))))],
            [.. comparisons.Where(c => c.Discount is not null).Select(c => new ResultDiscount(c.Arm, c.Against, c.Discount!.Given, ResultTotal.Of(c.Discount.Incremental), c.Discount.ToSureBuyersUpTo, c.Discount.Roi))],
            [.. comparisons.SelectMany(c => c.Segments.Where(s => dimensions?.Contains(s.Dimension) != false).Select(s => ResultSegments.Of(c, s)))], ResultHealth.Of(result.Health));
    }

    private static string NameOf(ReadingResult reading) => reading.Reading switch
    {
        OutcomeReading.Final => "final",
        OutcomeReading.SoFar => "soFar",
        OutcomeReading.FirstDays => FormattableString.Invariant($"first:{reading.Days}"),
        _ => FormattableString.Invariant($"after:{reading.Days}"),
    };
}

/// <summary>What is to be done; <c>message</c> says the same in English.</summary>
/// <param name="Code"><c>unhealthy</c>, <c>noData</c>, <c>stop</c>, <c>positiveSoFar</c>, <c>daysLeft</c>, <c>keep</c>, <c>repeat</c> or <c>inconclusive</c>.</param>
/// <param name="Reason">Why, as a code.</param>
public sealed record ResultDecision(string Code, string Reason, string Message, string? Arm, double? Difference, double? Low, double? High, double? Target, int? DaysLeft)
{
    public static ResultDecision Of(ResultBanner banner) => new(
        JsonNamingPolicy.CamelCase.ConvertName(banner.Decision.ToString()), banner.Reason, DecisionSentence.Of(banner), banner.Arm, banner.Effect?.Estimate,
        banner.Interval?.Low ?? banner.Effect?.Low, banner.Interval?.High ?? banner.Effect?.High, banner.Target, banner.DaysLeft);
}

public sealed record ResultEpoch(int Epoch, string? VersionId, DateTime? From, DateTime? Until, IReadOnlyList<ResultArm> Arms);

public sealed record ResultArm(string Arm, double Share, long Customers);

/// <summary>An effect with its interval; ends are null where it cannot be told.</summary>
public sealed record ResultEffect(double? Difference, double? Low, double? High, double? P)
{
    public static ResultEffect Of(EffectInterval effect) => new(effect.Estimate, effect.Low, effect.High, effect.PValue);
}

public sealed record ResultTotal(double? Value, double? Low, double? High)
{
    public static ResultTotal Of(EffectInterval effect) => new(effect.Estimate, effect.Low, effect.High);
}

public sealed record ResultRatio(string Metric, string Arm, string Against, double? Treated, double? Control, ResultEffect Effect);

/// <param name="Verdict"><c>notWorse</c>, <c>cannotTell</c> or <c>harm</c>.</param>
public sealed record ResultGuardrail(string Metric, string Arm, double MarginPercent, string Verdict, double? Treated, double? Control, ResultEffect Effect);

/// <param name="ToSureBuyersUpTo">At most so much went to customers who would have bought anyway.</param>
public sealed record ResultDiscount(string Arm, string Against, double Given, ResultTotal Incremental, double? ToSureBuyersUpTo, double? Roi);
