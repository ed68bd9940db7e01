using System.Text.Json;

namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>What is wrong with a predicate, and where.</summary>
/// <param name="Path">JSON path.</param>
/// <param name="Message">A sentence.</param>
public sealed record PredicateError(string Path, string Message);

/// <summary>Reads and writes predicates. Strict: what it does not know is refused with its path, and nothing is guessed.</summary>
public static class PredicateJson
{
    /// <summary>Groups within groups.</summary>
    public const int MostDepth = 8;

    /// <summary>Conditions in all.</summary>
    public const int MostConditions = 60;

    /// <summary>Words of one condition.</summary>
    public const int MostWords = 50;

    /// <summary>Characters of a word.</summary>
    public const int LongestWord = 200;

    /// <summary>Days of a window.</summary>
    public const int MostDays = 3650;

    /// <summary>A predicate from its JSON; null when something is wrong with it.</summary>
    /// <param name="json">What was sent.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="errors">What is wrong.</param>
    public static Predicate? Read(JsonElement json, string path, out IReadOnlyList<PredicateError> errors)
    {
        var reading = new PredicateReading();
        var read = reading.Predicate(json, path, 1);
        errors = reading.Errors;
        return errors.Count == 0 ? read : null;
    }

    /// <summary>A predicate that was written here.</summary>
    /// <exception cref="FormatException">It was not.</exception>
    public static Predicate Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, "predicate", out var errors) ?? throw new FormatException($"{errors[0].Path}: {errors[0].Message}");
    }

    /// <summary>One line of JSON, the same for the same predicate.</summary>
    public static string Write(Predicate predicate)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, predicate);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Predicate predicate)
    {
        json.WriteStartObject();
        switch (predicate)
        {
            case Every every:
                Group(json, "and", every.Of);
                break;
            case Some some:
                Group(json, "or", some.Of);
                break;
            case Not not:
                json.WritePropertyName("not");
                Write(json, not.Of);
                break;
            case WordIn word:
                json.WriteString("attribute", PredicateNames<WordAttribute>.Of(word.Attribute));
                json.WriteStartArray("in");
                foreach (var value in word.Values)
                    json.WriteStringValue(value);
                json.WriteEndArray();
                break;
            case FlagIs flag:
                json.WriteString("attribute", PredicateNames<FlagAttribute>.Of(flag.Attribute));
                json.WriteBoolean("is", flag.Value);
                break;
            case DaysSince since:
                json.WriteString("since", PredicateNames<SinceWhat>.Of(since.What));
                Limits(json, since.Days);
                break;
            case Did did:
                json.WriteString("did", PredicateNames<Doing>.Of(did.What));
                if (did.Of is { } goods)
                {
                    json.WriteStartObject("of");
                    json.WriteString(PredicateNames<GoodsKind>.Of(goods.Kind), goods.Key);
                    json.WriteEndObject();
                }

                if (did.Days is { } days)
                    json.WriteNumber("days", days);
                Limits(json, did.Times);
                break;
            case RfmIs rfm:
                json.WriteString("rfm", PredicateNames<RfmPart>.Of(rfm.Part));
                Limits(json, rfm.Score);
                break;
            case InSegment segment:
                json.WriteString("segment", segment.Key);
                break;
            case ScoreIs score:
                json.WriteString("score", PredicateNames<Prediction>.Of(score.Of));
                Limits(json, score.Value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(predicate));
        }

        json.WriteEndObject();
    }

    private static void Group(Utf8JsonWriter json, string name, IReadOnlyList<Predicate> parts)
    {
        json.WriteStartArray(name);
        foreach (var part in parts)
            Write(json, part);
        json.WriteEndArray();
    }

    private static void Limits(Utf8JsonWriter json, Bounds bounds)
    {
        if (bounds.AtLeast is { } low)
            json.WriteNumber("atLeast", low);
        if (bounds.AtMost is { } high)
            json.WriteNumber("atMost", high);
    }
}
