using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Application.Audiences;

/// <summary>
/// <see cref="PredicateEvaluation"/> where the lake is asked: a condition over <see cref="AudienceFacts"/>, joined by what must be counted. SQL's three values are Kleene's, so and, or and not
/// stand as they are. A test holds the two together on predicates and customers at random.
/// </summary>
internal sealed class PredicateSql
{
    private readonly CountedSql counted;
    private readonly List<string> joins = [];
    private readonly int? bucket;

    /// <param name="predicate">Who is meant.</param>
    /// <param name="counted">How windows are counted.</param>
    /// <param name="bucket">Only customers of this bucket; null for all.</param>
    public PredicateSql(Predicate predicate, CountedSql counted, int? bucket = null)
    {
        (this.counted, this.bucket) = (counted, bucket);
        Condition = Of(predicate);
    }

    /// <summary>True, false or NULL for a row of <see cref="From"/>.</summary>
    public string Condition { get; }

    /// <summary>Whether something must be counted from events or orders; else all is in columns.</summary>
    public bool Counts => joins.Count > 0;

    /// <summary>The relation with its joins.</summary>
    /// <param name="facts">Relation with the facts.</param>
    public string From(string facts) => $"{facts} p{string.Concat(joins)}{(bucket is { } one ? string.Create(CultureInfo.InvariantCulture, $" WHERE p.bucket = {one} AND ") : " WHERE ")}{Condition}";

    private string Of(Predicate predicate) => predicate switch
    {
        Every every => $"({string.Join(" AND ", every.Of.Select(Of))})",
        Some some => $"({string.Join(" OR ", some.Of.Select(Of))})",
        Not not => $"(NOT {Of(not.Of)})",
        WordIn { Attribute: WordAttribute.Tags } word => $"list_has_any(p.tags, [{List(word.Values)}])",
        WordIn word => $"(p.{Column(word.Attribute)} IN ({List(word.Values)}))",
        FlagIs flag => $"(p.{Column(flag.Attribute)} = {(flag.Value ? "true" : "false")})",
        DaysSince since => In(since.Days, since.What switch
        {
            SinceWhat.Joined => "p.x_tenure_days",
            SinceWhat.Order => "p.x_recency_days",
            SinceWhat.View => "p.x_days_since_view",
            _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
        }),
        Did did => In(did.Times, CountedSql.Feature(did) is { } feature ? $"p.{feature}" : Joined(did)),
        RfmIs rfm => In(rfm.Score, rfm.Part switch
        {
            RfmPart.Recency => "p.rfm_recency",
            RfmPart.Frequency => "p.rfm_frequency",
            RfmPart.Monetary => "p.rfm_monetary",
            _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
        }),
        InSegment segment => Segment(segment.Key),
        ScoreIs score => In(score.Value, score.Of == Prediction.Uplift ? "p.score_uplift" : "p.score_control"),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    private string Joined(Did did)
    {
        var alias = string.Create(CultureInfo.InvariantCulture, $"d{joins.Count}");
        joins.Add($" LEFT JOIN ({counted.Sql(did, bucket)}) {alias} ON {alias}.customer_id = p.customer_id");
        var known = counted.Known(did);
        return known == "true" ? $"coalesce({alias}.n, 0)" : $"(CASE WHEN {known} THEN coalesce({alias}.n, 0) END)";
    }

    private static string Segment(string key)
    {
        if (key.StartsWith(SegmentKeys.FavouritePrefix, StringComparison.Ordinal))
            return $"coalesce(p.c_favourite = '{DataLake.Quote(key[SegmentKeys.FavouritePrefix.Length..])}', false)";
        var bit = UpliftSegments.Keys.Index().Where(k => k.Item == key).Select(k => (int?)k.Index).FirstOrDefault();
        return bit is { } place
            ? string.Create(CultureInfo.InvariantCulture, $"((p.uplift_bits & {1 << place}) <> 0)")
            : $"coalesce(p.c_lifecycle = '{DataLake.Quote(key)}', false)";
    }

    /// <summary>The facts' column of an answer.</summary>
    internal static string Column(FlagAttribute attribute) => attribute switch
    {
        FlagAttribute.EmailOptIn => "email_opt_in",
        FlagAttribute.OptOutMarketing => "opt_out_marketing",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
    };

    /// <summary>The facts' column of what is in one word; tags are a list of them.</summary>
    internal static string Column(WordAttribute attribute) => attribute switch
    {
        WordAttribute.Region => "c_region",
        WordAttribute.Channel => "c_channel",
        WordAttribute.Device => "c_device",
        WordAttribute.Country => "country",
        WordAttribute.MemberTier => "member_tier",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
    };

    private static string In(Bounds bounds, string value)
    {
        var low = bounds.AtLeast is { } least ? $"{value} >= {Number(least)}" : null;
        var high = bounds.AtMost is { } most ? $"{value} <= {Number(most)}" : null;
        return low is null ? $"({high})" : high is null ? $"({low})" : $"({low} AND {high})";
    }

    private static string Number(decimal value) => ((double)value).ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE";

    private static string List(IEnumerable<string> values) => string.Join(", ", values.Select(v => $"'{DataLake.Quote(v)}'"));
}
