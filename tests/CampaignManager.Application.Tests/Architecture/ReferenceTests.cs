using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace CampaignManager.Application.Tests.Architecture;

/// <summary>Web -> Application -> Engine, never back; the Engine stands on the base library alone.</summary>
public sealed class ReferenceTests
{
    private static readonly string Source = Path.Combine(Top(), "src");

    [Fact]
    public void EngineAssembly_References_BaseLibraryAndTensorsOnly()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var strangers = typeof(Engine.Money.Currency).Assembly.GetReferencedAssemblies()
            .Select(r => r.Name!)
            .Where(name => name != "System.Numerics.Tensors" && !File.Exists(Path.Combine(runtime, name + ".dll")))
            .ToList();
        Assert.Empty(strangers);
    }

    [Fact]
    public void EngineAssembly_References_NothingThatTouchesTheOutside()
    {
        string[] outside = ["System.Net.Http", "System.Net.Sockets", "System.Data.Common", "System.IO.FileSystem.Watcher", "System.Diagnostics.Process", "System.Console"];
        Assert.Empty(typeof(Engine.Money.Currency).Assembly.GetReferencedAssemblies().Select(r => r.Name!).Intersect(outside));
    }

    [Fact]
    public void EngineProject_References_TensorsOnly()
    {
        Assert.Equal(["System.Numerics.Tensors"], Items("CampaignManager.Engine", "PackageReference"));
        Assert.Empty(Items("CampaignManager.Engine", "ProjectReference"));
        Assert.Empty(Items("CampaignManager.Engine", "FrameworkReference"));
    }

    [Fact]
    public void ApplicationProject_References_EngineOnly() =>
        Assert.Equal(["CampaignManager.Engine"], Items("CampaignManager.Application", "ProjectReference"));

    [Fact]
    public void ApplicationAssembly_References_NoPage()
    {
        var references = typeof(ApplicationServices).Assembly.GetReferencedAssemblies().Select(r => r.Name!).ToList();
        Assert.DoesNotContain("CampaignManager.Web", references);
        Assert.DoesNotContain("MudBlazor", references);
        Assert.DoesNotContain("Microsoft.AspNetCore.Components", references);
    }

    private static List<string> Items(string project, string element) =>
    [
        .. XDocument.Load(Path.Combine(Source, project, project + ".csproj")).Descendants(element)
            .Select(e => e.Attribute("Include")!.Value)
            .Select(name => element == "ProjectReference" ? Path.GetFileNameWithoutExtension(name) : name),
    ];

    private static string Top([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
