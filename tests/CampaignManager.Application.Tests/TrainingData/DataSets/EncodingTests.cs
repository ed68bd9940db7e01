using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>A file that does not say its encoding is read as what its bytes look like; that is said, and a person may choose another.</summary>
public class EncodingTests
{
    public static TheoryData<string, string[]> Words => new()
    {
        { "windows-1252", ["Köln", "Málaga"] },
        { "windows-1252", ["Grün", "Straße", "Café"] },
        { "windows-1252", ["São Paulo", "Ångström"] },
        { "windows-1252", ["12 €", "Müller"] },
        { "windows-1252", ["Élodie", "naïve"] },
        { "gb18030", ["上海", "北京"] },
        { "gb18030", ["男", "女"] },
        { "gb18030", ["重庆", "呼和浩特"] },
        { "gb18030", ["鑫", "淼"] },
        { "big5", ["台北市", "高雄市"] },
        { "big5", ["香港", "九龍"] },
        { "shift_jis", ["東京都", "大阪府"] },
        { "shift_jis", ["さいたま市", "カタカナ"] },
        { "windows-1251", ["Москва", "Санкт-Петербург"] },
        { "windows-1251", ["МОСКВА", "ОМСК"] },
        { "windows-1251", ["Київ", "Львів"] },
        { "euc-kr", ["서울특별시", "부산광역시", "대구", "인천", "광주", "대전"] },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Import_NoMark_IsReadAsItsBytesLookAndSaysSo(string encoding, string[] words)
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync(File(encoding, words), AnImportRoom.Mapping());

        Assert.Equal((ImportState.Succeeded, 0L), (import.State, import.Rejected));
        Assert.Equal(words, room.Table(import, "c_city").Take(words.Length));
        var warning = Assert.Single(import.Warnings, w => w.Code == "encoding-guessed");
        Assert.Equal(encoding, warning.Subject);
        Assert.StartsWith(words[0], warning.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public async Task Import_Unicode_IsNoGuess(string encoding)
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync([.. Encoding.GetEncoding(encoding).GetPreamble(), .. File(encoding, ["Köln", "上海"])], AnImportRoom.Mapping());

        Assert.Equal(["Köln", "上海"], room.Table(import, "c_city").Take(2));
        Assert.DoesNotContain(import.Warnings, w => w.Code == "encoding-guessed");
    }

    [Fact]
    public async Task Inspect_GuessedEncoding_ShowsReadingsAndTheChosenOneIsImported()
    {
        await using var room = new AnImportRoom();
        // Two capitals may be Russian or Japanese: only who knows the shop can say.
        var id = await room.UploadAsync(File("windows-1251", ["Ж", "М"]));

        var look = (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, Cancel)).Value;
        Assert.Contains(look.File.Readings, r => r.Name == "windows-1251" && r.Words.SequenceEqual(["Ж", "М"]));
        Assert.True(look.File.Readings.Count >= 2);
        Assert.Null(look.Mapping.Encoding);

        var chosen = (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, "windows-1252", Cancel)).Value;
        Assert.Equal(("windows-1252", "WINDOWS-1252"), (chosen.Mapping.Encoding, chosen.File.Encoding));
        var mapping = MappingJson.Parse((AnImportRoom.Mapping() with { Encoding = "windows-1252" }).ToJson()).Value;
        await room.StartAsync(id, mapping);
        var import = await room.RunAsync(id);

        Assert.Equal(["Æ", "Ì"], room.Table(import, "c_city").Take(2));
        Assert.DoesNotContain(import.Warnings, w => w.Code == "encoding-guessed");
    }

    [Fact]
    public void Mapping_UnknownEncoding_IsRefusedWithItsPath()
    {
        var wrong = MappingJson.Parse("""{ "treatment": { "column": "arm", "control": "no" }, "outcomes": [{ "column": "visit", "kind": "binary" }], "encoding": "ebcdic" }""");
        Assert.Equal(["mapping.encoding"], wrong.Failure!.Errors!.Keys);
    }

    private static byte[] File(string encoding, string[] words)
    {
        var text = new StringBuilder("arm,visit,spend,city\n");
        for (var i = 0; i < 4; i++)
        {
            foreach (var (word, at) in words.Select((w, at) => (w, at + i)))
                text.Append(at % 2 == 0 ? "no" : "mail").Append(at % 3 == 0 ? ",1,2," : ",0,0,").Append(word).Append('\n');
        }

        return CsvEncoding.Get(encoding).GetBytes(text.ToString());
    }
}
