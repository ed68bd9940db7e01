using System.Globalization;

namespace CampaignManager.Application.Lake;

/// <summary>How the files of a table are spread over folders; the quarter is that of the row's UTC time.</summary>
public enum LakePartition { Single, Bucket, QuarterAndBucket, CampaignAndBucket }

/// <param name="Name">As it stands in the files.</param>
/// <param name="Type">DuckDB's.</param>
/// <param name="Otherwise">What rows of a file that has no such column have there, as SQL.</param>
/// <param name="IsLate">Listed files of an earlier release lack it; a row that says nothing of it has <paramref name="Otherwise"/>.</param>
public sealed record LakeColumn(string Name, string Type, string Otherwise = "NULL", bool IsLate = false)
{
    /// <summary>The column of a row, as SQL.</summary>
    public string Read => IsLate ? $"coalesce(\"{Name}\", {Otherwise})" : $"\"{Name}\"";
}

/// <summary>What several versions of a key say together.</summary>
public enum LakeMerge
{
    /// <summary>The newest one says everything.</summary>
    Newest,

    /// <summary>Each column is the newest that says something of it: a list without prices takes none away.</summary>
    ByColumn,
}

/// <summary>
/// A table of the lake: name, columns in order, folders, and the time that gives the quarter. Money is minor units, times are UTC
/// without a zone, a NULL says "not known". <see cref="Columns"/> are those that every file has; what came later is in <see cref="Added"/>.
/// </summary>
public sealed partial record LakeTable(string Name, LakePartition Partition, IReadOnlyList<LakeColumn> Columns, string? Time = null)
{
    /// <summary>Columns that only files of the catalogue have; rows of others have the columns' defaults.</summary>
    public IReadOnlyList<LakeColumn> Added { get; init; } = [];

    /// <summary>What a version is a version of. Of several rows under one key (an order's lines) all of the newest version are read.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    public LakeMerge Merge { get; init; }

    /// <summary>Whose rows they are: the bucket is that of the first that is there.</summary>
    public string Person { get; init; } = "customer_id";

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
    /// <param name="buckets">Of the lake.</param>
    /// <param name="whole">Whether the rows have all columns.</param>
    /// <param name="bucket">Where all of the rows belong, as SQL, if that is known.</param>
    public string PartitionSql(int buckets, bool whole = false, string? bucket = null)
    {
        bucket = $"{bucket ?? CustomerBucket.Sql(whole ? Person : "customer_id", buckets)} AS bucket";
        return Partition switch
        {
            LakePartition.Single => "",
            LakePartition.Bucket => $", {bucket}",
            LakePartition.QuarterAndBucket => $", year(\"{Time}\") || 'Q' || quarter(\"{Time}\") AS quarter, {bucket}",
            LakePartition.CampaignAndBucket => $", campaign_id AS campaign, {bucket}",
            _ => throw new InvalidOperationException($"No folders are known for {Partition}."),
        };
    }

    public string CreateSql(string asName) =>
        $"CREATE TEMP TABLE {asName} ({string.Join(", ", Columns.Select(c => $"\"{c.Name}\" {c.Type}"))})";

    /// <summary>Whether listed files of an earlier release have fewer columns.</summary>
    public bool HasLate => Added.Any(c => c.IsLate);

    /// <summary>The key without the source, as claims hold it.</summary>
    /// <param name="of">Alias of the rows, with its dot.</param>
    public string ClaimSql(string of = "")
    {
        var key = Key.Where(k => k != "source").Select(k => of + k);
        var whole = $"concat_ws('|', {string.Join(", ", key)})";
        // What a shop says of its own campaigns is known under the key that these had before there were epochs.
        return this == Exposures
            ? $"CASE WHEN {of}epoch = 1 AND {of}experiment_id = {of}campaign_id THEN concat_ws('|', {of}campaign_id, {of}customer_id) ELSE {whole} END"
            : whole;
    }

    /// <summary>What a row that takes a key away must say beside the key to lie in the key's folder, as SQL.</summary>
    /// <param name="of">Alias of the rows that it takes away.</param>
    public string InFolderSql(string of) => Partition == LakePartition.CampaignAndBucket ? $", {of}.campaign AS campaign_id" : "";

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
                .Concat(PartitionColumns.Select(c => string.Create(CultureInfo.InvariantCulture, $"NULL::{(c == "bucket" ? "INTEGER" : "VARCHAR")} AS {c}")))
                .Concat(Later.Select(c => $"NULL::{c.Type} AS \"{c.Name}\""));
            return $"(SELECT {string.Join(", ", columns)} WHERE false)";
        }
    }

    private static LakeColumn[] Of(params string[] columns) =>
        [.. columns.Select(c => c.Split(' ', 2)).Select(p => new LakeColumn(p[0], p[1]))];
}
