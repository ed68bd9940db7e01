using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CampaignManager.Application;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CampaignManager.Web.Hosting;

/// <summary>What the generator cannot see of our types: how converters write them, and which values a text may have.</summary>
internal static class ApiSchemas
{
    private const string Amount = "decimal";

    public static async Task DescribeAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var (type, property) = (context.JsonTypeInfo.Type, context.JsonPropertyInfo);
        var orNull = Nullable.GetUnderlyingType(type) is null ? (JsonSchemaType)0 : JsonSchemaType.Null;
        // Converters of our own write these, which the generator does not look into.
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal))
            (schema.Type, schema.Format) = (JsonSchemaType.Number | orNull, Amount);
        if (context.JsonTypeInfo.ElementType == typeof(decimal))
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = Amount };
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(LocalMoment))
            schema.Type = JsonSchemaType.String;
        if (type == typeof(GoodsScope))
            Goods(schema, await context.GetOrCreateSchemaAsync(typeof(ScopeSelector), null, cancellationToken));
        if (context.JsonTypeInfo.Properties.Any(p => p.IsExtensionData && p.Name != nameof(CartInput.Unknown)))
            schema.AdditionalProperties = new OpenApiSchema();
        // Where null will do beside them, the generator says so where they are used.
        if (schema.Enum is { Count: > 0 } values && schema.Type is null)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. values.Where(v => v is not null && !v.IsJsonNullSentinel())]);
        if (ClosedSets.NamesOf(type) is { } names)
            Allow(schema, JsonSchemaType.String, names);
        if (property?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), false) is [AllowedValuesAttribute known, ..])
        {
            var target = schema.Items as OpenApiSchema ?? schema;
            Allow(target, target.Type ?? JsonSchemaType.String, known.Values.Select(v => (string)v!));
        }

        var isObject = context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 };
        if (property is null && isObject && schema.Type is null)
            schema.Type = JsonSchemaType.Object;
    }

    /// <summary>A call may leave out what may be null; the generator takes each parameter of a record's constructor for needed.</summary>
    public static void FreeWhatMayBeLeftOut(OpenApiDocument document)
    {
        HashSet<string> seen = [];
        foreach (var (_, operation) in document.Paths.Values.SelectMany(p => p.Operations ?? []))
        {
            foreach (var (_, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
                Visit(document, media.Schema, seen, Free);
        }

        static void Free(OpenApiSchema schema)
        {
            var free = schema.Required?.Where(r => schema.Properties?.TryGetValue(r, out var one) == true && MayBeNull(one)).ToList();
            foreach (var name in free ?? [])
                schema.Required!.Remove(name);
        }
    }

    /// <summary>A model's figures are written by <see cref="FigureJson"/>, which has null for those that could not be computed.</summary>
    public static void SayWhichFiguresMayBeMissing(OpenApiDocument document)
    {
        Visit(document, new OpenApiSchemaReference(nameof(ModelDetail), document), [], schema =>
        {
            if (schema is { Type: JsonSchemaType.Number, Format: "double" or "float" })
                schema.Type |= JsonSchemaType.Null;
        });
    }

    /// <summary>A file is told of where it is sent: C# generators do not know it elsewhere.</summary>
    public static void NameFilesWhereTheyAreSent(OpenApiDocument document)
    {
        foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
        {
            foreach (var (name, one) in schema.Properties?.ToList() ?? [])
            {
                if (one is OpenApiSchemaReference { Reference.Id: nameof(IFormFile) })
                    schema.Properties![name] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
                // Several files are parts of one name.
                if (one is OpenApiSchemaReference { Reference.Id: nameof(IFormFileCollection) })
                    schema.Properties![name] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
            }
        }

        document.Components?.Schemas?.Remove(nameof(IFormFile));
        document.Components?.Schemas?.Remove(nameof(IFormFileCollection));
    }

    private static void Visit(OpenApiDocument document, IOpenApiSchema? schema, HashSet<string> seen, Action<OpenApiSchema> change)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
            schema = seen.Add(id) && document.Components?.Schemas?.TryGetValue(id, out var named) == true ? named : null;
        if (schema is not OpenApiSchema own)
            return;
        change(own);
        foreach (var inner in (own.Properties ?? new Dictionary<string, IOpenApiSchema>()).Values
            .Concat(own.OneOf ?? []).Concat(own.AnyOf ?? []).Append(own.Items).Append(own.AdditionalProperties))
        {
            Visit(document, inner, seen, change);
        }
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true;

    private static void Goods(OpenApiSchema schema, OpenApiSchema selector)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["include"] = new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, selector] },
            ["exclude"] = new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, selector] },
        };
    }

    private static void Allow(OpenApiSchema schema, JsonSchemaType type, IEnumerable<string> names)
    {
        (schema.Type, schema.Enum) = (type, [.. names.Select(n => (JsonNode)JsonValue.Create(n))]);
        if (type.HasFlag(JsonSchemaType.Null))
            schema.Enum.Add(JsonNullSentinel.JsonNull);
    }
}
