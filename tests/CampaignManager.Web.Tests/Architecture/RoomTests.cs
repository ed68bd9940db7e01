using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CampaignManager.Web.Tests.Architecture;

/// <summary>Arrows in Web run one way: features stand on the frame, the frame names no feature, <c>Features.cs</c> lists them.</summary>
public sealed partial class RoomTests
{
    private static readonly string Web = Path.Combine(Top(), "src", "CampaignManager.Web");

    private static readonly string[] Frame = ["Access", "Hosting", "Layout", "Localization", "Shared"];

    /// <summary>Put together here and nowhere else.</summary>
    private static readonly string[] Composition = ["Features.cs", "Program.cs"];

    /// <summary>Features that show what another one makes; every other pair goes through what both register.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Campaigns"] = ["FirstSteps", "Uplift"],
        ["Data"] = ["Uplift"],
        ["FirstSteps"] = ["Uplift"],
        ["Offers"] = ["Campaigns"],
    };

    private static readonly HashSet<string> Names =
        [.. typeof(Program).Assembly.GetTypes().SelectMany(t => new[] { t.FullName, t.Namespace }).OfType<string>()];

    private static readonly string[] Features = [.. Sources().Select(f => f.Room).Except([.. Frame, ""]).Distinct().Order(StringComparer.Ordinal)];

    [Fact]
    public void Frame_NamesNoFeature() =>
        Assert.Equal([], Sources().Where(f => Frame.Contains(f.Room) || (f.Room == "" && !Composition.Contains(f.Name))).SelectMany(Named));

    [Fact]
    public void Features_NameOnlyThoseTheyMay() =>
        Assert.Equal([], Sources().Where(f => Features.Contains(f.Room))
            .SelectMany(f => Named(f).Where(n => !Arrows.GetValueOrDefault(f.Room, []).Contains(n.Feature))));

    [Fact]
    public void EveryFeature_IsListedOnce()
    {
        var there = typeof(Program).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(CampaignManager.Web.Hosting.Feature))).ToList();
        Assert.Equal(there.OrderBy(t => t.FullName), CampaignManager.Web.Features.All.Select(f => f.GetType()).OrderBy(t => t.FullName));
        Assert.All(Features, room => Assert.Contains(there, t => t.Namespace!.StartsWith("CampaignManager.Web." + room, StringComparison.Ordinal)));
    }

    private static IEnumerable<(string File, string Feature)> Named(Source source) => Reference().Matches(source.Text)
        .Where(m => m.Groups["whole"].Success || Names.Contains($"CampaignManager.Web.{m.Groups["room"]}.{m.Groups["rest"]}"))
        .Select(m => m.Groups["room"].Value)
        .Where(room => room != source.Room && Features.Contains(room))
        .Distinct()
        .Select(room => (source.Name, room));

    private static IEnumerable<Source> Sources() => Directory.EnumerateFiles(Web, "*", SearchOption.AllDirectories)
        .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
        .Select(f => (File: f, Name: Path.GetRelativePath(Web, f).Replace('\\', '/')))
        .Where(f => !f.Name.StartsWith("obj/", StringComparison.Ordinal) && !f.Name.StartsWith("bin/", StringComparison.Ordinal))
        .Select(f => new Source(f.Name, f.Name.Split('/') is [var room, _, ..] ? room : "", File.ReadAllText(f.File)));

    private static string Top([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    /// <summary>A namespace by its whole name, or by its part below the app's own when a type of it follows.</summary>
    [GeneratedRegex(@"(?<whole>CampaignManager\.Web\.)(?<room>\w+)|(?<![\w.])(?<room>[A-Z]\w+)\.(?<rest>[A-Z]\w+)")]
    private static partial Regex Reference();

    private sealed record Source(string Name, string Room, string Text);
}
