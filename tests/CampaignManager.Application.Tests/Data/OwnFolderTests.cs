using CampaignManager.Application.Data;

namespace CampaignManager.Application.Tests.Data;

public sealed class OwnFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Open = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("cm-own-");

    public OwnFolderTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");

    public void Dispose() => home.Delete(recursive: true);

    [Fact]
    public void Make_New_IsClosedToOthers()
    {
        var folder = Path.Combine(home.FullName, "data");
        OwnFolder.Make(folder);
        Assert.Equal(OwnerOnly, Mode(folder));
    }

    [Fact]
    public void MakeOrClose_OfAnEarlierRelease_IsClosed()
    {
        var folder = Path.Combine(home.FullName, "data");
        Directory.CreateDirectory(folder);
        SetMode(folder, Open);
        OwnFolder.MakeOrClose(folder);
        Assert.Equal(OwnerOnly, Mode(folder));
    }

    [Fact]
    public void MakeOrClose_SharedByMany_IsLeftAlone()
    {
        SetMode(home.FullName, Open | UnixFileMode.StickyBit);
        OwnFolder.MakeOrClose(home.FullName);
        Assert.Equal(Open | UnixFileMode.StickyBit, Mode(home.FullName));
        File.WriteAllText(Path.Combine(home.FullName, "CampaignManager.sln"), "a clone");
        SetMode(home.FullName, Open);
        OwnFolder.MakeOrClose(home.FullName);
        Assert.Equal(Open, Mode(home.FullName));
    }

    private static UnixFileMode Mode(string folder) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(folder);

    private static void SetMode(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, mode);
    }
}
