using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>Who is in the saved audiences: rows beside those of the other segments, and read back by customer.</summary>
internal static class AudienceMembers
{
    /// <summary>The relation that is left on the connection: <c>customer_id, segment</c>.</summary>
    public const string Members = "audience_members";

    /// <summary>As of when customers were last described, UTC: a count in a window ends there.</summary>
    public static async Task<DateTime> AsOfAsync(DataLake lake, AppDbContext context, CancellationToken cancel) =>
        await context.Segments.Where(s => s.Kind == SegmentKind.Lifecycle).MaxAsync(s => (DateTime?)s.ComputedAt, cancel)
            ?? File.GetLastWriteTimeUtc(lake.PathTo(CustomerFeatures.CurrentFile));

    /// <summary>Lays the members of all of them out as a temporary table.</summary>
    public static void Lay(DataLake lake, DuckDBConnection connection, IReadOnlyList<(string Key, string PredicateJson)> audiences, DateTime asOf, CancellationToken cancel)
    {
        connection.Run($"CREATE OR REPLACE TEMP TABLE {Members} (customer_id VARCHAR, segment VARCHAR)", cancel);
        var counted = new CountedSql(lake, asOf, lake.UnitOf(CustomerFeatures.CurrentFile));
        foreach (var (key, json) in audiences)
        {
            var sql = new PredicateSql(PredicateJson.Parse(json), counted);
            connection.Run($"INSERT INTO {Members} SELECT p.customer_id, '{DataLake.Quote(key)}' FROM {sql.From(lake.SourceOf(AudienceFacts.File))}", cancel);
        }
    }

    /// <summary>A SQL relation <c>customer_id, own</c>: the keys of the saved audiences a customer is in, in order, with blanks between. Who is in none is not in it.</summary>
    public static string KeysSql(DataLake lake) => !File.Exists(lake.PathTo(SegmentService.CurrentFile))
        ? "(SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS own WHERE false)"
        : $"""
          (SELECT customer_id, string_agg(segment, ' ' ORDER BY segment) AS own FROM {lake.SourceOf(SegmentService.CurrentFile)}
           WHERE starts_with(segment, '{SegmentKeys.OwnPrefix}') GROUP BY customer_id)
          """;

    /// <summary>The keys of such a text.</summary>
    public static IReadOnlyList<string> KeysOf(string? own) => string.IsNullOrEmpty(own) ? [] : own.Split(' ');
}
