using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.TrainingData;

/// <summary>An offer as features see it: what is granted, for how long, where.</summary>
/// <param name="Offer">What is granted.</param>
/// <param name="Scope">On which goods.</param>
/// <param name="DurationDays">How long it runs.</param>
/// <param name="ShippingFee">What shipping costs where it is charged, major units.</param>
public sealed record PlannedOffer(Offer Offer, Scope Scope, double DurationDays, double ShippingFee)
{
    /// <summary>Of a campaign's rules; an open end counts as the attribution window.</summary>
    public static PlannedOffer Of(CampaignRules rules, ShopSettings shop)
    {
        var schedule = rules.Schedule;
        double days = schedule is { Start: { } start, End: { } end } ? end.Day.DayNumber - start.Day.DayNumber + 1 : rules.Experiment.AttributionDays;
        return new PlannedOffer(rules.Offer, rules.Scope, days, Currency.Get(shop.Currency).ToNumber(shop.ShippingMinor));
    }
}

/// <summary>
/// What an offer means to one customer, the <c>o_*</c> columns. Once in code, for planning, and once in SQL, for the training table; a test holds the two together.
/// Money in major units. For percent off the threshold is its spend, or the customer's usual basket where it asks none, and <c>o_off</c> is the percentage of
/// the larger of basket and threshold, so that all mechanics stand on one scale (<see cref="OfferTerms"/>).
/// </summary>
public sealed class OfferFeatures(ShopCategories categories)
{
    private static readonly string[] Plain =
    [
        "o_threshold", "o_off", "o_depth", "o_threshold_to_basket", "o_scope_share", "o_scope_size", "o_duration_days", "o_is_percent", "o_is_free_shipping",
    ];

    /// <summary>Column names, in the order of <see cref="Fill"/>.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Plain, .. categories.Keys.Select(c => "o_scope_" + ShopCategories.Column(c))];

    /// <summary>The values for one customer.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="usualBasket"><c>x_usual_basket</c>.</param>
    /// <param name="affinity"><c>x_affinity_*</c>, in the order of the shop's categories.</param>
    /// <param name="lifecycle"><c>c_lifecycle</c>.</param>
    /// <param name="favourite"><c>c_favourite</c>; null when not known.</param>
    /// <param name="into">As long as <see cref="Columns"/>.</param>
    public void Fill(PlannedOffer offer, double usualBasket, ReadOnlySpan<double> affinity, string lifecycle, string? favourite, Span<double> into) =>
        Fill(offer, ScopeFor(offer.Scope, lifecycle, favourite), usualBasket, affinity, into);

    /// <summary>The same with the scope resolved beforehand, for loops over many customers.</summary>
    public void Fill(PlannedOffer offer, ReadOnlySpan<bool> scope, double usualBasket, ReadOnlySpan<double> affinity, Span<double> into)
    {
        var terms = OfferTerms.Of(offer.Offer, usualBasket, offer.ShippingFee);
        var (share, size) = (0.0, 0);
        for (var c = 0; c < scope.Length; c++)
        {
            into[Plain.Length + c] = scope[c] ? affinity[c] : 0;
            share += into[Plain.Length + c];
            size += scope[c] ? 1 : 0;
        }

        into[0] = terms.Threshold;
        into[1] = terms.Off;
        into[2] = terms.Depth;
        into[3] = terms.Threshold / usualBasket;
        into[4] = share;
        into[5] = size;
        into[6] = offer.DurationDays;
        into[7] = offer.Offer is PercentOff ? 1 : 0;
        into[8] = offer.Offer is FreeShipping ? 1 : 0;
    }

    /// <summary>The categories in scope for a customer of these segments.</summary>
    public bool[] ScopeFor(Scope scope, string lifecycle, string? favourite) =>
        OfferScope.Resolve(scope, categories.Keys, lifecycle, favourite is null ? "" : SegmentKeys.Favourite(favourite));

    /// <summary>The same columns as SQL over a relation with <c>x_usual_basket</c>, <c>x_affinity_*</c>, <c>c_lifecycle</c> and <c>c_favourite</c>.</summary>
    public string Sql(PlannedOffer offer)
    {
        var (threshold, off, depth) = Terms(offer.Offer, offer.ShippingFee);
        var flags = categories.Keys.Select(c => Flag(offer.Scope, c)).ToList();
        var parts = categories.Keys.Select((c, i) => $"CASE WHEN {flags[i]} THEN {FeatureSql.Affinity(c)} ELSE 0 END").ToList();
        var sum = parts.Count == 0 ? "0" : string.Join(" + ", parts);
        var size = flags.Count == 0 ? "0" : string.Join(" + ", flags.Select(f => $"({f})::INT"));
        string[] values =
        [
            threshold, off, depth, $"({threshold}) / x_usual_basket", sum, size, Number(offer.DurationDays),
            offer.Offer is PercentOff ? "1" : "0", offer.Offer is FreeShipping ? "1" : "0", .. parts,
        ];
        return string.Join(",\n       ", Columns.Zip(values, (column, value) => $"({value})::DOUBLE AS {column}"));
    }

    private static (string Threshold, string Off, string Depth) Terms(Offer offer, double shippingFee)
    {
        const string Basket = "x_usual_basket";
        var within = $"({Basket} * {Number(OfferTerms.Reach)})";
        switch (offer)
        {
            case FullReduction { Every: { } every, Off: { } off } each:
                var most = each.MaxTimes is { } times ? $"least(floor({within} / {Number((double)every)}), {times.ToString(CultureInfo.InvariantCulture)})" : $"floor({within} / {Number((double)every)})";
                return Of($"(greatest({most}, 1) * {Number((double)every)})", $"(greatest({most}, 1) * {Number((double)off)})");
            case FullReduction { Tiers.Count: > 0 } reduction:
                return Of(Step(reduction.Tiers, t => t.Spend, t => Number((double)t.Spend)), Step(reduction.Tiers, t => t.Spend, t => Number((double)t.Off)));
            case PercentOff { Tiers.Count: > 0 } percent:
                var threshold = Step(percent.Tiers, t => t.Spend ?? 0, t => t.Spend is > 0 ? Number((double)t.Spend) : Basket);
                var sum = $"greatest({Basket}, {threshold})";
                var cut = $"({sum} * {Step(percent.Tiers, t => t.Spend ?? 0, t => Number((double)t.Percent / 100))})";
                if (percent.Cap is { } cap)
                    cut = $"least({cut}, {Number((double)cap)})";
                return (threshold, cut, $"{cut} / {sum}");
            case FreeShipping shipping:
                return Of(shipping.Spend is > 0 ? Number((double)shipping.Spend) : Basket, Number(Math.Min(shippingFee, (double)(shipping.Cap ?? decimal.MaxValue))));
            default:
                throw new ArgumentException($"An offer of type {offer.Type} without terms has nothing to promise.", nameof(offer));
        }

        static (string, string, string) Of(string threshold, string off) => (threshold, off, $"{off} / {threshold}");

        // The highest tier within reach, or else the first.
        string Step<T>(IReadOnlyList<T> tiers, Func<T, decimal> spend, Func<T, string> value)
        {
            var cases = string.Join(" ", tiers.Reverse().Select(t => $"WHEN {within} >= {Number((double)spend(t))} THEN {value(t)}"));
            return $"(CASE {cases} ELSE {value(tiers[0])} END)";
        }
    }

    private static string Flag(Scope scope, string category)
    {
        var excluded = scope.Exclude?.Categories.Contains(category) ?? false;
        var included = scope.Include is not { All: false, Categories.Count: > 0 } narrow || narrow.Categories.Contains(category);
        if (excluded)
            return "false";
        var plain = included ? "true" : "false";
        if (scope.PerSegment.Count == 0)
            return plain;
        var named = string.Join(" OR ", scope.PerSegment.Select(s => Member(s.Segment)));
        var given = string.Join(" OR ", scope.PerSegment.Where(s => s.Categories.Contains(category)).Select(s => Member(s.Segment)).DefaultIfEmpty("false"));
        return $"CASE WHEN {named} THEN {given} ELSE {plain} END";
    }

    private static string Member(string segment) =>
        $"(c_lifecycle = '{DataLake.Quote(segment)}' OR coalesce('{SegmentKeys.FavouritePrefix}' || c_favourite = '{DataLake.Quote(segment)}', false))";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE";
}
