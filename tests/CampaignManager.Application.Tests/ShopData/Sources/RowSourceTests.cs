using System.Text;
using CampaignManager.Application.ShopData.Sources;

namespace CampaignManager.Application.Tests.ShopData.Sources;

/// <summary>Every form of file gives the same rows of named text.</summary>
public sealed class RowSourceTests
{
    private const string Tea = "a,b\nTea,1\nMug,2\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> SameRows => new()
    {
        { "comma", Utf8(Tea) },
        { "semicolon", Utf8(Tea.Replace(',', ';')) },
        { "tab", Utf8(Tea.Replace(',', '\t')) },
        { "bar", Utf8(Tea.Replace(',', '|')) },
        { "sep=", Utf8("sep=;\r\n" + Tea.Replace(',', ';')) },
        { "mark", [0xEF, 0xBB, 0xBF, .. Utf8(Tea)] },
        { "utf-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Tea)] },
        { "utf-16BE", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Tea)] },
        { "utf-16 without a mark", Encoding.Unicode.GetBytes(Tea) },
        { "utf-16BE without a mark", Encoding.BigEndianUnicode.GetBytes(Tea) },
        { "packed", AFile.Packed(Tea) },
        { "ndjson", Utf8("{\"a\":\"Tea\",\"b\":1}\n{\"a\":\"Mug\",\"b\":2}") },
        { "ndjson with blank lines", Utf8("\n{\"a\":\"Tea\",\"b\":1}\r\n\r\n{\"a\":\"Mug\",\"b\":2}\r\n") },
        { "array", Utf8(" [ {\"a\":\"Tea\",\"b\":1},\n{\"a\":\"Mug\",\"b\":2} ] ") },
        { "array under a name", Utf8("{\"count\": 2, \"data\": [{\"a\":\"Tea\",\"b\":1},{\"a\":\"Mug\",\"b\":2}], \"errors\": [{\"a\":\"no\"}]}") },
        { "objects after another", Utf8("{\n \"a\":\"Tea\",\n \"b\":1\n}\n{\n \"a\":\"Mug\", \"b\":2\n}\n") },
        { "utf-16 JSON", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("[{\"a\":\"Tea\",\"b\":1},{\"a\":\"Mug\",\"b\":2}]")] },
        { "packed NDJSON", AFile.Packed("{\"a\":\"Tea\",\"b\":1}\n{\"a\":\"Mug\",\"b\":2}\n") },
        { "parquet", AFile.Parquet("SELECT * FROM (VALUES ('Tea', 1), ('Mug', 2)) t(a, b)") },
        { "packed parquet", AFile.Packed(AFile.Parquet("SELECT * FROM (VALUES ('Tea', 1), ('Mug', 2)) t(a, b)")) },
    };

    [Theory]
    [MemberData(nameof(SameRows))]
    public void Open_AnyForm_GivesTheSameRows(string form, byte[] bytes)
    {
        using var file = new AFile(bytes);
        Assert.Equal(["a", "b"], file.Open().Columns.Take(2));
        Assert.Equal(["Tea|1", "Mug|2"], file.Rows("a", "b"));
        Assert.Equal([0, 1], file.Open().Read(Cancel).Select(r => r.Number));
        Assert.NotEmpty(form);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    public void Open_ChineseJson_IsReadInItsEncoding(string encoding)
    {
        using var file = new AFile(AFile.In(encoding, "[{\"名称\":\"龙井茶叶礼盒装\",\"城市\":\"上海\"},{\"名称\":\"白瓷茶杯\",\"城市\":\"北京\"}]"));
        Assert.Equal(["龙井茶叶礼盒装|上海", "白瓷茶杯|北京"], file.Rows("名称", "城市"));
    }

    [Theory]
    [InlineData("windows-1252", "Straße in Köln", false)]
    [InlineData("gb18030", "杭州市西湖区文三路买家已付款等待卖家发货", false)]
    [InlineData("big5", "臺北市信義區買家已付款等待賣家出貨", false)]
    [InlineData("shift_jis", "東京都渋谷区のお茶とカップ", false)]
    [InlineData("gb18030", "茶", true)]
    public void Readings_BytesThatFitOneEncodingOnly_LeaveNoDoubt(string encoding, string text, bool unsure)
    {
        using var file = new AFile(AFile.In(encoding, $"a,b\n1,{text}\n"));
        var readings = file.Open().Readings;
        Assert.Equal(unsure, readings.Count > 0);
        Assert.True(!unsure || readings.Any(r => r.Words.Contains(text)));
        Assert.Equal([text], file.Rows(new SourceOptions { Encoding = unsure ? encoding : null }, "b"));
    }

    [Fact]
    public void Row_Paths_ReachIntoJson()
    {
        using var file = new AFile("""
            {"id":"1","properties":{"order_id":"A-1","$lib.version":"2","none":null,"total":1.10},"items":[{"sku":"x","qty":1},{"sku":"y","qty":2}],"event_params":[{"key":"page","value":{"string_value":null,"int_value":"7"}}],"tags":["a","b"]}
            """);
        var source = file.Open();
        Assert.Equal(["id", "properties.order_id", "properties.$lib.version", "properties.none", "properties.total", "items", "items[].sku", "items[].qty", "event_params",
            "event_params.page", "tags"], source.Columns);
        using var rows = source.Read(Cancel).GetEnumerator();
        Assert.True(rows.MoveNext());
        var row = rows.Current;
        Assert.Equal(["A-1", "2", null, "1.10", "7", "y", """["a","b"]""", null], new[]
            { "properties.order_id", "properties.$lib.version", "properties.none", "properties.total", "event_params.page", "items.1.sku", "tags", "items.2.sku" }.Select(c => row[c]));
        Assert.Equal(["x1", "y2"], row.Items("items").Select(i => i["sku"] + i["qty"]));
        Assert.Contains(new("items.0.sku", "x"), row.Filled);
    }

    [Fact]
    public void Row_JsonInACell_IsReachedByPath()
    {
        using var file = new AFile("uuid,properties\n1,\"{\"\"order_id\"\": \"\"PH-4\"\", \"\"products\"\": [{\"\"sku\"\": \"\"S\"\"}]}\"\n2,{broken\n3,\n");
        var rows = file.Open().Read(Cancel).Select(r => (r["properties.order_id"], r.Items("properties.products").Select(i => i["sku"]).FirstOrDefault(), r["other.x"])).ToList();
        Assert.Equal([("PH-4", "S", null), (null, null, null), (null, null, null)], rows);
    }

    [Fact]
    public void Parquet_Types_LoseNothing()
    {
        using var file = new AFile(AFile.Parquet("""
            SELECT 9007199254740993::BIGINT AS i, 12345678901234567890.123456789::DECIMAL(38,9) AS d, TIMESTAMPTZ '2025-03-30 03:12:00.123456+02' AS z,
              TIMESTAMP '2025-03-30 02:30:00' AS t,
              DATE '2025-01-02' AS day, true AS yes, NULL::INTEGER AS none, 'Tea'::BLOB AS b, 6.99::FLOAT AS f,
              {'id': 9007199254740993::BIGINT, 'price': 1.10::DECIMAL(18,2), 'a b': 'x'} AS s, [{'sku': 'A', 'price': 0.1::DECIMAL(9,4)}, {'sku': 'B', 'price': NULL}] AS items, [1, 2] AS plain
            """));
        var source = file.Open();
        Assert.Equal(["i", "d", "z", "t", "day", "yes", "none", "b", "f", "s.id", "s.price", "s.a b", "items", "items[].sku", "items[].price", "plain"], source.Columns);
        using var rows = source.Read(Cancel).GetEnumerator();
        Assert.True(rows.MoveNext());
        var row = rows.Current;
        Assert.Equal(["9007199254740993", "12345678901234567890.123456789", "2025-03-30T01:12:00.123456Z", "2025-03-30 02:30:00", "2025-01-02", "true", null, "Tea", "6.99",
            "9007199254740993", "1.10", "x", """["1","2"]"""], new[] { "i", "d", "z", "t", "day", "yes", "none", "b", "f", "s.id", "s.price", "s.a b", "plain" }.Select(c => row[c]));
        Assert.Equal([("A", "0.1000"), ("B", null)], row.Items("items").Select(i => (i["sku"], i["price"])));
    }

    [Fact]
    public void Open_SnowplowWithoutAHeader_HasItsColumns()
    {
        var cells = new string[131];
        (cells[0], cells[3], cells[5], cells[6], cells[58]) = ("shop", "2025-01-01 10:00:00.000", "unstruct", "f4f0f1f2-0000-4000-8000-000000000001", """{"data":{"data":{"sku":"A"}}}""");
        cells[30] = "7\" tea pot";
        using var file = new AFile(string.Join('\t', cells) + "\n" + string.Join('\t', cells) + "\n");
        Assert.Equal(131, file.Open().Columns.Count);
        Assert.Equal(Enumerable.Repeat("shop|2025-01-01 10:00:00.000|A|7\" tea pot", 2), file.Rows("app_id", "collector_tstamp", "unstruct_event.data.data.sku", "page_title"));
    }

    [Fact]
    public void Open_ColumnsGiven_FirstLineIsARow()
    {
        using var file = new AFile("1;2\n3;4\n");
        Assert.Equal(["1|2", "3|4"], file.Rows(new SourceOptions { Header = ["x", "y"], Delimiter = ';' }, "x", "y"));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
