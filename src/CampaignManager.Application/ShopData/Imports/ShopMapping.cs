using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>How a shop's files are read: by a template of that name, by one of its own, or recognised; and what a person chose and answered.</summary>
public sealed record ShopMapping : ImportMapping
{
    /// <summary>A saved template's name, or a built-in one's source or name; null recognises it by the header.</summary>
    public string? Template { get; init; }

    /// <summary>A template of this import alone, as JSON; it stands before <see cref="Template"/>.</summary>
    public string? Own { get; init; }

    /// <summary>IANA zone of times that do not say their own.</summary>
    public string? Zone { get; init; }

    /// <summary>Of amounts that do not say their own.</summary>
    public string? Currency { get; init; }

    /// <summary>The shop's system that the rows count as; null takes the template's.</summary>
    public string? Source { get; init; }

    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>();

    public override string ToJson()
    {
        var json = new JsonObject();
        Put(ImportOption.Template, Template);
        Put(ImportOption.Zone, Zone);
        Put(ImportOption.Currency, Currency);
        Put(ImportOption.Encoding, Encoding);
        Put(ImportOption.Source, Source);
        if (Answers.Count > 0)
            json["answers"] = new JsonObject(Answers.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value)));
        if (Own is not null)
            json["own"] = JsonNode.Parse(Own);
        return json.ToJsonString(JsonSerializerOptions.Web);

        void Put(string name, string? value)
        {
            if (value is not null)
                json[name] = value;
        }
    }
}
