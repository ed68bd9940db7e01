using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Charts;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Uplift;

/// <summary>How runs and models are put into words and figures.</summary>
public sealed class UpliftWords(IStringLocalizer<UpliftTexts> texts, ShopNames names)
{
    private const string Scope = "o_scope_";

    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public string Duration(double seconds) => seconds < 90
        ? texts["Seconds", seconds.ToString(seconds < 10 ? "N1" : "N0", Culture)]
        : texts["Minutes", (seconds / 60).ToString("N1", Culture)];

    /// <summary>The shop's own data have a name in the reader's language, an experiment its own.</summary>
    public string Source(Guid? experimentId, string? name) => experimentId is null ? texts["ShopSource"] : name ?? texts["Experiment"];

    public string Learner(string? learner) => Found("Learner_" + learner, learner ?? "");

    /// <summary>A member of the automatic choice: learner and base.</summary>
    public string Candidate(string name)
    {
        var parts = name.Split('-');
        return parts.Length == 2 && texts["Candidate_" + parts[1], Learner(parts[0])] is { ResourceNotFound: false } text ? text : Learner(name);
    }

    public string State(JobState state) => texts["State_" + state];

    public string Outcome(string? outcome) => Found("Outcome_" + outcome, outcome ?? "");

    /// <summary>The shop's own features have names in the reader's language, an experiment's those of its file.</summary>
    public string Feature(string column, string label)
    {
        if (KnownFeatures.Find(column) is { } known)
            return known.Name.In(CultureInfo.CurrentUICulture);
        if (texts["Feature_" + column] is { ResourceNotFound: false } text)
            return text;
        return column.StartsWith(Scope, StringComparison.Ordinal) ? texts["FeatureScope", names.Category(column[Scope.Length..])] : label;
    }

    /// <summary>A group of customers: the feature and its value.</summary>
    public string Group(MeasuredSegment segment) => segment.Feature switch
    {
        "c_lifecycle" => names.Segment(segment.Level),
        "c_favourite" => names.Segment("favourite:" + segment.Level),
        _ => $"{Feature(segment.Feature, segment.Label)} = {segment.Level}",
    };

    /// <summary>A group that was found, by its conditions.</summary>
    public string Group(FoundGroup group) => group.Conditions.Count == 0 ? texts["FoundEverybody"].Value : string.Join(texts["ConditionAnd"], group.Conditions.Select(Condition));

    private string Condition(FoundCondition condition)
    {
        var feature = Feature(condition.Feature, condition.Label);
        var threshold = condition.Threshold.ToString(Math.Abs(condition.Threshold) >= 100 ? "N0" : "0.##", Culture);
        return condition.Kind switch
        {
            EncodedKind.Level => texts[condition.Above ? "ConditionIs" : "ConditionIsNot", feature, Level(condition)],
            EncodedKind.Missing => texts[condition.Above ? "ConditionMissing" : "ConditionKnown", feature],
            EncodedKind.Rank => condition.Above ? texts["ConditionRare", feature] : texts["ConditionCommon", feature, Math.Floor(condition.Threshold).ToString("N0", Culture)],
            _ => texts[condition.Above ? "ConditionAbove" : "ConditionAtMost", feature, threshold],
        };
    }

    private string Level(FoundCondition condition) => condition.Feature switch
    {
        "c_lifecycle" => names.Segment(condition.Level!),
        "c_favourite" => names.Category(condition.Level!),
        _ => condition.Level!,
    };

    public static string Figure(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("0.0000", Culture).Replace('-', '−') : "–";

    /// <summary>Estimate with its interval, as a score.</summary>
    public static string Score(MetricInterval metric) => metric.Value is null ? "–" : $"{Figure(metric.Value)} {Interval(metric)}";

    public static string Interval(MetricInterval metric) => metric.Low is null ? "–" : Figures.Interval(Figure(metric.Low), Figure(metric.High));

    /// <summary>The score of an order of customers: normalised where there is a best possible order to divide by, otherwise the plain area.</summary>
    public static MetricInterval Ranking(ModelMetrics metrics) => metrics.Qini.Value is null ? metrics.QiniAbs : metrics.Qini;

    /// <summary>What <see cref="Ranking"/> is called.</summary>
    public string RankingName(ModelMetrics metrics) => texts[metrics.Qini.Value is null ? "QiniAbs" : "Qini"];

    public string RankingHelp(ModelMetrics metrics) => texts[metrics.Qini.Value is null ? "QiniAbsHelp" : "QiniHelp"];

    /// <summary>Estimate with its interval, in percent points or money.</summary>
    public string Effect(MetricInterval metric, UpliftOutcome outcome)
    {
        if (metric.Value is null)
            return "–";
        return $"{NumberOf(outcome).Write(metric.Value, Points)} {EffectInterval(metric, outcome)}";
    }

    /// <summary>The interval alone; nothing without an estimate.</summary>
    public string EffectInterval(MetricInterval metric, UpliftOutcome outcome) => metric.Value is null ? "" : Range(NumberOf(outcome), metric.Low, metric.High, Points);

    /// <summary>An interval whose unit stands once.</summary>
    public static string Range(ChartNumber number, double? low, double? high, string points) =>
        Figures.Interval((number with { Currency = "" }).Write(low, "").TrimEnd(), number.Write(high, points).TrimEnd());

    public string Points => texts["Points"];

    public static ChartNumber NumberOf(UpliftOutcome outcome) => outcome.IsBinary ? ChartNumber.Points : ChartNumber.Money(outcome.Currency ?? "", 2);

    private string Found(string key, string otherwise) => texts[key] is { ResourceNotFound: false } text ? text : otherwise;
}
