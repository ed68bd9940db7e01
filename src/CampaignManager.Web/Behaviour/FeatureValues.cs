using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Behaviour;

/// <summary>Values of features, and what is said of them, in the reader's words.</summary>
public sealed class FeatureValues(IStringLocalizer<BehaviourTexts> texts, ShopNames names)
{
    private static readonly (FeatureBasis Basis, string Name)[] Counted =
        [(FeatureBasis.Orders, "Orders"), (FeatureBasis.Views, "Views"), (FeatureBasis.Carts, "Carts"), (FeatureBasis.Reviews, "Reviews")];

    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public static string Name(KnownFeature known) => known.Name.In(CultureInfo.CurrentUICulture);

    public static string Means(KnownFeature known) => known.Means.In(CultureInfo.CurrentUICulture);

    public string Window(KnownFeature known) => known.Days is { } days ? texts["WindowDays", days] : texts["WindowEver"];

    public string Kind(KnownFeature known) => texts["Unit." + known.Unit];

    public string Number(KnownFeature known, double? value, string currency) => value is not { } number ? "–" : known.Unit switch
    {
        FeatureUnit.Money => Figures.Money(number, currency),
        FeatureUnit.Share => Figures.Percent(number, 0),
        FeatureUnit.Number => number.ToString("0.##", Culture),
        _ => number.ToString(number >= 100 ? "N0" : "#,0.#", Culture),
    };

    /// <summary>A word as the shop or the app calls it.</summary>
    public string Word(string column, string word) => column switch
    {
        "c_lifecycle" => names.Segment(word),
        "c_favourite" => names.Category(word),
        "c_region" => names.Region(word),
        "c_channel" => names.Channel(word),
        _ => word,
    };

    public string Value(FeatureValue value, KnownFeature known, string currency) =>
        value.Word is { } word ? Word(value.Column, word) : value.Number is { } number ? Number(known, number, currency) : texts["NotKnown"];

    /// <summary>Why customers have no value; nothing where all have one.</summary>
    public string? WhyMissing(FeatureSpread spread, KnownFeature known)
    {
        if (spread.Missing == 0)
            return null;
        if (spread.Uncovered != 0 && (spread.Counts.Count == 0 || spread.Counts.Sum() == 0))
        {
            var what = string.Join(texts["And"], Counted.Where(c => spread.Uncovered.HasFlag(c.Basis)).Select(c => texts["Counted." + c.Name].Value));
            return known.Days is { } days ? texts["NobodyCountsWindow", what, days].Value : texts["NobodyCounts", what].Value;
        }

        return known.Missing is { } who ? texts["Those", who.In(CultureInfo.CurrentUICulture)].Value : null;
    }

    /// <summary>Where most values lie, in one line.</summary>
    public string Spread(FeatureSpread spread, KnownFeature known, string currency) => spread.IsNumber
        ? spread.Median is null ? "–" : texts["Spread", Number(known, spread.Median, currency), Number(known, spread.Low, currency), Number(known, spread.High, currency)]
        : spread.Words.Count == 0 ? "–" : Word(spread.Column, spread.Words[0]);

    public static string DriftState(Drifted drift) => drift.Psi is null ? "Gone" : drift.Alarm ? "Alarm" : drift.Psi > Drifted.Steady ? "Moving" : "Steady";
}
