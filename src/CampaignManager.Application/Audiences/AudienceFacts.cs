using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Audiences;

/// <summary>
/// What audiences ask of customers, one row each and in columns: attributes, features, scores of RFM, segments by uplift, predictions. Written whenever segments are, so that a size while
/// somebody edits is one scan of the few columns that a rule names.
/// </summary>
internal static class AudienceFacts
{
    public const string File = "segments/facts.parquet";

    /// <summary>Features that are counts and days, as the features' own columns have them.</summary>
    private static readonly string[] Numbers =
    [
        "x_tenure_days", "x_recency_days", "x_days_since_view", "x_orders", "x_orders_90", "x_orders_365", "x_monetary", "x_views", "x_views_7", "x_views_30", "x_views_90",
        "x_carts_7", "x_carts_30", "x_carts_90",
    ];

    private static readonly string[] Words = ["c_lifecycle", "c_favourite", "c_region", "c_channel", "c_device"];

    /// <param name="lake">Where features and customers are.</param>
    /// <param name="connection">With the members by uplift as <see cref="CustomerRanking.Members"/>.</param>
    /// <param name="scores">A relation <c>customer_id, control, uplift</c>.</param>
    /// <param name="cancel">Stops; the file that stood stays.</param>
    public static void Write(DataLake lake, DuckDBConnection connection, string scores, CancellationToken cancel)
    {
        var features = lake.SourceOf(CustomerFeatures.CurrentFile);
        // A file of an earlier release may lack some: what nobody worked out is not known.
        var there = connection.Query($"SELECT column_name FROM (DESCRIBE SELECT * FROM {features})", r => r.GetString(0)).ToHashSet(StringComparer.Ordinal);
        var columns = Words.Select(w => there.Contains(w) ? $"f.{w}" : $"NULL::VARCHAR AS {w}")
            .Concat(Numbers.Select(n => there.Contains(n) ? $"f.{n}::DOUBLE AS {n}" : $"NULL::DOUBLE AS {n}"));
        lake.WriteFile(connection, $"""
            WITH base AS (SELECT f.customer_id, {string.Join(", ", columns)} FROM {features} f),
            scored AS ({RfmSql.Of("base")}),
            ranked AS (SELECT customer_id, {UpliftCombinations.Bits} AS uplift_bits FROM {CustomerRanking.Members} GROUP BY 1)
            SELECT b.*, {CustomerBucket.Sql("b.customer_id", lake.Buckets)} AS bucket, c.country, c.email_opt_in, c.opt_out_marketing, c.member_tier, c.tags,
                   s.rfm_recency::INTEGER AS rfm_recency, s.rfm_frequency::INTEGER AS rfm_frequency, s.rfm_monetary::INTEGER AS rfm_monetary,
                   coalesce(r.uplift_bits, 0) AS uplift_bits, p.control AS score_control, p.uplift AS score_uplift
            FROM base b LEFT JOIN (SELECT customer_id, country, email_opt_in, opt_out_marketing, member_tier, tags FROM {lake.Source(LakeTable.Customers)}) c USING (customer_id)
            LEFT JOIN scored s USING (customer_id) LEFT JOIN ranked r USING (customer_id) LEFT JOIN {scores} p USING (customer_id)
            ORDER BY b.customer_id
            """, File, cancel);
    }
}
