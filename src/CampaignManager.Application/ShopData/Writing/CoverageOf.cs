using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Which times an import speaks of: of all its rows, those that were there already included.</summary>
internal sealed class CoverageOf(DuckDBConnection connection)
{
    public IReadOnlyList<ListedCoverage> Read(bool orders, bool events)
    {
        List<string> parts = [];
        if (orders)
            parts.Add($"""SELECT '{LakeTable.Orders.Name}' AS what, "at" FROM raw_orders""");
        if (events)
            parts.Add($"""SELECT '{LakeTable.Events.Name}:' || type AS what, "at" FROM raw_events""");
        if (parts.Count == 0)
            return [];
        return connection.Query(
            $"""
            WITH days AS (SELECT what, "at"::DATE AS day, min("at") AS first, max("at") AS last FROM ({string.Join(" UNION ALL ", parts)}) GROUP BY ALL),
            runs AS (SELECT what, min(day) AS since, max(day) AS until, min(first) AS first, max(last) AS last
                     FROM (SELECT *, day - (row_number() OVER (PARTITION BY what ORDER BY day))::INTEGER AS run FROM days) GROUP BY what, run)
            SELECT what, min(first), max(last), string_agg(since || '..' || until, ',' ORDER BY since) FROM runs GROUP BY 1 ORDER BY 1
            """,
            r => new ListedCoverage(r.GetString(0), Utc(r.GetDateTime(1)), Utc(r.GetDateTime(2)), r.GetString(3).Split(',')));
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
