using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Audiences;

/// <summary>Reads from the lake which of <see cref="UpliftSegments"/> customers are in.</summary>
public static class UpliftCombinations
{
    /// <summary>A SQL relation <c>customer_id, own</c>: the keys of the saved audiences a customer is in, in order, with blanks between. Who is in none is not in it.</summary>
    public static string OwnSql(DataLake lake) => !File.Exists(lake.PathTo(SegmentService.CurrentFile))
        ? "(SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS own WHERE false)"
        : $"""
          (SELECT customer_id, string_agg(segment, ' ' ORDER BY segment) AS own FROM {lake.SourceOf(SegmentService.CurrentFile)}
           WHERE starts_with(segment, '{SegmentKeys.OwnPrefix}') GROUP BY customer_id)
          """;

    /// <summary>The keys of such a text.</summary>
    public static IReadOnlyList<string> OwnOf(string? own) => string.IsNullOrEmpty(own) ? [] : own.Split(' ');

    /// <summary>
    /// A SQL relation <c>customer_id, uplift</c>: each member's combination as the segments stand. Who is in none is not in it.
    /// </summary>
    public static string Sql(DataLake lake) => !File.Exists(lake.PathTo(SegmentService.CurrentFile))
        ? "(SELECT NULL::VARCHAR AS customer_id, 0 AS uplift WHERE false)"
        : $"""
          (SELECT customer_id,
                  bit_or(CASE segment {string.Join(" ", UpliftSegments.Keys.Select((key, bit) => $"WHEN '{key}' THEN {1 << bit}"))} END)::INTEGER AS uplift
           FROM {lake.SourceOf(SegmentService.CurrentFile)}
           WHERE segment IN ({string.Join(", ", UpliftSegments.Keys.Select(key => $"'{key}'"))}) GROUP BY customer_id)
          """;
}
