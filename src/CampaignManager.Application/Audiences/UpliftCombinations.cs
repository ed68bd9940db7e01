using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Audiences;

/// <summary>Reads from the lake which of <see cref="UpliftSegments"/> customers are in.</summary>
public static class UpliftCombinations
{
    /// <summary>SQL that adds up the bits of a customer's rows; whoever is in none has no row.</summary>
    public static string Bits { get; } =
        $"bit_or(CASE segment {string.Join(" ", UpliftSegments.Keys.Select((key, bit) => $"WHEN '{key}' THEN {1 << bit}"))} END)::INTEGER";

    /// <summary>
    /// A SQL relation <c>customer_id, uplift</c>: each member's combination as the segments stand. Who is in none is not in it.
    /// </summary>
    public static string Sql(DataLake lake) => !File.Exists(lake.PathTo(SegmentService.CurrentFile))
        ? "(SELECT NULL::VARCHAR AS customer_id, 0 AS uplift WHERE false)"
        : $"""
          (SELECT customer_id, {Bits} AS uplift
           FROM {lake.SourceOf(SegmentService.CurrentFile)}
           WHERE segment IN ({string.Join(", ", UpliftSegments.Keys.Select(key => $"'{key}'"))}) GROUP BY customer_id)
          """;
}
