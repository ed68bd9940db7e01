using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>The API's document, and what speaks against it in a call or an answer.</summary>
internal sealed class ADocument(JsonElement root)
{
    private JsonElement Paths => root.GetProperty("paths");

    public IEnumerable<(string Method, string Path, JsonElement Operation)> Operations =>
        from path in Paths.EnumerateObject() from method in path.Value.EnumerateObject() select (method.Name, path.Name, method.Value);

    public static async Task<ADocument> OfAsync(HttpClient client, CancellationToken stop) =>
        new(JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json", stop)).RootElement);

    /// <summary>The operation that an address is for: fixed parts before parameters.</summary>
    public (string Id, JsonElement Operation) Find(HttpRequestMessage request)
    {
        var parts = request.RequestUri!.AbsolutePath.Split('/');
        var path = Paths.EnumerateObject().Where(p => Matches(p.Name.Split('/'), parts)).MinBy(p => p.Name.Count(c => c == '{'));
        Assert.True(path.Value.ValueKind == JsonValueKind.Object, $"The document has no {request.RequestUri.AbsolutePath}");
        var operation = path.Value.GetProperty(request.Method.Method.ToLowerInvariant());
        return (operation.GetProperty("operationId").GetString()!, operation);
    }

    /// <summary>What the body of a call has that the document does not know, or the other way round.</summary>
    public IEnumerable<string> WrongWithCall(JsonElement operation, HttpContentHeaders headers, string body)
    {
        var content = operation.GetProperty("requestBody").GetProperty("content");
        return WrongWith(content, headers, body);
    }

    public async Task<IReadOnlyList<string>> WrongWithAsync(JsonElement operation, HttpResponseMessage answer)
    {
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!operation.GetProperty("responses").TryGetProperty(status, out var response))
            return [$"The status {status} is not listed: {await answer.Content.ReadAsStringAsync()}"];
        var body = await answer.Content.ReadAsStringAsync();
        if (!response.TryGetProperty("content", out var content))
            return body == "" ? [] : [$"An answer to {status} is not listed: {body}"];
        return [.. WrongWith(content, answer.Content.Headers, body)];
    }

    private IEnumerable<string> WrongWith(JsonElement content, HttpContentHeaders headers, string body)
    {
        var type = headers.ContentType?.MediaType ?? "none";
        if (!content.TryGetProperty(type, out var media))
            return [$"The content type {type} is not listed: {body}"];
        return type.EndsWith("json", StringComparison.Ordinal)
            ? Wrong(media.GetProperty("schema"), JsonDocument.Parse(body).RootElement, "$")
            : [];
    }

    private static bool Matches(string[] template, string[] parts) =>
        template.Length == parts.Length && template.Zip(parts).All(p => p.First.StartsWith('{') || p.First == p.Second);

    private IEnumerable<string> Wrong(JsonElement schema, JsonElement value, string path)
    {
        schema = Resolved(schema);
        foreach (var all in Each(schema, "allOf"))
        {
            foreach (var wrong in Wrong(all, value, path))
                yield return wrong;
        }

        JsonElement[] choices = [.. Each(schema, "anyOf"), .. Each(schema, "oneOf")];
        if (choices.Length > 0)
        {
            var best = choices.Select(c => Wrong(c, value, path).ToList()).MinBy(w => w.Count)!;
            foreach (var wrong in best)
                yield return wrong;
            yield break;
        }

        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)))
            yield return $"{path}: {value.GetRawText()} is none of {values.GetRawText()}";
        if (!schema.TryGetProperty("type", out var type))
        {
            // Only what may be anything has no type; a description is not one.
            if (schema.EnumerateObject().Any(p => p.Name is "properties" or "items" or "enum" or "format"))
                yield return $"{path}: the schema has no type: {schema.GetRawText()}";
            yield break;
        }

        if (!Types(type).Any(t => Is(t, value)))
        {
            yield return $"{path}: {value.GetRawText()} is not of {type.GetRawText()}";
            yield break;
        }

        var isText = value.ValueKind == JsonValueKind.String;
        if (isText && schema.TryGetProperty("format", out var format) && !IsWritten(format.GetString()!, value))
            yield return $"{path}: {value.GetRawText()} is not a {format.GetString()}";
        foreach (var wrong in value.ValueKind switch
        {
            JsonValueKind.Object => WrongFields(schema, value, path),
            JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Wrong(schema.GetProperty("items"), item, $"{path}[{i}]")),
            _ => [],
        })
        {
            yield return wrong;
        }
    }

    private IEnumerable<string> WrongFields(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(r => r.GetString()!).Where(r => !value.TryGetProperty(r, out _)))
                yield return $"{path}.{name} is missing";
        }

        var known = schema.TryGetProperty("properties", out var properties);
        foreach (var field in value.EnumerateObject())
        {
            if (known && properties.TryGetProperty(field.Name, out var one))
            {
                foreach (var wrong in Wrong(one, field.Value, $"{path}.{field.Name}"))
                    yield return wrong;
            }
            else if (!schema.TryGetProperty("additionalProperties", out var rest))
            {
                // Without any fields of its own an object may have all.
                if (known)
                    yield return $"{path}.{field.Name} is not in the document";
            }
            else if (rest.ValueKind == JsonValueKind.Object)
            {
                foreach (var wrong in Wrong(rest, field.Value, $"{path}.{field.Name}"))
                    yield return wrong;
            }
        }
    }

    private JsonElement Resolved(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var reference))
            schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        return schema;
    }

    private static IEnumerable<JsonElement> Each(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };

    private static bool IsWritten(string format, JsonElement value) => format switch
    {
        "uuid" => value.TryGetGuid(out _),
        "date-time" => value.TryGetDateTimeOffset(out _),
        "date" => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "time" => TimeOnly.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _),
        _ => true,
    };
}

/// <summary>Holds every call and its answer against the document, and notes which routes have done their work.</summary>
internal sealed class HeldAgainstDocument(ADocument document) : DelegatingHandler
{
    public HashSet<string> Answered { get; } = [];

    public List<string> Disagreements { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (id, operation) = document.Find(request);
        if (request.Content is { } content && content.Headers.ContentType?.MediaType == "application/json")
        {
            var sent = await content.ReadAsStringAsync(cancellationToken);
            Disagreements.AddRange(document.WrongWithCall(operation, content.Headers, sent).Select(w => $"{id} was sent {w}"));
        }

        var answer = await base.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        Disagreements.AddRange((await document.WrongWithAsync(operation, answer)).Select(w => $"{id} answered {w}"));
        if (answer.IsSuccessStatusCode)
            Answered.Add(id);
        return answer;
    }
}
