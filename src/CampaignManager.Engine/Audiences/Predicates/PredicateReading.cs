using System.Globalization;
using System.Text.Json;

namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>One reading of a predicate: what it finds wrong it notes, by path, and reads on.</summary>
internal sealed class PredicateReading
{
    private const int MostErrors = 20;
    private const decimal MostFigure = 1_000_000_000_000m;

    private static readonly string[] Kinds = ["and", "or", "not", "attribute", "since", "did", "rfm", "segment", "score"];

    // A predicate that is wrong is not used: this only keeps the place.
    private static readonly Predicate Nothing = new InSegment("");

    private readonly List<PredicateError> errors = [];
    private int conditions;

    public IReadOnlyList<PredicateError> Errors => errors;

    public Predicate Predicate(JsonElement json, string path, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Wrong(path, "A condition or a group is wanted here, as an object.");
        if (depth > PredicateJson.MostDepth)
            return Wrong(path, $"Groups may lie {PredicateJson.MostDepth} deep, not deeper.");
        var fields = Fields(json, path);
        var kinds = Kinds.Where(fields.ContainsKey).ToList();
        if (kinds.Count != 1)
        {
            return Wrong(path, kinds.Count == 0
                ? $"This says nothing. It needs one of: {string.Join(", ", Kinds)}."
                : $"This says {string.Join(" and ", kinds)} at once: one of them, or a group with both.");
        }

        var kind = kinds[0];
        if (kind is not ("and" or "or" or "not") && ++conditions == PredicateJson.MostConditions + 1)
            Wrong(path, $"At most {PredicateJson.MostConditions} conditions.");
        return kind switch
        {
            "and" => new Every(Group(fields, kind, path, depth)),
            "or" => new Some(Group(fields, kind, path, depth)),
            "not" => Only(fields, path, kind) ? new Not(Predicate(fields[kind], $"{path}.not", depth + 1)) : Nothing,
            "attribute" => Attribute(fields, path),
            "since" => Only(fields, path, kind, "atLeast", "atMost") && Named<SinceWhat>(fields, kind, path, out var what)
                ? new DaysSince(what, Bounds(fields, path, 0, PredicateJson.MostDays, 3)) : Nothing,
            "did" => Doing(fields, path),
            "rfm" => Only(fields, path, kind, "atLeast", "atMost") && Named<RfmPart>(fields, kind, path, out var part)
                ? new RfmIs(part, Bounds(fields, path, 1, Rfm.Fifths, 0)) : Nothing,
            "segment" => Only(fields, path, kind) && Text(fields[kind], $"{path}.segment") is { } key ? Segment(key, path) : Nothing,
            _ => Only(fields, path, kind, "atLeast", "atMost") && Named<Prediction>(fields, kind, path, out var of)
                ? new ScoreIs(of, Bounds(fields, path, -1, 1, 6)) : Nothing,
        };
    }

    private Dictionary<string, JsonElement> Fields(JsonElement json, string path)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            if (!fields.TryAdd(field.Name, field.Value))
                Wrong($"{path}.{field.Name}", "This field stands here twice.");
        }

        return fields;
    }

    private List<Predicate> Group(Dictionary<string, JsonElement> fields, string kind, string path, int depth)
    {
        List<Predicate> parts = [];
        if (!Only(fields, path, kind))
            return parts;
        var list = fields[kind];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            Wrong($"{path}.{kind}", "A group needs at least one condition.");
            return parts;
        }

        foreach (var (i, part) in list.EnumerateArray().Index())
        {
            // What is too much is told once.
            if (errors.Count >= MostErrors || conditions > PredicateJson.MostConditions)
                break;
            parts.Add(Predicate(part, string.Create(CultureInfo.InvariantCulture, $"{path}.{kind}[{i}]"), depth + 1));
        }

        return parts;
    }

    private Predicate Attribute(Dictionary<string, JsonElement> fields, string path)
    {
        var name = fields["attribute"].ValueKind == JsonValueKind.String ? fields["attribute"].GetString() : null;
        if (PredicateNames<FlagAttribute>.TryGet(name, out var flag))
        {
            if (!Only(fields, path, "attribute", "is"))
                return Nothing;
            return fields.TryGetValue("is", out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new FlagIs(flag, value.GetBoolean()) : Wrong($"{path}.is", "true or false is wanted here.");
        }

        if (!PredicateNames<WordAttribute>.TryGet(name, out var word))
            return Unknown($"{path}.attribute", [.. PredicateNames<WordAttribute>.All, .. PredicateNames<FlagAttribute>.All]);
        if (!Only(fields, path, "attribute", "in"))
            return Nothing;
        if (!fields.TryGetValue("in", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            return Wrong($"{path}.in", "Name at least one value.");
        if (list.GetArrayLength() > PredicateJson.MostWords)
            return Wrong($"{path}.in", $"At most {PredicateJson.MostWords} values.");
        List<string> words = [];
        foreach (var (i, entry) in list.EnumerateArray().Index())
        {
            if (Text(entry, string.Create(CultureInfo.InvariantCulture, $"{path}.in[{i}]")) is { } text && !words.Contains(text))
                words.Add(text);
        }

        return new WordIn(word, words);
    }

    private Predicate Doing(Dictionary<string, JsonElement> fields, string path)
    {
        if (!Only(fields, path, "did", "of", "days", "atLeast", "atMost") || !Named<Doing>(fields, "did", path, out var what))
            return Nothing;
        Goods? goods = null;
        if (fields.TryGetValue("of", out var of) && of.ValueKind != JsonValueKind.Null)
        {
            if (of.ValueKind != JsonValueKind.Object || of.EnumerateObject().Count() != 1 || !PredicateNames<GoodsKind>.TryGet(of.EnumerateObject().First().Name, out var kind))
                return Wrong($"{path}.of", $"One of {string.Join(", ", PredicateNames<GoodsKind>.All)} is wanted here, with its key.");
            var named = of.EnumerateObject().First();
            if (Text(named.Value, $"{path}.of.{named.Name}") is { } key)
                goods = new Goods(kind, key);
        }

        int? days = null;
        if (fields.TryGetValue("days", out var window) && window.ValueKind != JsonValueKind.Null)
        {
            if (window.ValueKind != JsonValueKind.Number || !window.TryGetInt32(out var count) || count is < 1 or > PredicateJson.MostDays)
                return Wrong($"{path}.days", $"A whole number of days from 1 to {PredicateJson.MostDays}; leave it out for ever.");
            days = count;
        }

        return new Did(what, goods, days, Bounds(fields, path, 0, MostFigure, what == Predicates.Doing.Spend ? 3 : 0));
    }

    private Predicate Segment(string key, string path) =>
        key.StartsWith(SegmentKeys.OwnPrefix, StringComparison.Ordinal)
            ? Wrong($"{path}.segment", "An audience cannot be made of saved audiences: repeat their conditions.")
            : new InSegment(key);

    private Bounds Bounds(Dictionary<string, JsonElement> fields, string path, decimal least, decimal most, int digits)
    {
        var bounds = new Bounds(Figure(fields, "atLeast", path, least, most, digits), Figure(fields, "atMost", path, least, most, digits));
        if (bounds is { AtLeast: null, AtMost: null } && errors.All(e => !e.Path.StartsWith(path + ".", StringComparison.Ordinal)))
            Wrong(path, "It needs atLeast, atMost or both.");
        if (bounds.AtLeast > bounds.AtMost)
            Wrong($"{path}.atMost", "atMost is smaller than atLeast: nobody could be meant.");
        return bounds;
    }

    private decimal? Figure(Dictionary<string, JsonElement> fields, string name, string path, decimal least, decimal most, int digits)
    {
        if (!fields.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var figure) && figure >= least && figure <= most && decimal.Round(figure, digits) == figure)
            return figure / 1.0000000000000000000000000000m;
        Wrong($"{path}.{name}", string.Create(CultureInfo.InvariantCulture, $"A number from {least} to {most} with at most {digits} digits after the point is wanted here."));
        return null;
    }

    private bool Named<T>(Dictionary<string, JsonElement> fields, string name, string path, out T value)
        where T : struct, Enum
    {
        if (PredicateNames<T>.TryGet(fields[name].ValueKind == JsonValueKind.String ? fields[name].GetString() : null, out value))
            return true;
        Unknown($"{path}.{name}", PredicateNames<T>.All);
        return false;
    }

    private string? Text(JsonElement json, string path)
    {
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()!.Trim() : "";
        if (text.Length is > 0 and <= PredicateJson.LongestWord && !text.Any(char.IsControl))
            return text;
        Wrong(path, $"A text of 1 to {PredicateJson.LongestWord} characters is wanted here.");
        return null;
    }

    private bool Only(Dictionary<string, JsonElement> fields, string path, params ReadOnlySpan<string> known)
    {
        var before = errors.Count;
        foreach (var name in fields.Keys)
        {
            if (!known.Contains(name))
                Wrong($"{path}.{name}", $"There is no field '{name}' here. Known: {string.Join(", ", known.ToArray())}.");
        }

        return errors.Count == before;
    }

    private Predicate Unknown(string path, IReadOnlyList<string> known) => Wrong(path, $"The value must be one of: {string.Join(", ", known)}.");

    private Predicate Wrong(string path, string message)
    {
        if (errors.Count < MostErrors)
            errors.Add(new PredicateError(path, message));
        return Nothing;
    }
}
