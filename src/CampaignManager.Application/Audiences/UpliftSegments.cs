using System.Globalization;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Audiences;

/// <summary>
/// The segments by predicted uplift: the customers who rank highest, each share within the next, and those predicted to buy less because of a campaign. Which of them a
/// customer is in is one number, a bit for each, so that cells and samples can carry it.
/// </summary>
public static class UpliftSegments
{
    public const string Prefix = "uplift:";

    public const string Negative = Prefix + "negative";

    /// <summary>Per cent of the customers with a score, from the highest uplift down.</summary>
    public static readonly IReadOnlyList<int> Shares = [10, 30, 50];

    /// <summary>All keys, in the order in which people read them.</summary>
    public static readonly IReadOnlyList<string> Keys = [.. Shares.Select(Top), Negative];

    /// <summary>How many combinations of them there can be.</summary>
    public static readonly int Combinations = 1 << Keys.Count;

    private static readonly IReadOnlyList<string>[] KeysOf =
        [.. Enumerable.Range(0, Combinations).Select(combination => (IReadOnlyList<string>)[.. Keys.Where((_, bit) => (combination >> bit & 1) == 1)])];

    public static string Top(int percent) => Prefix + "top" + percent.ToString(CultureInfo.InvariantCulture);

    public static bool Has(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The segments of a combination.</summary>
    public static IReadOnlyList<string> Of(int combination) => KeysOf[combination];

    /// <summary>A SQL relation <c>customer_id, uplift</c>: each member's combination as the segments stand. Who is in none is not in it.</summary>
    public static string CombinationsSql(DataLake lake) => !File.Exists(lake.PathTo(SegmentService.CurrentFile))
        ? "(SELECT NULL::VARCHAR AS customer_id, 0 AS uplift WHERE false)"
        : $"""
          (SELECT customer_id, bit_or(CASE segment {string.Join(" ", Keys.Select((key, bit) => $"WHEN '{key}' THEN {1 << bit}"))} END)::INTEGER AS uplift
           FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE segment IN ({string.Join(", ", Keys.Select(key => $"'{key}'"))}) GROUP BY customer_id)
          """;
}
