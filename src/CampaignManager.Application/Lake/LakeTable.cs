using System.Globalization;

namespace CampaignManager.Application.Lake;

/// <summary>How the files of a table are spread over folders; the quarter is that of the row's UTC time.</summary>
public enum LakePartition { Single, Bucket, QuarterAndBucket, CampaignAndBucket }

public sealed record LakeColumn(string Name, string Type);

/// <summary>
/// A table of the lake: name, columns in order, folders, and the time that gives the quarter. Money is minor units, times are UTC
/// without a zone, a NULL says "not known".
/// </summary>
public sealed record LakeTable(string Name, LakePartition Partition, IReadOnlyList<LakeColumn> Columns, string? Time = null)
{
    public static readonly LakeTable Customers = new("customers", LakePartition.Bucket, Of(
        "customer_id VARCHAR", "joined_at TIMESTAMP", "region VARCHAR", "channel VARCHAR", "device VARCHAR"));

    public static readonly LakeTable Products = new("products", LakePartition.Single, Of(
        "sku VARCHAR", "name_en VARCHAR", "name_zh VARCHAR", "category VARCHAR", "brand VARCHAR", "price_minor BIGINT", "unit_cost_minor BIGINT"));

    public static readonly LakeTable Events = new("events", LakePartition.QuarterAndBucket, Of(
        "event_id VARCHAR", "customer_id VARCHAR", "type VARCHAR", "sku VARCHAR", "quantity INTEGER", "unit_price_minor BIGINT",
        "order_id VARCHAR", "rating INTEGER", "text VARCHAR", "at TIMESTAMP"), "at");

    /// <summary><c>total = list − discount + shipping</c>. A waived shipping fee is in discount; <c>campaign_discount_minor</c> is the campaign's part of it.</summary>
    public static readonly LakeTable Orders = new("orders", LakePartition.QuarterAndBucket, Of(
        "order_id VARCHAR", "customer_id VARCHAR", "at TIMESTAMP", "channel VARCHAR", "list_minor BIGINT", "discount_minor BIGINT",
        "shipping_minor BIGINT", "total_minor BIGINT", "campaign_id VARCHAR", "campaign_discount_minor BIGINT"), "at");

    public static readonly LakeTable OrderLines = new("order_lines", LakePartition.QuarterAndBucket, Of(
        "order_id VARCHAR", "customer_id VARCHAR", "at TIMESTAMP", "sku VARCHAR", "category VARCHAR", "quantity INTEGER",
        "unit_price_minor BIGINT", "discount_minor BIGINT", "unit_cost_minor BIGINT", "campaign_discount_minor BIGINT"), "at");

    public static readonly LakeTable Exposures = new("exposures", LakePartition.CampaignAndBucket, Of(
        "campaign_id VARCHAR", "customer_id VARCHAR", "assigned_at TIMESTAMP", "arm INTEGER", "propensity DOUBLE"), "assigned_at");

    public static readonly IReadOnlyList<LakeTable> All = [Customers, Products, Events, Orders, OrderLines, Exposures];

    /// <summary>The folders' columns, outermost first. They are in the paths, not in the files.</summary>
    public IReadOnlyList<string> PartitionColumns => Partition switch
    {
        LakePartition.Single => [],
        LakePartition.Bucket => ["bucket"],
        LakePartition.QuarterAndBucket => ["quarter", "bucket"],
        LakePartition.CampaignAndBucket => ["campaign", "bucket"],
        _ => throw new InvalidOperationException($"No folders are known for {Partition}."),
    };

    /// <summary>SQL that adds the folder columns to rows of this table.</summary>
    public string PartitionSql(int buckets) => Partition switch
    {
        LakePartition.Single => "",
        LakePartition.Bucket => $", {CustomerBucket.Sql("customer_id", buckets)} AS bucket",
        LakePartition.QuarterAndBucket => $", year(\"{Time}\") || 'Q' || quarter(\"{Time}\") AS quarter, {CustomerBucket.Sql("customer_id", buckets)} AS bucket",
        LakePartition.CampaignAndBucket => $", campaign_id AS campaign, {CustomerBucket.Sql("customer_id", buckets)} AS bucket",
        _ => throw new InvalidOperationException($"No folders are known for {Partition}."),
    };

    public string CreateSql(string asName) =>
        $"CREATE TEMP TABLE {asName} ({string.Join(", ", Columns.Select(c => $"\"{c.Name}\" {c.Type}"))})";

    /// <summary>Quoted, because <c>at</c> is a word of DuckDB's grammar.</summary>
    public string ColumnList => string.Join(", ", Columns.Select(c => $"\"{c.Name}\""));

    /// <summary>The columns of a query's rows, brought to the table's types.</summary>
    public string CastList => string.Join(", ", Columns.Select(c => $"\"{c.Name}\"::{c.Type} AS \"{c.Name}\""));

    /// <summary>A relation of this shape without rows, for a lake that has none yet.</summary>
    public string EmptySql
    {
        get
        {
            var columns = Columns.Select(c => $"NULL::{c.Type} AS \"{c.Name}\"")
                .Concat(PartitionColumns.Select(c => string.Create(CultureInfo.InvariantCulture, $"NULL::{(c == "bucket" ? "INTEGER" : "VARCHAR")} AS {c}")));
            return $"(SELECT {string.Join(", ", columns)} WHERE false)";
        }
    }

    private static LakeColumn[] Of(params string[] columns) =>
        [.. columns.Select(c => c.Split(' ', 2)).Select(p => new LakeColumn(p[0], p[1]))];
}
