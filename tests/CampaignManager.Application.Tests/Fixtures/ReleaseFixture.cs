using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CampaignManager.Application.Tests.Fixtures;

/// <summary>
/// A data folder as the release of commit 9cd6b79 left it (database, lake, models), unpacked for one test, and what that release answered.
/// Both are made by make-release-fixture.py beside this file; what is in it is read there.
/// </summary>
public sealed class ReleaseFixture : IDisposable
{
    private ReleaseFixture(string folder, JsonNode told) => (Folder, Told) = (folder, told);

    public string Folder { get; }

    /// <summary>release.json: <c>made</c> (ids by name), <c>answers</c> by subject, <c>steps</c> that change something, <c>storedRules</c>, <c>tables</c>, <c>jobKinds</c>.</summary>
    public JsonNode Told { get; }

    public string Database => Path.Combine(Folder, "app.db");

    public string Lake => Path.Combine(Folder, "lake");

    public string Models => Path.Combine(Folder, "models");

    /// <summary>When it was packed: its campaigns are live and its reservations held at this moment, whatever day it is.</summary>
    public DateTimeOffset At => DateTimeOffset.Parse((string)Told["at"]!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What opens it, for a host's configuration.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Database:Path"] = Database,
        ["Lake:Path"] = Lake,
        ["Lake:Buckets"] = "2",
        ["Models:Path"] = Models,
        ["Demo:Enabled"] = "false",
    };

    public static async Task<ReleaseFixture> UnpackAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "cm-release-" + Guid.NewGuid().ToString("N"));
        var told = await JsonNode.ParseAsync(Resource("release.json"));
        await using var packed = Resource("release.zip");
        await ZipFile.ExtractToDirectoryAsync(packed, folder);
        return new ReleaseFixture(folder, told!);
    }

    /// <summary>The key of one of the callers: planner, judge, shop, explained, sandbox.</summary>
    public string Key(string caller) => (string)Told["keys"]![caller]!;

    public Guid Campaign(string name) => Guid.Parse((string)Told["made"]!["campaigns"]![name]!);

    public Guid Model(string name) => Guid.Parse((string)Told["made"]!["models"]![name]!);

    public Guid Redemption(string name) => Guid.Parse((string)Told["made"]!["redemptions"]![name]!);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static Stream Resource(string name) => typeof(ReleaseFixture).Assembly.GetManifestResourceStream(name)!;
}
