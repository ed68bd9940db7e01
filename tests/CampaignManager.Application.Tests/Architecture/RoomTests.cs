using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CampaignManager.Application.Tests.Architecture;

/// <summary>
/// The rooms of Application and of the Engine, and the one way in which their arrows run: a room sees those before it, never one beside or after it.
/// Read from the source, usings and qualified names alike, so that a broken arrow is told with its file.
/// </summary>
public sealed partial class RoomTests
{
    // From the ground up. Rooms of one line stand beside each other and do not see each other.
    private static readonly string[][] Application =
    [
        ["Data"], ["Idempotency"], ["Accounts"], ["Settings", "Notifications", "Webhooks"], ["Jobs"], ["Lake"], ["Imports"], ["ShopData"], ["Behaviour"], ["Audiences"],
        ["Campaigns"], ["Offers"], ["Experiments"], ["TrainingData"], ["Uplift"], ["Planning"], ["Recommendations", "Demand", "Risk"],
        ["Overview", "Assistant", "Privacy", "Demo", "Customers", "FirstSteps"],
    ];

    private static readonly string[][] Engine =
    [
        ["Money", "Statistics"], ["Audiences"], ["Experiments"], ["Offers"], ["Uplift"], ["Planning"], ["Recommendations", "Demand", "Risk", "Privacy"],
    ];

    private static readonly string Source = Path.Combine(Top(), "src");

    [Fact]
    public void Application_Arrows_RunOneWay() => Assert.Empty(Broken("CampaignManager.Application", Application));

    [Fact]
    public void Engine_Arrows_RunOneWay() => Assert.Empty(Broken("CampaignManager.Engine", Engine));

    [Fact]
    public void Namespaces_OfApplication_AreFolders() => Assert.Empty(
        Files("CampaignManager.Application").Where(f => f.Namespace != ("CampaignManager.Application." + f.Folder.Replace('/', '.')).TrimEnd('.')).Select(f => f.Path));

    [Theory]
    [InlineData("using CampaignManager.Application.Planning;", "Planning")]
    [InlineData("using static CampaignManager.Application.Planning.Planner;", "Planning")]
    [InlineData("using P = CampaignManager.Application.Planning.Planner;", "Planning")]
    [InlineData("var x = new Application.Planning.Planner();", "Planning")]
    [InlineData("var x = Planning.Planner.Of(3);", "Planning")]
    public void RoomsSeen_AnyWayOfNaming_IsFound(string line, string room) =>
        Assert.Equal([room], Seen(line, "CampaignManager.Application", [.. Application.SelectMany(r => r)], new() { [room] = ["Planner"] }));

    [Theory]
    [InlineData("context.Planning.Planner")]
    [InlineData("Planning.Count > 0")]
    public void RoomsSeen_PropertyOfTheSameName_IsNone(string line) =>
        Assert.Empty(Seen(line, "CampaignManager.Application", [.. Application.SelectMany(r => r)], new() { ["Planning"] = ["Planner"] }));

    /// <returns>A sentence for every file that sees a room it must not.</returns>
    private static List<string> Broken(string project, string[][] order)
    {
        var rank = order.SelectMany((rooms, i) => rooms.Select(room => (room, i))).ToDictionary(r => r.room, r => r.i);
        var files = Files(project).Where(f => f.Folder != "").ToList();
        var unknown = files.Select(f => f.Room).Distinct().Where(room => !rank.ContainsKey(room)).Select(room => $"The folder {room} has no place in the order of rooms.");
        var types = files.GroupBy(f => f.Room).ToDictionary(g => g.Key, g => g.SelectMany(f => Declared(f.Text)).ToHashSet());
        return
        [
            .. unknown,
            .. from file in files
               where rank.ContainsKey(file.Room)
               from seen in Seen(file.Text, project, rank.Keys, types)
               where seen != file.Room && rank[seen] >= rank[file.Room]
               select $"{file.Path} sees {seen}, which stands after {file.Room} or beside it.",
        ];
    }

    private static List<string> Seen(string text, string project, IReadOnlyCollection<string> rooms, Dictionary<string, HashSet<string>> types)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var last = project[(project.LastIndexOf('.') + 1)..];
        foreach (Match match in Qualified().Matches(Comment().Replace(text, "")))
        {
            var names = match.Value.Split('.');
            var at = Array.IndexOf(names, last);
            var room = at >= 0 && at + 1 < names.Length ? names[at + 1] : names[0];
            // Without the project before it the name may be a property's: only a type of the room makes it the room.
            if (rooms.Contains(room) && (at >= 0 || (names.Length > 1 && names.Skip(1).Any(types.GetValueOrDefault(room, []).Contains))))
                seen.Add(room);
        }

        return [.. seen];
    }

    private static IEnumerable<string> Declared(string text) => Declaration().Matches(text).Select(m => m.Groups[1].Value);

    private static IEnumerable<SourceFile> Files(string project)
    {
        var root = Path.Combine(Source, project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Relative: Path.GetRelativePath(root, path).Replace('\\', '/')))
            .Where(f => !f.Relative.StartsWith("obj/", StringComparison.Ordinal) && !f.Relative.StartsWith("bin/", StringComparison.Ordinal))
            .Select(f => new SourceFile(f.Relative, File.ReadAllText(f.Path)));
    }

    private static string Top([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"(?<![\w.@""])[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"//[^\n]*|(?<=^namespace )[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref) )*(?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    private sealed record SourceFile(string Path, string Text)
    {
        public string Folder { get; } = System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

        public string Room => Folder.Split('/')[0];

        public string Namespace => Regex.Match(Text, @"^namespace ([\w.]+)", RegexOptions.Multiline).Groups[1].Value;
    }
}
