using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Imports;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Reads the mapping's JSON; every complaint carries the path it is about. Unknown words are complaints too: a typo must not pass as a default.</summary>
public static class MappingJson
{
    private static readonly string[] Known = ["name", "customerId", "treatment", "outcomes", "features", "categorical", "propensity", "randomised", "split", "decimal", "encoding"];

    public static Outcome<DataSetMapping> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            var errors = new MappingErrors();
            var mapping = Read(document.RootElement, errors);
            return errors.Any ? errors.ToFailure() : mapping;
        }
        catch (InvalidOperationException)
        {
            // What JSON may spell and no text can hold: "\ud800", half of a character.
            return Failure.Invalid("mapping", "A text in it has half of a character (a lone surrogate such as \\ud800).");
        }
        catch (JsonException exception)
        {
            return Failure.Invalid("mapping", $"This is not JSON: {exception.Message}");
        }
    }

    private static DataSetMapping Read(JsonElement root, MappingErrors errors)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add("mapping", "Give a JSON object.");
            return new DataSetMapping();
        }

        OnlyKnown(root, "mapping", Known, errors);
        return new DataSetMapping
        {
            Name = Text(root, "name", "mapping", errors),
            CustomerId = Text(root, "customerId", "mapping", errors),
            Treatment = Treatment(root, errors),
            Outcomes = Outcomes(root, errors),
            Features = Features(root, errors),
            Categorical = Texts(root, "categorical", "mapping", errors) ?? [],
            Propensity = Propensity(root, errors),
            Randomised = Randomised(root, errors),
            Split = Split(root, errors),
            Decimal = Mark(root, errors),
            Encoding = Named(root, errors),
        };
    }

    private static TreatmentMapping Treatment(JsonElement root, MappingErrors errors)
    {
        const string path = "mapping.treatment";
        if (!Object(root, "treatment", errors, out var treatment))
        {
            errors.Add(path, "Say which column holds the treatment: {\"column\": ..., \"control\": ..., \"arms\": [...]}.");
            return new TreatmentMapping("", "", []);
        }

        OnlyKnown(treatment, path, ["column", "control", "arms"], errors);
        return new TreatmentMapping(
            Required(treatment, "column", path, errors), Required(treatment, "control", path, errors), Texts(treatment, "arms", path, errors) ?? []);
    }

    private static List<OutcomeMapping> Outcomes(JsonElement root, MappingErrors errors)
    {
        var outcomes = new List<OutcomeMapping>();
        if (!root.TryGetProperty("outcomes", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            errors.Add("mapping.outcomes", "Give at least one outcome: [{\"column\": ..., \"kind\": \"binary\" or \"money\"}].");
            return outcomes;
        }

        foreach (var item in list.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"mapping.outcomes[{outcomes.Count}]");
            if (item.ValueKind != JsonValueKind.Object)
            {
                errors.Add(path, "Give an object with column and kind.");
                outcomes.Add(new OutcomeMapping("", ""));
                continue;
            }

            OnlyKnown(item, path, ["column", "kind", "currency", "yes"], errors);
            outcomes.Add(new OutcomeMapping(
                Required(item, "column", path, errors), Required(item, "kind", path, errors), Text(item, "currency", path, errors),
                Texts(item, "yes", path, errors)));
        }

        return outcomes;
    }

    private static IReadOnlyList<string>? Features(JsonElement root, MappingErrors errors)
    {
        if (!root.TryGetProperty("features", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Array)
            return Texts(root, "features", "mapping", errors);
        if (value.ValueKind != JsonValueKind.String || value.GetString() != "rest")
            errors.Add("mapping.features", "Give \"rest\" or a list of columns.");
        return null;
    }

    private static PropensityMapping? Propensity(JsonElement root, MappingErrors errors)
    {
        if (!root.TryGetProperty("propensity", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return new PropensityMapping(value.GetDouble(), null);
        if (value.ValueKind == JsonValueKind.String)
            return new PropensityMapping(null, value.GetString());
        errors.Add("mapping.propensity", "Give null, a number between 0 and 1, or a column.");
        return null;
    }

    private static bool Randomised(JsonElement root, MappingErrors errors)
    {
        if (!root.TryGetProperty("randomised", out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.True)
            return true;
        if (value.ValueKind != JsonValueKind.False)
            errors.Add("mapping.randomised", "Give true or false.");
        return false;
    }

    private static string? Named(JsonElement root, MappingErrors errors)
    {
        if (Text(root, "encoding", "mapping", errors) is not { } encoding)
            return null;
        if (CsvEncoding.Names.FirstOrDefault(n => n.Equals(encoding, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known;
        errors.Add("mapping.encoding", $"This encoding is not known here. Known: {string.Join(", ", CsvEncoding.Names)}.");
        return null;
    }

    private static DecimalMark? Mark(JsonElement root, MappingErrors errors)
    {
        if (Text(root, "decimal", "mapping", errors) is not { } mark)
            return null;
        if (mark is not ("." or ","))
            errors.Add("mapping.decimal", "Give \".\" or \",\", or leave it out.");
        return mark == "," ? DecimalMark.Comma : DecimalMark.Point;
    }

    private static SplitMapping? Split(JsonElement root, MappingErrors errors)
    {
        const string path = "mapping.split";
        if (!root.TryGetProperty("split", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (!Object(root, "split", errors, out var split))
            return null;
        OnlyKnown(split, path, ["column", "train", "test"], errors);
        return new SplitMapping(Required(split, "column", path, errors), Text(split, "train", path, errors) ?? "train", Text(split, "test", path, errors) ?? "test");
    }

    private static bool Object(JsonElement parent, string name, MappingErrors errors, out JsonElement value)
    {
        if (!parent.TryGetProperty(name, out value))
            return false;
        if (value.ValueKind == JsonValueKind.Object)
            return true;
        errors.Add("mapping." + name, "Give an object.");
        return false;
    }

    private static string Required(JsonElement parent, string name, string path, MappingErrors errors)
    {
        if (Text(parent, name, path, errors) is { Length: > 0 } text)
            return text;
        errors.Add($"{path}.{name}", "This is needed.");
        return "";
    }

    // Arms are often numbers in the file: 0 and "0" mean the same.
    private static string? Text(JsonElement parent, string name, string path, MappingErrors errors) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Text(value, $"{path}.{name}", errors) : null;

    private static string? Text(JsonElement value, string path, MappingErrors errors)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString()!.Trim();
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetRawText();
        errors.Add(path, "Give a text.");
        return null;
    }

    private static List<string>? Texts(JsonElement parent, string name, string path, MappingErrors errors)
    {
        if (!parent.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            return null;
        if (list.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"{path}.{name}", "Give a list.");
            return null;
        }

        return [.. list.EnumerateArray().Select((item, i) => Text(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{name}[{i}]"), errors) ?? "")];
    }

    private static void OnlyKnown(JsonElement value, string path, string[] known, MappingErrors errors)
    {
        foreach (var property in value.EnumerateObject().Where(p => !known.Contains(p.Name)))
            errors.Add($"{path}.{property.Name}", FieldNames.Sentence(property.Name, known));
    }
}

/// <summary>Sentences by JSON path.</summary>
internal sealed class MappingErrors
{
    private readonly Dictionary<string, List<string>> sentences = new(StringComparer.Ordinal);

    public bool Any => sentences.Count > 0;

    public void Add(string path, string sentence)
    {
        if (!sentences.TryGetValue(path, out var list))
            sentences[path] = list = [];
        if (!list.Contains(sentence))
            list.Add(sentence);
    }

    public Failure ToFailure() => Failure.Invalid(sentences.ToDictionary(p => p.Key, p => p.Value.ToArray()));
}
