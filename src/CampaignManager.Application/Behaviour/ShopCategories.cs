using System.Text;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>The categories that features speak of: the shop's twelve best-selling ones, by name. The rest count in totals only.</summary>
public sealed record ShopCategories(IReadOnlyList<string> Keys)
{
    public const int Most = 12;

    /// <summary>A category's key as part of a column name: lower-case letters, digits, underscores.</summary>
    public static string Column(string key)
    {
        var name = new StringBuilder(key.Length);
        foreach (var letter in key.ToLowerInvariant())
            name.Append(char.IsLetterOrDigit(letter) ? letter : '_');
        return name.ToString();
    }

    internal static ShopCategories Read(DataLake lake, DuckDBConnection connection) => new(connection.Query(
        $"""
        SELECT category FROM (
            SELECT p.category, coalesce(sum(l.n), 0) AS sold
            FROM (SELECT DISTINCT category FROM {lake.Source(LakeTable.Products)} WHERE category IS NOT NULL) p
            LEFT JOIN (SELECT category, count(*) AS n FROM {lake.CountedLines()} GROUP BY 1) l USING (category)
            GROUP BY 1 ORDER BY sold DESC, p.category LIMIT {Most})
        ORDER BY category
        """,
        r => r.GetString(0)));
}
