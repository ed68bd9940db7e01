using CampaignManager.Application.ShopData.Reading;

namespace CampaignManager.Application.Tests.ShopData;

/// <summary>
/// Every file of shops' exports gives exactly the figures that stand beside it, by its named template and by its header alone.
/// </summary>
public sealed class ExpectedFilesTests
{
    public static TheoryData<string, bool> Files() =>
        ExpectedFiles.Find() is { } files ? [.. files.Names.SelectMany(n => new[] { (n, false), (n, true) })] : [("", false)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_FileOfAShop_GivesItsFigures(string file, bool byHeader)
    {
        var files = ExpectedFiles.Find();
        Assert.SkipUnless(files is not null,
            "The shops' files (../shared/data/shop beside the repository; SHOP_FILES names others) are not on this machine.");
        Assert.SkipUnless(Readings.Has(files.Kind(file)), $"Nothing reads {files.Kind(file)} yet.");
        var (found, code, sentence) = files.Read(file, byHeader);
        Assert.True(code == files.Code(file),
            $"Refused or asked: {code}: {sentence}; expected {files.Code(file) ?? "nothing of the kind"}.");
        if (code is not null)
            return;
        var (wrong, left) = files.Compare(file, found);
        if (left.Count > 0)
            TestContext.Current.SendDiagnosticMessage($"{file}: not reported, so unchecked: {string.Join(", ", left)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"unchecked: {string.Join(", ", left)}");
        Assert.True(wrong.Count == 0, string.Join("; ", wrong));
    }
}
