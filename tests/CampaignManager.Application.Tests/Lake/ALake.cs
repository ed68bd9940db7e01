using CampaignManager.Application.Lake;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Lake;

/// <summary>A lake in a folder of its own, removed afterwards.</summary>
internal sealed class ALake : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lake-").FullName;

    public ALake(int buckets = 4)
    {
        Lake = new DataLake(Options.Create(new LakeOptions { Path = folder, Buckets = buckets, Threads = 2 }), TimeProvider.System);
    }

    public DataLake Lake { get; }

    /// <summary>Rows of a table as SQL values, written in one batch.</summary>
    public void Put(LakeTable table, string values, string prefix = "test")
    {
        using var connection = Lake.Open();
        using var batch = Lake.Begin(prefix);
        batch.Add(connection, table, $"SELECT * FROM (VALUES {values}) AS t({table.ColumnList})", Path.GetRandomFileName());
        batch.Commit();
    }

    /// <summary>Files by relative path, but the lock that this process holds for as long as it lives.</summary>
    public string[] Files() => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(folder, f)).Where(f => !f.StartsWith(".staging/spill-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
