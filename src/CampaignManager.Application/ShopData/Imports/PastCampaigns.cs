using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A campaign the shop ran before it came here.</summary>
/// <param name="Id">The app's; exposures and messages of the campaign name it.</param>
/// <param name="SourceId">The source's.</param>
/// <param name="OnlyNamed">Nothing but who was put into which group says that it was: its times are theirs. A row of its own goes before.</param>
public sealed record PastCampaign(
    Guid Id, string Source, string SourceId, string? Name, string? Offer, DateTime StartsAt, DateTime EndsAt, int? AttributionDays, DateTime KnownAt,
    bool OnlyNamed = false)
{
    /// <summary>The import that said it last.</summary>
    [JsonIgnore]
    public Guid? ImportId { get; init; }
}

/// <summary>The shop's past campaigns: one file an import, so that each is kept or taken back as a whole; of one campaign the newest word counts.</summary>
internal sealed class PastCampaigns(DataLake lake)
{
    private const string Folder = "past-campaigns";

    /// <summary>The app's id of a source's campaign: the same wherever it is named.</summary>
    public static Guid IdOf(string source, string sourceId) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{sourceId}")).AsSpan(0, 16));

    /// <summary>The row with the app's id for the source's.</summary>
    public static ReadRow Named(string source, ReadRow row) => row switch
    {
        ExposureRow exposure => exposure with { CampaignId = IdOf(source, exposure.CampaignId).ToString("D") },
        EventRow { CampaignId: { } campaign } happened => happened with { CampaignId = IdOf(source, campaign).ToString("D") },
        _ => row,
    };

    public IReadOnlyList<PastCampaign> List()
    {
        var folder = lake.PathTo(Folder);
        return !Directory.Exists(folder) ? [] : [.. Directory.GetFiles(folder, "*.json").SelectMany(Read)
            .GroupBy(c => c.Id).Select(g => g.OrderBy(c => c.OnlyNamed).ThenByDescending(c => c.KnownAt).First()).OrderBy(c => c.StartsAt).ThenBy(c => c.Id)];
    }

    /// <summary>Keeps those that say something new.</summary>
    public async Task<WriteReport> KeepAsync(ImportSource source, IEnumerable<ReadRow> rows, CancellationToken cancel)
    {
        var file = $"{Folder}/{source.ImportId:N}.json";
        // A second try of the same import is judged beside the others, not beside itself.
        Forget(source.ImportId);
        var known = List().ToDictionary(c => c.Id);
        var (kept, duplicates) = (new Dictionary<Guid, PastCampaign>(), 0L);
        foreach (var row in rows.OfType<CampaignRow>())
        {
            cancel.ThrowIfCancellationRequested();
            var said = new PastCampaign(
                IdOf(source.Source, row.Id), source.Source, row.Id, row.Name, row.Offer, row.StartsAt, row.EndsAt, row.AttributionDays, source.KnownAt, row.OnlyNamed);
            // Who is only named stays named when the row that describes it is taken back.
            if (!said.OnlyNamed && (kept.TryGetValue(said.Id, out var so) || known.TryGetValue(said.Id, out so)) && so with { KnownAt = said.KnownAt, ImportId = null } == said)
                duplicates++;
            else
                kept[said.Id] = said;
        }

        if (kept.Count > 0)
            await lake.WriteTextAsync(JsonSerializer.Serialize(kept.Values, JsonSerializerOptions.Web), file, cancel);
        return new WriteReport(new Dictionary<string, long> { ["written"] = kept.Count, ["written:campaigns"] = kept.Count, ["duplicates"] = duplicates });
    }

    public void Forget(Guid importId)
    {
        if (Directory.Exists(lake.PathTo(Folder)))
            File.Delete(lake.PathTo($"{Folder}/{importId:N}.json"));
    }

    private static List<PastCampaign> Read(string path)
    {
        try
        {
            var import = Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out var id) ? id : (Guid?)null;
            return [.. JsonSerializer.Deserialize<List<PastCampaign>>(File.ReadAllText(path), JsonSerializerOptions.Web)!.Select(c => c with { ImportId = import })];
        }
        catch (FileNotFoundException)
        {
            // Taken back in this moment.
            return [];
        }
    }
}
