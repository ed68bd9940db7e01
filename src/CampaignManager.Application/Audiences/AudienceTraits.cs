using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Audiences;

/// <summary>What customers are told apart by.</summary>
public enum TraitKind
{
    Lifecycle,
    Favourite,
    MemberTier,
    Region,
    Country,
    Channel,
    Device,
    Tag,
    EmailOptIn,
}

/// <summary>Something that is more or less common among the members than among all customers.</summary>
/// <param name="Key">As the shop's data has it; of <see cref="TraitKind.EmailOptIn"/> <c>true</c>.</param>
/// <param name="Share">Of the members of whom it is known.</param>
/// <param name="ShareOfAll">Of all customers of whom it is known.</param>
public sealed record AudienceTrait(TraitKind Kind, string Key, double Share, double ShareOfAll);

/// <summary>What is averaged over customers.</summary>
public enum TypicalOf
{
    /// <summary>Mean number of orders.</summary>
    Orders,

    /// <summary>Mean sum paid for goods, major units of the shop's currency.</summary>
    Spend,

    /// <summary>Median days since the last order, of those who ordered.</summary>
    DaysSinceOrder,

    /// <summary>Mean views in 30 days, of those whose views are counted.</summary>
    Views30,
}

/// <summary>A figure of the members beside that of all customers; null where it is not known of any.</summary>
public sealed record TypicalFigure(TypicalOf Of, double? Members, double? Everyone);

/// <summary>What sets a segment's members apart from everyone, out of <see cref="AudienceFacts"/>.</summary>
internal static class AudienceTraits
{
    /// <summary>So many are read at a glance.</summary>
    public const int Most = 8;

    // Who is in one lifecycle is in none of the others: that is said once, not five times.
    private const int MostOfAKind = 2;

    // Chance alone makes a difference of three standard errors once in 370: less is not shown as one.
    private const double Errors = 3;
    private const double LeastDifference = 0.01;

    private static readonly (TraitKind Kind, string Column)[] Words =
    [
        (TraitKind.Lifecycle, "c_lifecycle"), (TraitKind.Favourite, "c_favourite"), (TraitKind.MemberTier, "member_tier"), (TraitKind.Region, "c_region"), (TraitKind.Country, "country"),
        (TraitKind.Channel, "c_channel"), (TraitKind.Device, "c_device"), (TraitKind.EmailOptIn, "email_opt_in"),
    ];

    private static readonly (TypicalOf Of, string Sql)[] Figures =
    [
        (TypicalOf.Orders, "avg(x_orders)"), (TypicalOf.Spend, "avg(x_monetary)"), (TypicalOf.DaysSinceOrder, "median(x_recency_days)"), (TypicalOf.Views30, "avg(x_views_30)"),
    ];

    /// <summary>The largest differences of shares first.</summary>
    /// <param name="connection">With the facts as <paramref name="facts"/>.</param>
    /// <param name="facts">A relation with a column <c>member</c>.</param>
    public static IReadOnlyList<AudienceTrait> Of(DuckDBConnection connection, string facts)
    {
        var counted = Words.Select(w => Counted(w.Kind, $"SELECT {w.Column}::VARCHAR AS key, member FROM {facts} WHERE {w.Column} IS NOT NULL"))
            // Of tags a customer has several: the shares are of customers whose tags are known.
            .Append($"""
                SELECT {(int)TraitKind.Tag} AS kind, key, count(*) FILTER (member), count(*),
                       (SELECT count(*) FILTER (member) FROM {facts} WHERE tags IS NOT NULL), (SELECT count(*) FROM {facts} WHERE tags IS NOT NULL)
                FROM (SELECT member, unnest(list_distinct(tags)) AS key FROM {facts} WHERE tags IS NOT NULL) GROUP BY key
                """);
        return
        [
            .. LargestFirst(connection.Query(string.Join("\nUNION ALL\n", counted), r => (Kind: (TraitKind)r.GetInt32(0), Key: r.GetString(1), Members: r.GetInt64(2), All: r.GetInt64(3), OfMembers: r.GetInt64(4), OfAll: r.GetInt64(5)))
                .Where(t => t.OfMembers > 0 && (t.Kind != TraitKind.EmailOptIn || t.Key == "true"))
                .Select(t => (Trait: new AudienceTrait(t.Kind, t.Key, (double)t.Members / t.OfMembers, (double)t.All / t.OfAll), t.OfMembers))
                .Where(t => Tells(t.Trait, t.OfMembers))
                .Select(t => t.Trait)
                .GroupBy(t => t.Kind).SelectMany(kind => LargestFirst(kind).Take(MostOfAKind)))
                .Take(Most),
        ];
    }

    private static IEnumerable<AudienceTrait> LargestFirst(IEnumerable<AudienceTrait> traits) =>
        traits.OrderByDescending(t => Math.Abs(t.Share - t.ShareOfAll)).ThenBy(t => t.Kind).ThenBy(t => t.Key, StringComparer.Ordinal);

    public static IReadOnlyList<TypicalFigure> FiguresOf(DuckDBConnection connection, string facts)
    {
        var columns = string.Join(", ", Figures.SelectMany(f => new[] { $"({f.Sql} FILTER (member))::DOUBLE", $"({f.Sql})::DOUBLE" }));
        return connection.Query($"SELECT {columns} FROM {facts}", r => (IReadOnlyList<TypicalFigure>)[.. Figures.Select((f, i) => new TypicalFigure(f.Of, Number(r, 2 * i), Number(r, 2 * i + 1)))])[0];
    }

    private static string Counted(TraitKind kind, string known) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT {(int)kind} AS kind, key, count(*) FILTER (member) AS n, count(*) AS of_all, (sum(count(*) FILTER (member)) OVER ())::BIGINT, (sum(count(*)) OVER ())::BIGINT
        FROM ({known}) GROUP BY key
        """);

    private static bool Tells(AudienceTrait trait, long members)
    {
        var difference = Math.Abs(trait.Share - trait.ShareOfAll);
        return difference >= LeastDifference && difference >= Errors * Math.Sqrt(trait.ShareOfAll * (1 - trait.ShareOfAll) / members);
    }

    private static double? Number(DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
}
