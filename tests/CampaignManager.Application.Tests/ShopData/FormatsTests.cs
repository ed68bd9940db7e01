namespace CampaignManager.Application.Tests.ShopData;

/// <summary>
/// Small files of sources that are known by their documentation alone, each with what trips people up: they give their figures as they lie
/// there, and written in every way that spreadsheets, servers and people write them.
/// </summary>
public sealed class FormatsTests
{
    private static readonly string? Others = Environment.GetEnvironmentVariable("SHOP_FORMATS");

    /// <summary>Or those of a folder that the environment names in <c>SHOP_FORMATS</c>, beside an <c>expected.json</c>.</summary>
    private static readonly ExpectedFiles Files = new(Others ?? Path.Combine(AppContext.BaseDirectory, "ShopData", "Formats"));

    public static TheoryData<string, bool> AsTheyAre() => [.. Files.Names.SelectMany(n => new[] { (n, false), (n, true) })];

    public static TheoryData<string, string> WrittenOtherwise() =>
        [.. Files.Names.SelectMany(n => Rewritten.Ways.Where(w => Rewritten.Fits(n, w)).Select(w => (n, w)))];

    [Theory]
    [MemberData(nameof(AsTheyAre))]
    public void Read_SampleOfASource_GivesItsFigures(string file, bool byHeader) => Check(file, byHeader, null);

    [Theory]
    [MemberData(nameof(WrittenOtherwise))]
    public void Read_SampleWrittenOtherwise_GivesTheSameFigures(string file, string way)
    {
        var path = Path.Combine(Path.GetTempPath(), $"format-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(path, Rewritten.Of(Path.Combine(Files.Folder, file), way));
            Check(file, byHeader: true, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Check(string file, bool byHeader, string? written)
    {
        var (found, code, sentence) = Files.Read(file, byHeader, written);
        Assert.True(code == Files.Code(file), $"Refused or asked: {code}: {sentence}");
        if (code is not null)
            return;
        var (wrong, left) = Files.Compare(file, found);
        Assert.True(wrong.Count == 0, string.Join("; ", wrong));
        if (Others is null)
            Assert.Equal([], left);
    }
}
