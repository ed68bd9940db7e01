using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Data;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Lake;

/// <summary>
/// The lake records over how many buckets its customers are spread. Under another count jobs would look for customers in folders where they
/// are not, and lose them without a word: the app does not start then.
/// </summary>
public sealed class LakeBuckets(DataLake lake)
{
    internal const string RecordFile = "lake.json";

    private static readonly LakeTable[] Tables = [.. LakeTable.All.Where(t => t.PartitionColumns.Contains("bucket"))];

    private sealed record Record(int Buckets);

    /// <summary>At start, before anything is read or written.</summary>
    /// <exception cref="StartRefusedException">The lake has another count than the setting.</exception>
    public void Check()
    {
        var folders = Folders();
        // A lake without customers may still become any.
        if (folders.Count > 0 && Recorded() is { } recorded)
        {
            if (recorded != lake.Buckets)
                throw Refused($"was made with {Text(recorded)} buckets", recorded);
            return;
        }

        if (Misplaced(folders) is { } customer)
            throw Refused($"has customer {customer} in a folder of another count", null);
        Write();
    }

    /// <summary>The folders of buckets that hold files, each with its number.</summary>
    private List<(int Bucket, string File)> Folders() =>
    [
        .. from table in Tables
           let home = lake.FolderOf(table)
           where Directory.Exists(home)
           from folder in Directory.EnumerateDirectories(home, "bucket=*", SearchOption.AllDirectories)
           let file = Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal).FirstOrDefault()
           where file is not null
               && int.TryParse(Path.GetFileName(folder)["bucket=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
           select (int.Parse(Path.GetFileName(folder)["bucket=".Length..], CultureInfo.InvariantCulture), file),
    ];

    private int? Recorded()
    {
        var path = lake.PathTo(RecordFile);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Record>(File.ReadAllText(path), JsonSerializerOptions.Web)?.Buckets;
        }
        catch (JsonException)
        {
            throw new StartRefusedException($"Lake:Path: the file {path} is damaged. "
                + "Put it back from the backup, or delete it: then the count of buckets is found out again.");
        }
    }

    /// <summary>Each folder's first customer must belong there; the first that does not, null when all do.</summary>
    private string? Misplaced(List<(int Bucket, string File)> folders)
    {
        if (folders.Count == 0)
            return null;
        using var connection = lake.Open(threads: 1);
        foreach (var (bucket, file) in folders)
        {
            var first = First(connection, file);
            if (first is not null && CustomerBucket.Of(first, lake.Buckets) != bucket)
                return first;
        }

        return null;
    }

    private static string? First(DuckDBConnection connection, string file)
    {
        try
        {
            return connection.Query(
                $"SELECT customer_id FROM read_parquet('{DataLake.Quote(file)}', hive_partitioning = false) "
                + "WHERE customer_id IS NOT NULL LIMIT 1", r => r.GetString(0)).FirstOrDefault();
        }
        catch (DuckDBException)
        {
            // A damaged file is its reader's to tell; it says nothing of the count.
            return null;
        }
    }

    private void Write()
    {
        using var staging = new StagingFolder(lake.Root);
        var staged = Path.Combine(staging.Path, RecordFile);
        File.WriteAllText(staged, JsonSerializer.Serialize(new Record(lake.Buckets), JsonSerializerOptions.Web));
        File.Move(staged, lake.PathTo(RecordFile), overwrite: true);
    }

    private StartRefusedException Refused(string what, int? right) => new(
        $"The lake {lake.Root} {what}, but Lake:Buckets says {Text(lake.Buckets)}: its customers would not be found. "
        + (right is { } count ? $"Set Lake:Buckets to {Text(count)}." : "Set Lake:Buckets to the count that the lake was made with."));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
