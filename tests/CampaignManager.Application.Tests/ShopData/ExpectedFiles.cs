using System.Text.Json;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.Tests.ShopData;

/// <summary>
/// A folder of shops' files beside an <c>expected.json</c> that says what an importer must find in each: <c>../shared/data/shop</c> beside
/// the repository, or what the
/// environment names in <c>SHOP_FILES</c>.
/// </summary>
internal sealed class ExpectedFiles
{
    /// <summary>What expected.json says of a file's way in, and of itself; everything else is to be found.</summary>
    private static readonly HashSet<string> About = ["kind", "template", "options", "with", "code", "source", "licence", "sha256", "bytes",
        "note", "of", "refused", "why"];

    private readonly JsonElement files;

    public ExpectedFiles(string folder)
    {
        Folder = folder;
        files = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json"))).RootElement.GetProperty("files");
    }

    public string Folder { get; }

    public IEnumerable<string> Names => files.EnumerateObject().Select(f => f.Name);

    /// <summary>Null where there are none on this machine.</summary>
    public static ExpectedFiles? Find()
    {
        if (Environment.GetEnvironmentVariable("SHOP_FILES") is { Length: > 0 } named)
            return new ExpectedFiles(named);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shop = Path.Combine(folder.FullName, "shared", "data", "shop");
            if (File.Exists(Path.Combine(shop, "expected.json")))
                return new ExpectedFiles(shop);
        }

        return null;
    }

    public string Kind(string file) => files.GetProperty(file).GetProperty("kind").GetString()!;

    /// <summary>The refusal a file must meet; null: it is taken.</summary>
    public string? Code(string file) => files.GetProperty(file).TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>Reads a file as an import would.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="byHeader">Recognised by its columns alone; else by the template that is named.</param>
    /// <param name="written">Written otherwise than it lies there; null: as it is.</param>
    /// <returns>What was found, or the code of the refusal or of the first open question with its sentence.</returns>
    public (Figures Found, string? Code, string? Sentence) Read(string file, bool byHeader, string? written = null)
    {
        var entry = files.GetProperty(file);
        var book = new TemplateBook();
        var template = byHeader ? null : book.Find(Kind(file), entry.GetProperty("template").GetString()!)
            ?? throw new InvalidOperationException($"There is no template {entry.GetProperty("template")} for {Kind(file)}.");
        string[] names = [file, .. entry.TryGetProperty("with", out var with) ? with.EnumerateArray().Select(w => w.GetString()!) : []];
        var found = new Figures();
        try
        {
            var sources = names.Select(n => RowSources.Open(n == file && written is not null ? written : Path.Combine(Folder, n), n, new SourceOptions(),
                TestContext.Current.CancellationToken)).ToList();
            var planned = ShopFiles.Plan(Kind(file), template, book, sources, Options(entry.GetProperty("options")),
                TestContext.Current.CancellationToken);
            if (planned.Plan.Refusal is { } refusal)
                return (found, refusal.Code, refusal.Message);
            if (planned.Plan.Questions is [var question, ..])
                return (found, question.Code, question.Message);
            foreach (var _ in planned.Plan.Read(found, new NoRejects(), TestContext.Current.CancellationToken))
            {
            }

            return (found, null, null);
        }
        catch (ImportRefusedException refused)
        {
            return (found, refused.Code, refused.Message);
        }
    }

    /// <summary>Each figure that was found and is another than expected, and the names of those that nothing reports.</summary>
    public (IReadOnlyList<string> Wrong, IReadOnlyList<string> Unchecked) Compare(string file, Figures found)
    {
        var (wrong, left) = (new List<string>(), new List<string>());
        foreach (var expected in files.GetProperty(file).EnumerateObject().Where(e => !About.Contains(e.Name)))
        {
            if (found[expected.Name] is not { } figure)
                left.Add(expected.Name);
            else if (JsonSerializer.Serialize(figure) is var said && !Same(expected.Value, figure))
                wrong.Add($"{expected.Name}: {said} instead of {expected.Value.GetRawText()}");
        }

        return (wrong, left);
    }

    private static bool Same(JsonElement expected, object found) => found switch
    {
        DateTime at => expected.ValueKind == JsonValueKind.String
            && expected.GetDateTime() == at,
        _ => JsonElement.DeepEquals(expected, JsonSerializer.SerializeToElement(found)),
    };

    private static ReadingOptions Options(JsonElement options)
    {
        string? Text(string name) => options.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new ReadingOptions(Text("zone"), Text("currency"), false, new Dictionary<string, string>()) { Keys = new PlainKeys() };
    }

    /// <summary>Pseudonyms that keep apart what real ones keep apart, and no more.</summary>
    public sealed class PlainKeys : IPersonKeys
    {
        public string Pseudonym(string kind, string value) =>
            "p" + kind[0] + (kind == PersonKeyKinds.Email ? value.Trim().ToLowerInvariant() : string
                .Concat(value.Where(char.IsAsciiDigit)));
    }

    private sealed class NoRejects : IRejects
    {
        public void Add(RejectedRow row)
        {
        }
    }
}
