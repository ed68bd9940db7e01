using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Sources;

namespace CampaignManager.Application.Tests.ShopData.Sources;

/// <summary>Files as they come when something went wrong: a code and a sentence for the whole file, or a reason for the rows that it hit; never half a row taken for a whole one.</summary>
[Collection(nameof(UglyShopFileTests))]
[CollectionDefinition(nameof(UglyShopFileTests), DisableParallelization = true)]
public sealed class UglyShopFileTests
{
    private static readonly byte[] Parquet = AFile.Parquet("SELECT i, 'tea ' || i AS name FROM range(2000) t(i)");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "empty", [], "empty-file" },
        { "empty, packed", AFile.Packed(""), "empty-file" },
        { "mark only", [0xEF, 0xBB, 0xBF], "empty-file" },
        { "blank lines", Utf8(new string('\n', 20_000) + "a,b\n1,2\n"), "blank-lines" },
        { "numbers in the header", Utf8("1,2\n3,4\n"), "no-header" },
        { "one column", Utf8("sku\nA\nB\n"), "one-column" },
        { "duplicate headers", Utf8("sku,name,SKU\nA,b,c\n"), "duplicate-header" },
        { "5,000 columns", Utf8(string.Join(',', Enumerable.Range(0, 5000).Select(i => $"c{i}")) + "\n"), "too-many-columns" },
        { "5,000 names in JSON", Utf8("{" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"c{i}\":1")) + "}\n"), "too-many-columns" },
        { "5,000 columns in Parquet", AFile.Parquet("SELECT " + string.Join(',', Enumerable.Range(0, 2001).Select(i => $"1 c{i}"))), "too-many-columns" },
        { "quote in the header", Utf8("\"a,b\n1,2\n"), "unclosed-quote" },
        { "quote never closed", Utf8("a,b\n1,\"2\n3,4\n5,6\n"), "unclosed-quote" },
        { "header of 5 MB", Utf8(new string('x', 5_000_000) + ",b\n1,2\n"), "header-too-long" },
        { "cell of 10 MB", Utf8("a,b\n1," + new string('x', 10_000_000) + "\n2,3\n"), "row-too-long" },
        { "cut off gzip", AFile.Packed(Utf8(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{i * 7919 % 1013}\n"))))[..^2000], "bad-gzip" },
        { "cut off gzip of NDJSON", AFile.Packed(Utf8(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"a\":{i * 7919 % 1013}}}\n"))))[..^2000], "bad-gzip" },
        { "damaged gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], "bad-gzip" },
        { "cut off Parquet", Parquet[..^100], "bad-parquet" },
        { "half of a Parquet", Parquet[..(Parquet.Length / 2)], "bad-parquet" },
        { "Parquet in name only", Utf8("PAR1 and nothing else but words"), "bad-parquet" },
        { "cut off Parquet, packed", AFile.Packed(Parquet[..^100]), "bad-parquet" },
        { "workbook", [0x50, 0x4B, 3, 4, 0, 0, 0, 0], "archive" },
        { "picture", [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], "not-text" },
        { "PDF", Utf8("%PDF-1.7 words"), "not-text" },
        { "bytes", [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 31 % 32))], "not-text" },
        { "empty array", Utf8("[]"), "no-rows" },
        { "array of numbers", Utf8("[1, 2, 3]"), "bad-json" },
        { "array of arrays", Utf8("[[1, 2], [3]]"), "bad-json" },
        { "array that turns into something else", Utf8("[{\"a\":1}, oops, {\"a\":2}]"), "bad-json" },
        { "JSON that is none", Utf8("{\"a\": 1,}\n{\"a\": 2,}\n"), "bad-json" },
        { "JSON 100,000 deep", Utf8(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))), "bad-json" },
    };

    public static TheoryData<string, byte[], string[]> Faults => new()
    {
        { "header only", Utf8("a,b\n"), [] },
        { "repeated header", Utf8("a,b\n1,2\na,b\n3,4\n"), ["1|2", "header-again", "3|4"] },
        { "too few and too many", Utf8("a,b\n1\n1,2,3\n1,2\n"), ["too-few-fields", "too-many-fields", "1|2"] },
        { "torn last line", Utf8("a,b,c\n1,2,3\n4,5"), ["1|2", "torn-line"] },
        { "broken quotes", Utf8("a,b\n\"1\"x,2\n3,4\n"), ["broken-quotes", "3|4"] },
        { "line breaks within quotes", Utf8("a,b\n\"x\r\ny\",2\n3,4\n"), ["x\r\ny|2", "3|4"] },
        { "NUL", Utf8("a,b\n1\0,2\n3,4\n"), ["bad-characters", "3|4"] },
        { "a byte of another encoding", [.. Utf8("a,b\nGrün,Öl\n"), (byte)'K', 0xFC, .. Utf8(",2\nÄ,4\n")], ["Grün|Öl", "bad-characters", "Ä|4"] },
        { "mixed delimiters", Utf8("a;b\n1;2\n3,4\n5;6\n"), ["1|2", "too-few-fields", "5|6"] },
        { "old line endings", Utf8("a,b\r1,2\r3,4\r"), ["1|2", "3|4"] },
        { "blanks of every kind", Utf8("a,b\n\u00A01\u3000,\u20092 \n"), ["1|2"] },
        { "torn NDJSON", Utf8("{\"a\":1,\"b\":2}\n{\"a\":3,"), ["1|2", "torn-line"] },
        { "broken NDJSON", Utf8("{\"a\":1,\"b\":2}\n{\"a\":3,}\n{\"a\":5,\"b\":6}\n"), ["1|2", "bad-json", "5|6"] },
        { "NDJSON with a number", Utf8("{\"a\":1,\"b\":2}\n17\n{\"a\":5,\"b\":6}\n"), ["1|2", "bad-json", "5|6"] },
        { "NDJSON with NUL", Utf8("{\"a\":1,\"b\":2}\n{\"a\":\"x\0\"}\n{\"a\":\"\\u0000\"}\n{\"a\":5,\"b\":6}\n"), ["1|2", "bad-characters", "bad-characters", "5|6"] },
        { "NDJSON with half a character", Utf8("{\"a\":1,\"b\":2}\n{\"a\":\"\\ud83d\"}\n{\"a\":\"\\ud83d\\ude00\",\"b\":6}\n"), ["1|2", "bad-characters", "😀|6"] },
        { "NDJSON of two encodings", [.. Utf8("{\"a\":1,\"b\":\"Grün\"}\n{\"a\":\""), 0xFC, .. Utf8("\"}\n{\"a\":5,\"b\":6}\n")], ["1|Grün", "bad-characters", "5|6"] },
        { "NDJSON too deep", Utf8("{\"a\":1,\"b\":2}\n{\"a\":" + new string('[', 200) + new string(']', 200) + "}\n{\"a\":5,\"b\":6}\n"), ["1|2", "too-deep", "5|6"] },
        { "NDJSON with a line of 10 MB", Utf8("{\"a\":1,\"b\":2}\n{\"a\":\"" + new string('x', 10_000_000) + "\"}\n{\"a\":5,\"b\":6}\n"), ["1|2", "row-too-long", "5|6"] },
        { "array cut off within a row", Utf8("[{\"a\":1,\"b\":2},{\"a\":3,"), ["1|2", "torn-line"] },
        { "array cut off between rows", Utf8("[{\"a\":1,\"b\":2},"), ["1|2", "torn-line"] },
        { "array with an element too deep", Utf8("[{\"a\":1,\"b\":2},{\"a\":" + new string('[', 200) + new string(']', 200) + "},{\"a\":5,\"b\":6}]"), ["1|2", "too-deep", "5|6"] },
        { "array with an element of 10 MB", Utf8("[{\"a\":1,\"b\":2},{\"a\":\"" + new string('x', 10_000_000) + "\"},{\"a\":5,\"b\":6}]"), ["1|2", "row-too-long", "5|6"] },
        { "brackets and quotes within text", Utf8("[{\"a\":\"]}\\\"{\",\"b\":2},{\"a\":\"\\\\\",\"b\":6}]"), ["]}\"{|2", "\\|6"] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Open_FileThatCannotBeRead_IsRefusedWithCodeAndSentence(string what, byte[] bytes, string code)
    {
        using var file = new AFile(bytes);
        Assert.Equal((what, code), (what, file.Refusal()));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_RowThatCannotBeRead_SaysWhyAndTheOthersStay(string what, byte[] bytes, string[] rows)
    {
        using var file = new AFile(bytes);
        Assert.Equal(rows, file.Rows("a", "b"));
        Assert.NotEmpty(what);
    }

    [Theory]
    [InlineData("a,b\n", "1,2\n")]
    [InlineData("", "{\"a\":1,\"b\":2}\n")]
    [InlineData("[{}", ",{\"a\":1,\"b\":2}")]
    public void Read_GzipBomb_IsRefusedAtTheLimit(string before, string repeated)
    {
        var block = string.Concat(Enumerable.Repeat(repeated, 20_000));
        using var file = new AFile([.. AFile.Packed([.. Utf8(before), .. Utf8(block)], 1)]);
        Assert.Equal("too-large-unpacked", file.Refusal(new SourceOptions { Limits = new ImportOptions { MaxUnpackedBytes = 50_000 } }));
    }

    [Fact]
    public void Open_PackedParquetBomb_IsRefusedAtTheLimitAndLeavesNothing()
    {
        using var file = new AFile(AFile.Packed([.. "PAR1"u8, .. new byte[1_000_000]]));
        var before = Directory.GetFiles(Path.GetTempPath(), "campaign-manager-*.parquet");
        Assert.Equal("too-large-unpacked", file.Refusal(new SourceOptions { Limits = new ImportOptions { MaxUnpackedBytes = 50_000 } }));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "campaign-manager-*.parquet").Except(before));
    }

    [Theory]
    [InlineData("a,b\n", "1,2\n")]
    [InlineData("", "{\"a\":1,\"b\":2}\n")]
    [InlineData("[{}", ",{\"a\":1,\"b\":2}")]
    [InlineData("a,b\n1,2\n", "\n\n\n\n")]
    public void Read_Cancelled_StopsAtTheNextBlock(string before, string repeated)
    {
        var block = Utf8(string.Concat(Enumerable.Repeat(repeated, 200_000)));
        using var file = new AFile(AFile.Packed([.. Utf8(before), .. block]));
        using var stop = new CancellationTokenSource();
        using var rows = file.Open().Read(stop.Token).GetEnumerator();
        Assert.True(rows.MoveNext());
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => rows.MoveNext());
    }

    [Fact]
    public void Read_CancelledParquet_Stops()
    {
        using var file = new AFile(Parquet);
        using var stop = new CancellationTokenSource();
        using var rows = file.Open().Read(stop.Token).GetEnumerator();
        Assert.True(rows.MoveNext());
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => rows.MoveNext());
    }

    [Fact]
    public void Read_ManyRows_KeepsNoneOfThem()
    {
        using var file = new AFile(AFile.Packed(Utf8("{\"a\":\"" + new string('x', 1000) + "\"}\n"), 100_000));
        var source = file.Open();
        // What other tests hold at the same time would count too: this class runs alone.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        foreach (var row in source.Read(Cancel))
        {
            if (row.Number % 25_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.InRange(most, 0, 8_000_000);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
