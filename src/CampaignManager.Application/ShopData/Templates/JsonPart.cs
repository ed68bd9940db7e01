using System.Text.Json;

namespace CampaignManager.Application.ShopData.Templates;

/// <summary>What is wrong with a template, by field.</summary>
internal sealed class TemplateErrors
{
    private readonly Dictionary<string, List<string>> byField = [];

    public bool Any => byField.Count > 0;

    public void Add(string field, string sentence)
    {
        if (!byField.TryGetValue(field, out var sentences))
            byField[field] = sentences = [];
        if (!sentences.Contains(sentence))
            sentences.Add(sentence);
    }

    public Dictionary<string, string[]> ByField() => byField.ToDictionary(e => e.Key, e => e.Value.ToArray());
}

/// <summary>An object within a template's JSON, with the path that complaints name. One that is not there is empty.</summary>
internal sealed class JsonPart(JsonElement element, string path, TemplateErrors errors)
{
    private readonly bool isObject = Object(element, path, errors);

    public IEnumerable<string> Members() => isObject ? element.EnumerateObject().Select(m => m.Name).Distinct(StringComparer.Ordinal) : [];

    public bool Has(string name) => isObject && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public void OnlyKnown(params IEnumerable<string> names)
    {
        foreach (var unknown in Members().Where(m => !names.Contains(m)))
            Complain(unknown, $"'{unknown}' is not known here. Known are {string.Join(", ", names)}.");
    }

    public void Complain(string name, string sentence) => errors.Add(Path(name), sentence);

    public T Complain<T>(string name, string sentence, T instead)
    {
        Complain(name, sentence);
        return instead;
    }

    public JsonPart Part(string name) => new(isObject && element.TryGetProperty(name, out var value) ? value : default, Path(name), errors);

    public IEnumerable<JsonPart> Parts(string name)
    {
        if (!Has(name))
            return [];
        if (element.GetProperty(name) is { ValueKind: JsonValueKind.Array } list)
            return list.EnumerateArray().Select((e, i) => new JsonPart(e, Path($"{name}[{i}]"), errors));
        return Complain<JsonPart[]>(name, "Give a list of objects.", []);
    }

    public bool IsText(string name) => Has(name) && element.GetProperty(name).ValueKind == JsonValueKind.String;

    public bool IsList(string name) => Has(name) && element.GetProperty(name).ValueKind == JsonValueKind.Array;

    public string Text(string name, bool required = false)
    {
        if (IsText(name))
        {
            var text = element.GetProperty(name).GetString()!;
            return required && text.Trim().Length == 0 ? Complain(name, "It must not be empty.", "") : text;
        }

        return Has(name) ? Complain(name, "Give a text.", "") : required ? Complain(name, "It is missing.", "") : "";
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (IsText(name))
            return [Text(name)];
        if (!Has(name))
            return [];
        if (!IsList(name) || element.GetProperty(name).EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            return Complain<string[]>(name, "Give a text or a list of texts.", []);
        return [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
    }

    public bool YesNo(string name)
    {
        if (!Has(name))
            return false;
        return element.GetProperty(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Complain(name, "Give true or false.", false),
        };
    }

    public int Number(string name, int otherwise)
    {
        if (!Has(name))
            return otherwise;
        return element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) && value > 0
            ? value
            : Complain(name, "Give a whole number above 0.", otherwise);
    }

    public T Word<T>(string name, T otherwise, params (string Word, T Is)[] words)
    {
        var text = Text(name);
        if (text.Length == 0)
            return otherwise;
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }

        return Complain(name, $"'{text}' is not one of {string.Join(", ", words.Select(w => w.Word))}.", otherwise);
    }

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static bool Object(JsonElement element, string path, TemplateErrors errors)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return true;
        if (element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) || path.Length == 0)
            errors.Add(path.Length == 0 ? "template" : path, "Give a JSON object.");
        return false;
    }
}
