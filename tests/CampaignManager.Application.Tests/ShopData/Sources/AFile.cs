using System.IO.Compression;
using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Sources;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Tests.ShopData.Sources;

/// <summary>A shop's file for as long as a test looks at it.</summary>
internal sealed class AFile : IDisposable
{
    public AFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    public AFile(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"shop-{Guid.NewGuid():N}");

    public IRowSource Open(SourceOptions? options = null) => RowSources.Open(Path, "file", options ?? new SourceOptions());

    /// <summary>Every row: what the named columns hold, or the fault.</summary>
    public List<string> Rows(params string[] columns) => Rows(new SourceOptions(), columns);

    public List<string> Rows(SourceOptions options, params string[] columns) =>
    [
        .. Open(options).Read(TestContext.Current.CancellationToken)
            .Select(r => r.Fault?.Reason ?? string.Join('|', columns.Select(c => r[c] ?? "∅"))),
    ];

    /// <summary>The code of the refusal; null: it was read to its end.</summary>
    public string? Refusal(SourceOptions? options = null)
    {
        try
        {
            foreach (var row in Open(options).Read(TestContext.Current.CancellationToken))
                _ = row.Filled.Count();
            return null;
        }
        catch (ImportRefusedException refused)
        {
            Assert.Matches(@"^\p{Lu}.*[.?]$", refused.Message);
            return refused.Code;
        }
    }

    public static byte[] Packed(byte[] bytes, int times = 1)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < times; i++)
                gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Packed(string text, int times = 1) => Packed(Encoding.UTF8.GetBytes(text), times);

    public static byte[] In(string encoding, string text) => CsvEncoding.Get(encoding).GetBytes(text);

    public static byte[] Parquet(string select)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"shop-{Guid.NewGuid():N}.parquet");
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            connection.Run($"SET TimeZone = 'UTC'; COPY ({select}) TO '{path}' (FORMAT parquet)");
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose() => File.Delete(Path);
}
