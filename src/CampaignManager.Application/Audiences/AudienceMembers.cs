using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences.Predicates;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>Who is in the saved audiences, as rows beside those of the other segments.</summary>
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
}
