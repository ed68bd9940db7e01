using System.Globalization;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Results;

/// <summary>Results in a manager's words: figures with their intervals, and what may be concluded.</summary>
public sealed class ResultWords(IStringLocalizer<ResultTexts> texts, ShopNames names)
{
    public string Metric(string name) => Known("Metric." + name, name.Contains('/', StringComparison.Ordinal) ? texts["PerOne", name.Split('/')[0], name.Split('/')[1]] : name);

    public string Arm(string key) => Known("Arm." + key, key);

    /// <summary>A dimension of segments: of a data set the column's own name.</summary>
    public string Dimension(string key) => Known("Dimension." + key, key);

    public string Segment(string dimension, string key) => (dimension, key) switch
    {
        (_, "") => texts["NotKnown"],
        (_, "other") => texts["Segment.other"],
        ("lifecycle", _) => names.Segment(key),
        ("category", _) => names.Category(key),
        ("region", _) => names.Region(key),
        ("channel", _) => names.Channel(key),
        ("tier", _) => names.Tier(key),
        ("value", _) => Known("Segment." + key, key),
        _ => key,
    };

    public string Reading(ReadingResult reading) => texts[reading.Reading == OutcomeReading.FirstDays ? "Reading.FirstDays" : "Reading." + reading.Reading, reading.Days];

    /// <summary>An amount of a customer: money with its cents, shares in percent.</summary>
    public static string Amount(double? value, MetricKind kind, string? currency) => value is not { } v || !double.IsFinite(v) ? "–" : kind switch
    {
        MetricKind.Money => Figures.Amount(v, currency ?? ""),
        MetricKind.Share => Figures.Percent(v, 2),
        _ => Figures.Decimal(v),
    };

    /// <summary>A difference: with its sign, of shares in percent points.</summary>
    public static string Difference(double? value, MetricKind kind, string? currency) => value is not { } v || !double.IsFinite(v) ? "–" : kind switch
    {
        MetricKind.Money => Figures.Amount(v, currency ?? "", sign: true),
        MetricKind.Share => Figures.Points(v, digits: 2),
        _ => (v > 0 ? "+" : "") + Figures.Decimal(v),
    };

    public static string Interval(double? low, double? high, MetricKind kind, string? currency) => low is not { } l || high is not { } h ? "" : kind switch
    {
        MetricKind.Money => Figures.Interval(Figures.Amount(l, currency ?? ""), Figures.Amount(h, currency ?? "")),
        MetricKind.Share => Figures.Interval(Figures.Points(l, unit: false, digits: 2), Figures.Points(h, unit: false, digits: 2)),
        _ => Figures.Interval(Figures.Decimal(l), Figures.Decimal(h)),
    };

    /// <summary>A total: money in whole units, all else counted.</summary>
    public static string Total(double? value, MetricKind kind, string? currency) => value is not { } v || !double.IsFinite(v) ? "–"
        : kind == MetricKind.Money ? Figures.Money(v, currency ?? "", sign: true) : (v > 0 ? "+" : "") + Figures.Count(v);

    public static string TotalInterval(EffectInterval total, MetricKind kind, string? currency) => total is not { Low: { } low, High: { } high } ? ""
        : kind == MetricKind.Money ? Figures.MoneyInterval(low, high, currency ?? "") : Figures.Interval(Figures.Count(low), Figures.Count(high));

    public static string Tone(EffectInterval effect) => effect is { Low: { } low, High: { } high } ? Figures.Tone(low, high) : "muted";

    /// <summary>What an interval says, in words: colour alone would not do.</summary>
    public string Sure(EffectInterval effect) => texts[effect is not { Low: { } low, High: { } high } ? "Sure.NoData" : low > 0 ? "Sure.More" : high < 0 ? "Sure.Less" : "Sure.Chance"];

    public string BannerTitle(ResultBanner banner) => texts["Banner." + banner.Decision];

    /// <summary>The decision's reason, with its figures.</summary>
    public string BannerText(ResultBanner banner, ExperimentResult result)
    {
        if (banner is { Decision: Decision.DaysLeft, DaysLeft: null })
            return texts["Why.Waiting"];
        var metric = result.Now?.Comparisons.FirstOrDefault(c => c.Arm == banner.Arm)?.Metric(result.DecisionMetric);
        var kind = metric?.Kind ?? MetricKind.Money;
        var currency = metric?.Currency ?? result.Currency;
        object[] figures =
        [
            Metric(result.DecisionMetric), Difference(banner.Effect?.Estimate, kind, currency),
            Interval(banner.Interval?.Low ?? banner.Effect?.Low, banner.Interval?.High ?? banner.Effect?.High, kind, currency),
            Amount(banner.Target, kind, currency), banner.DaysLeft ?? 0, Figures.Count(Math.Floor(banner.GateWeight)), Figures.Count(banner.GateNeeded),
        ];
        var text = texts[$"Why.{banner.Decision}.{banner.Reason}", figures];
        return text.ResourceNotFound ? texts["Why." + banner.Reason, figures] : text;
    }

    private string Known(string name, string otherwise) => texts[name] is { ResourceNotFound: false } text ? text.Value : otherwise;
}
