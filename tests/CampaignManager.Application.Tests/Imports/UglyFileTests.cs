using System.IO.Compression;
using System.Text;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.Tests.Imports;

/// <summary>Files as they come: what is wrong with a row rejects the row, what is wrong with the file refuses the file.</summary>
public class UglyFileTests
{
    private const string Header = "arm,visit,spend,age\n";
    private const string Good = "no,0,0,30\nmail,1,2.5,31\n";

    public static TheoryData<string, string, int, int, string> Rows => new()
    {
        { "blank lines are no rows", Header + "\n" + Good + "\n  \n", 2, 0, "" },
        { "CRLF", (Header + Good).Replace("\n", "\r\n"), 2, 0, "" },
        { "semicolons and decimal commas", "arm;visit;spend;age\nno;0;0,5;30\nmail;1;1.234,50;31\n", 2, 0, "" },
        { "tabs", "arm\tvisit\tspend\tage\nno\t0\t0\t30\nmail\t1\t2,5\t31\n", 2, 0, "" },
        { "quoted delimiter, quote and newline", "arm,visit,spend,note\nno,0,0,\"a, \"\"b\"\"\nc\"\nmail,1,2.5,x\n", 2, 0, "" },
        { "hash is not a comment", "age,arm,visit,spend\n#1,no,0,0\n#2,mail,1,1\n", 2, 0, "" },
        { "spaces around", "arm , visit,spend,age\n no , 0 ,0, 30\n mail,1 , 2.5,31\n", 2, 0, "" },
        { "yes and no", Header + "no,no,0,1\nmail,Yes,1,2\nno,FALSE,0,1\nmail,true,0,2\n", 4, 0, "" },
        { "no newline at the end", Header + Good.TrimEnd('\n'), 2, 0, "" },
        { "torn end", Header + Good + "mail,1", 2, 1, "torn-line" },
        { "torn inside a quote", Header + Good + "mail,1,2,\"Pa", 2, 1, "torn-line" },
        { "too few fields", Header + "mail,1,2\n" + Good, 2, 1, "too-few-fields" },
        { "too many fields", Header + "mail,1,2,3,4\n" + Good, 2, 1, "too-many-fields" },
        { "text after a closing quote", Header + "mail,1,\"2\"5,30\n" + Good, 2, 1, "broken-quotes" },
        { "NUL inside", Header + "mail,1,2,\0\n" + Good, 2, 1, "bad-characters" },
        { "empty arm", Header + ",1,2,3\n" + Good, 2, 1, "no-arm" },
        { "outcome missing", Header + "mail,,2,3\nmail,1,NA,3\n" + Good, 2, 2, "missing-outcome" },
        { "outcome not a number", Header + "mail,1,abc,3\nmail,1,1e999,3\n" + Good, 2, 2, "not-a-number" },
        { "outcome endless or no number", Header + "mail,1,Infinity,3\nmail,1,-inf,3\nmail,1,1e400,3\n" + Good, 2, 3, "not-a-number" },
        { "outcome NaN is none", Header + "mail,NaN,1,3\nmail,1,nan,3\n" + Good, 2, 2, "missing-outcome" },
        { "two points", Header + "mail,1,1.2.3,3\n" + Good, 2, 1, "not-a-number" },
        { "binary outcome of two", Header + "mail,2,0,3\n" + Good, 2, 1, "not-yes-no" },
        { "negative money", Header + "mail,1,-0.01,3\n" + Good, 2, 1, "negative-money" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Import_UglyRows_KeepsTheRestAndSaysWhy(string name, string text, int kept, int rejected, string reason)
    {
        Assert.NotEmpty(name);
        await using var room = new AnImportRoom();

        var import = await room.ImportAsync(text, AnImportRoom.Mapping());

        Assert.Equal((ImportState.Succeeded, (long)kept, (long)rejected), (import.State, import.Kept, import.Rejected));
        Assert.Equal(reason.Length == 0 ? [] : [KeyValuePair.Create(reason, (long)rejected)], import.Reasons);
        Assert.Equal(import.Read, import.Kept + import.Skipped + import.Rejected);
        Assert.Equal(rejected > 0, import.RejectsFile is not null);
        Assert.All(import.Reasons.Keys, r => Assert.Contains(r, RejectReason.All));
    }

    public static TheoryData<string, byte[], string> Files => new()
    {
        { "blank", "\n\n  \n"u8.ToArray(), "empty-file" },
        { "header only", Encoding.UTF8.GetBytes(Header), "no-rows" },
        { "no header", "1,0,2.5,30\n2,1,3,4\n"u8.ToArray(), "no-header" },
        { "header twice", Encoding.UTF8.GetBytes("arm,visit,spend,Visit\n" + Good), "duplicate-header" },
        { "one column", "arm\nno\nmail\n"u8.ToArray(), "one-column" },
        { "quote to the end", Encoding.UTF8.GetBytes(Header + "no,0,0,\"30\nmail,1,2.5,31\nmail,1,2,3\n"), "unclosed-quote" },
        { "one arm", Encoding.UTF8.GetBytes(Header + "mail,1,2,3\nmail,0,0,3\n"), "arm-without-rows" },
        { "one row", Encoding.UTF8.GetBytes(Header + "no,0,0,30\n"), "arm-without-rows" },
        { "all rejected", Encoding.UTF8.GetBytes(Header + "mail,5,2,3\nno,5,0,3\n"), "no-rows-kept" },
        { "binary outcome of two, often", Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat("mail,2,0,3\n" + Good, 5))), "not-only-yes-no" },
        { "no arm of these", Encoding.UTF8.GetBytes(Header + "a,0,0,3\nb,1,0,3\n"), "no-arm-matches" },
        { "comma that may be either", "arm;visit;spend\nno;0;0\nmail;1;2\nmail;1;1,234\n"u8.ToArray(), "ambiguous-numbers" },
        { "noise", Noise(), "not-text" },
        { "zeros", new byte[5000], "not-text" },
        { "workbook", [0x50, 0x4B, 0x03, 0x04, .. Noise()], "archive" },
        { "cut gzip", Gzip(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"no,0,{i},3\n"))))[..^20_000], "bad-gzip" },
        { "not gzip behind its mark", [0x1F, 0x8B, .. Noise()], "bad-gzip" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Import_UglyFile_IsRefusedAndChangesNothing(string name, byte[] file, string code)
    {
        Assert.NotEmpty(name);
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(file);
        await room.StartAsync(id, AnImportRoom.Mapping());

        var import = await room.RunAsync(id);

        Assert.Equal((ImportState.Failed, code), (import.State, import.RefusalCode));
        Assert.False(string.IsNullOrWhiteSpace(import.Error));
        Assert.Null(import.ExperimentId);
        Assert.Empty(room.LakeFiles());
        Assert.Equal(0, (await room.Experiments.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Total);
    }

    [Fact]
    public async Task Upload_Nothing_IsRefusedAtOnceAndStaysNowhere()
    {
        await using var room = new AnImportRoom();

        var refused = await room.Imports.UploadAsync(AnImportRoom.Marketer, "t.csv", new MemoryStream(), TestContext.Current.CancellationToken);

        Assert.Equal("empty-file", refused.Failure?.Code);
        Assert.Equal(0, (await room.List.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Total);
        Assert.Empty(room.LakeFiles());
    }

    [Fact]
    public async Task Import_UnpackedTooLarge_IsRefused()
    {
        await using var room = new AnImportRoom(("Imports:MaxUnpackedBytes", "1000000"));
        var import = await room.ImportAsync(Gzip(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat(Good, 100_000)))), AnImportRoom.Mapping());

        Assert.Equal("too-large-unpacked", import.RefusalCode);
        Assert.Empty(room.LakeFiles());
    }

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "gb18030"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Import_EncodingsOfShops_GiveTheSameText(string encoding)
    {
        var text = "arm,visit,spend,城市\nno,0,0,上海\nmail,1,2,北京\n";
        var codec = encoding == "gb18030" ? CodePagesEncodingProvider.Instance.GetEncoding(encoding)! : Encoding.GetEncoding(encoding);
        byte[] file = [.. codec.GetPreamble(), .. codec.GetBytes(text)];
        await using var room = new AnImportRoom();

        var import = await room.ImportAsync(file, AnImportRoom.Mapping());

        Assert.Equal(["上海", "北京"], room.Table(import, "c_城市"));
    }

    [Fact]
    public async Task Import_StrayByte_RejectsOnlyItsRow()
    {
        await using var room = new AnImportRoom();
        // 0xFF is in no encoding's text; the rest is UTF-8.
        byte[] file = [.. Encoding.UTF8.GetBytes("arm,visit,spend,city\nno,0,0,Zürich\nmail,1,2,Köln\nmail,1,1,"), 0xFF, .. "x\n"u8];

        var import = await room.ImportAsync(file, AnImportRoom.Mapping());

        Assert.Equal(new Dictionary<string, long> { [RejectReason.BadCharacters] = 1 }, import.Reasons);
        Assert.Equal(["Zürich", "Köln"], room.Table(import, "c_city"));
    }

    [Fact]
    public async Task Rejects_FormulasInTheLine_AreDisarmed()
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync("age,arm,visit,spend\n=cmd|' /C calc'!A0,mail,7,0\n@SUM(1),mail,\"=1+1\",0\n1,no,0,0\n1,mail,0,1\n", AnImportRoom.Mapping());

        var lines = await File.ReadAllLinesAsync(import.RejectsFile!, TestContext.Current.CancellationToken);

        Assert.Equal(3, lines.Length);
        Assert.Equal("0,not-yes-no,visit: 7,\"'=cmd|' /C calc'!A0,mail,7,0\"", lines[1]);
        Assert.Equal("1,not-yes-no,visit: =1+1,\"'@SUM(1),mail,\"\"=1+1\"\",0\"", lines[2]);
    }

    [Theory]
    [InlineData("12", 12, true)]
    [InlineData("-3.5e2", -350, true)]
    [InlineData(".5", 0.5, true)]
    [InlineData("$1,234.50", 1234.5, false)]
    [InlineData("¥ 99", 99, false)]
    [InlineData("-$5", -5, false)]
    [InlineData("US$ -7.25", -7.25, false)]
    [InlineData("12,5", 12.5, false)]
    [InlineData("0,125", 0.125, false)]
    [InlineData("1.234,56", 1234.56, false)]
    [InlineData("1.234.567", 1234567, false)]
    [InlineData("1,234,567", 1234567, false)]
    [InlineData("12,34,567.5", 1234567.5, false)]
    [InlineData("EUR 12,50", 12.5, false)]
    [InlineData("9,95 €", 9.95, false)]
    [InlineData("1 234,5", 1234.5, false)]
    [InlineData("1\u202F234\u00A0567", 1234567, false)]
    [InlineData("CHF 1’234.50", 1234.5, false)]
    [InlineData("12'345", 12345, false)]
    [InlineData("(12.30)", -12.3, false)]
    [InlineData("($1,234.50)", -1234.5, false)]
    [InlineData("12.30-", -12.3, false)]
    [InlineData("−4,5", -4.5, false)]
    [InlineData("12%", 0.12, false)]
    [InlineData("2,5 %", 0.025, false)]
    [InlineData("１２３．５", 123.5, false)]
    [InlineData("88元", 88, false)]
    public void Number_AsPeopleWrite_IsRead(string text, double expected, bool plain)
    {
        var reading = CsvNumber.Read(text);
        Assert.False(reading.IsAmbiguous);
        Assert.Equal(expected, reading.Under(DecimalMark.Point), 1e-12);
        Assert.Equal(expected, reading.Under(DecimalMark.Comma), 1e-12);
        Assert.Equal(plain, reading.Plain);
    }

    [Theory]
    [InlineData("1.234", 1.234, 1234)]
    [InlineData("1,234", 1234, 1.234)]
    [InlineData("-12.345", -12.345, -12345)]
    [InlineData("€ 999,500", 999500, 999.5)]
    public void Number_ThreeDigitsAfterOneSign_HasTwoReadings(string text, double point, double comma)
    {
        var reading = CsvNumber.Read(text);
        Assert.True(reading.IsAmbiguous);
        Assert.Equal((point, comma), (reading.Under(DecimalMark.Point), reading.Under(DecimalMark.Comma)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("12-5")]
    [InlineData("1.2.3")]
    [InlineData("1,23,4")]
    [InlineData("0.123.456")]
    [InlineData("1 234'567")]
    [InlineData("--5")]
    [InlineData("EUR")]
    [InlineData("5 apples")]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    [InlineData("∞")]
    [InlineData("2026-01-02")]
    [InlineData("12:30")]
    public void Number_AnythingElse_IsNone(string text) => Assert.False(CsvNumber.Read(text).IsNumber);

    [Theory]
    [InlineData("#N/A", true)]
    [InlineData("#DIV/0!", true)]
    [InlineData("#NAME?", true)]
    [InlineData("#WERT!", true)]
    [InlineData("#NV", true)]
    [InlineData("#####", true)]
    [InlineData("\\N", true)]
    [InlineData(".", true)]
    [InlineData("<NA>", true)]
    [InlineData("n/a", true)]
    [InlineData("#1", false)]
    [InlineData("#blue", false)]
    [InlineData("none!", false)]
    public void Missing_WordsAndSheetErrors_AreNothing(string text, bool missing) => Assert.Equal(missing, CsvNumber.IsMissing(text));

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("∞")]
    [InlineData("1e999")]
    public async Task Import_InfinityAmongNumbers_IsMissingAndTheColumnStaysOne(string infinite)
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync($"arm,visit,spend,age\nno,0,0,30\nmail,1,2,{infinite}\nmail,0,1,41\n", AnImportRoom.Mapping());

        Assert.Equal((3, 1), (import.Kept, import.Repaired));
        Assert.Equal(1, room.Scalar<long>(import, "count(*) FILTER (x_age IS NULL)"));
        Assert.Equal(("x_age", 1), (await room.ManifestAsync(import)).Features.Select(f => (f.Column, (int)f.Missing)).Single());
    }

    [Fact]
    public async Task Inspect_HeaderOnly_IsRefusedBeforeAnybodyMapsIt()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Header);

        var look = await room.Imports.InspectAsync(AnImportRoom.Marketer, id, TestContext.Current.CancellationToken);

        Assert.Equal("no-rows", look.Failure?.Code);
    }

    private static byte[] Noise()
    {
        var bytes = new byte[20_000];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
