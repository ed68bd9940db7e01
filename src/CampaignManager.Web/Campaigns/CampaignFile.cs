using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns;

/// <summary>Campaigns as a file: the API's own JSON, <c>{"campaigns": [...]}</c>, a bare list of them, or one.</summary>
public static class CampaignFile
{
    private static readonly JsonSerializerOptions Reading = new(RulesJson.Options) { NumberHandling = JsonNumberHandling.Strict };

    private static readonly JsonSerializerOptions Writing = new(RulesJson.Options) { WriteIndented = true };

    public static byte[] Write(IEnumerable<CampaignResource> campaigns) =>
        JsonSerializer.SerializeToUtf8Bytes(new ExportedCampaigns([.. campaigns]), Writing);

    /// <summary>A file as it is written.</summary>
    public sealed record ExportedCampaigns(IReadOnlyList<CampaignResource> Campaigns);

    /// <summary>Each campaign by itself, so that a mistake in one does not hide those in the others.</summary>
    public static Outcome<IReadOnlyList<ImportedCampaign>> Read(string json, ShopSettings settings)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, settings);
        }
        catch (JsonException broken)
        {
            return Failure.Invalid("$", ApiProblems.Explain(broken).Sentence) with { Code = "not-json" };
        }
    }

    public static Outcome<IReadOnlyList<ImportedCampaign>> Read(JsonElement root, ShopSettings settings)
    {
        var list = root;
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (!root.TryGetProperty("campaigns", out list))
                return Outcome<IReadOnlyList<ImportedCampaign>>.Of([One(root, 0, settings)]);
            if (root.EnumerateObject().Where(f => f.Name != "campaigns").Select(f => UnknownFields.Error("", f.Name, ["campaigns"])).ToList() is { Count: > 0 } others)
                return Failure.Invalid(others.ToDictionary(e => e.Path, e => new[] { e.Message })) with { Code = "no-campaigns" };
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > CampaignImportService.MostCampaigns)
            return Failure.Invalid("campaigns", "Send 1 to 500 campaigns as {\"campaigns\": [...]}.") with { Code = "no-campaigns" };
        return Outcome<IReadOnlyList<ImportedCampaign>>.Of([.. list.EnumerateArray().Select((element, index) => One(element, index, settings))]);
    }

    private static ImportedCampaign One(JsonElement element, int index, ShopSettings settings)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return Wrong(index, "", "A campaign is an object.");
        Guid? id = null;
        if (element.TryGetProperty("id", out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.String || !given.TryGetGuid(out var known))
                return Wrong(index, "id", "An id is wanted here, as the export wrote it, or none.");
            id = known;
        }

        try
        {
            var input = element.Deserialize<CampaignInput>(Reading)!;
            var unknown = UnknownFields.Find(element, typeof(CampaignInput), Reading).GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray());
            return input.ToDraft(settings) is { } draft ? new ImportedCampaign(index, id, draft, unknown) : Wrong(index, "offer", "A campaign needs an offer.", id);
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            var (path, sentence) = ApiProblems.Explain(wrong);
            return Wrong(index, path, sentence, id);
        }
    }

    private static ImportedCampaign Wrong(int index, string path, string sentence, Guid? id = null) => new(index, id, null, new Dictionary<string, string[]> { [path] = [sentence] });
}
