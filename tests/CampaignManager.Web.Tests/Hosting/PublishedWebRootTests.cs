using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>A service manager starts the published app from its data folder: the pages' files are those beside the binary all the same.</summary>
public sealed class PublishedWebRootTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("published-").FullName;

    [Fact]
    public void PublishedWebRoot_PublishedApp_IsBesideTheBinary()
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "wwwroot")).FullName;
        Assert.Equal(root, Configuration.PublishedWebRoot(folder));
    }

    [Fact]
    public void PublishedWebRoot_BuildsOutput_IsLeftToItsManifest()
    {
        Directory.CreateDirectory(Path.Combine(folder, "wwwroot"));
        File.WriteAllText(Path.Combine(folder, "CampaignManager.Web.staticwebassets.runtime.json"), "{}");
        Assert.Null(Configuration.PublishedWebRoot(folder));
    }

    [Fact]
    public void PublishedWebRoot_NoFiles_IsNone() => Assert.Null(Configuration.PublishedWebRoot(folder));

    [Fact]
    public void PublishedWebRoot_TheBuildThatRunsHere_IsLeftToItsManifest() => Assert.Null(Configuration.PublishedWebRoot(AppContext.BaseDirectory));

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
