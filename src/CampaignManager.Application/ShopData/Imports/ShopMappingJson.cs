using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>Reads a mapping as it is kept or sent: what a person chose, and a template as <c>own</c> or spread out beside it.</summary>
internal static class ShopMappingJson
{
    private const string Half = "A text in it has half of a character (a lone surrogate such as \\ud800).";

    private static readonly string[] Options =
        [ImportOption.Template, ImportOption.Zone, ImportOption.Currency, ImportOption.Encoding, ImportOption.Source, "answers", "own"];

    public static Outcome<ImportMapping> Parse(string kind, string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) is JsonObject root
                ? Read(kind, root)
                : Failure.Invalid("mapping", "The mapping is a JSON object.");
        }
        catch (JsonException broken)
        {
            return Failure.Invalid("mapping", $"This is not JSON: {broken.Message}");
        }
        catch (ArgumentException)
        {
            return Failure.Invalid("mapping", "A field stands in it twice.");
        }
        catch (InvalidOperationException)
        {
            return Failure.Invalid("mapping", Half);
        }
    }

    private static Outcome<ImportMapping> Read(string kind, JsonObject root)
    {
        var errors = new Dictionary<string, string[]>();
        var (template, source) = (Text(ImportOption.Template), Text(ImportOption.Source));
        var zone = Text(ImportOption.Zone);
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            errors[ImportOption.Zone] = [$"'{zone}' is no time zone. Name it as Europe/London."];
        var currency = Text(ImportOption.Currency)?.ToUpperInvariant();
        if (currency is not null && !Engine.Money.Currency.TryGet(currency, out _))
            errors[ImportOption.Currency] = [$"'{currency}' is no ISO 4217 currency."];
        var encoding = Text(ImportOption.Encoding) is { } named and not "auto" ? named : null;
        if (encoding is not null && !CsvEncoding.Names.Contains(encoding))
            errors[ImportOption.Encoding] = [$"The encoding '{encoding}' is not known. Known are {string.Join(", ", CsvEncoding.Names)}."];
        var own = Own(kind, root);
        if (own is not null && TemplateJson.Parse(own) is { Succeeded: false } wrong)
        {
            foreach (var (field, sentences) in wrong.Failure.Errors ?? new Dictionary<string, string[]>())
                errors[$"mapping.{field}"] = sentences;
        }

        if (errors.Count > 0)
            return Failure.Invalid(errors);
        return new ShopMapping
        {
            Template = template,
            Own = own,
            Zone = zone,
            Currency = currency,
            Encoding = encoding,
            Source = source,
            Answers = Answers(),
        };

        string? Text(string name)
        {
            if (root[name] is not { } node)
                return null;
            if (node is JsonValue value && value.TryGetValue<string>(out var text))
                return OneLine.Of(text).Trim() is { Length: > 0 } said ? said : null;
            errors[name] = ["This is a text."];
            return null;
        }

        Dictionary<string, string> Answers()
        {
            if (root["answers"] is not JsonObject said)
                return [];
            return said.Where(a => a.Value is JsonValue v && v.TryGetValue<string>(out _)).ToDictionary(a => a.Key, a => a.Value!.GetValue<string>());
        }
    }

    /// <summary>The template in it, named and of the import's kind; null where there is none.</summary>
    private static string? Own(string kind, JsonObject root)
    {
        var own = root["own"] as JsonObject;
        // Zone and currency are words of a template, too: beside its other words they are the person's choice.
        if (own is null && root.Any(f => !Options.Contains(f.Key)))
            own = new JsonObject(root.Where(f => !Options.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        if (own is null)
            return null;
        own = (JsonObject)own.DeepClone();
        own["kind"] ??= kind;
        own["name"] ??= "Own columns";
        own["source"] ??= root[ImportOption.Source]?.DeepClone() ?? "own";
        return own.ToJsonString(JsonSerializerOptions.Web);
    }
}
