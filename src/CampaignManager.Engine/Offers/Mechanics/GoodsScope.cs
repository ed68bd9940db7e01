using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>Goods inside a mechanic (what to buy, what to get, one slot of a bundle): within the campaign's own scope, exclude wins.</summary>
/// <remarks>Read as <c>{"include": {...}, "exclude": {...}}</c>, or short as the selector itself, <c>{"categories": [...]}</c>.</remarks>
[JsonConverter(typeof(GoodsScopeJson))]
[WrittenAs(typeof(GoodsScopeShape))]
public sealed record GoodsScope
{
    /// <summary>What is in; null means all that the campaign's scope covers.</summary>
    public ScopeSelector? Include { get; init; }

    /// <summary>What is out in any case.</summary>
    public ScopeSelector? Exclude { get; init; }

    /// <summary>True when nothing is narrowed.</summary>
    [JsonIgnore]
    public bool IsEverything => (Include is null || Include.All || Include.IsEmpty) && (Exclude is null || Exclude.IsEmpty);
}

/// <summary>Reads both shapes, writes the long one.</summary>
internal sealed class GoodsScopeJson : JsonConverter<GoodsScope>
{
    public override GoodsScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var shape = JsonSerializer.Deserialize<GoodsScopeShape>(ref reader, options) ?? throw new JsonException();
        // A list that is there but empty names nothing, which is not the same as no list.
        var selects = shape.All || (shape.Categories ?? shape.Brands ?? shape.Skus ?? shape.Tags) is not null;
        var include = shape.Include ?? (!selects ? null : new ScopeSelector
        {
            All = shape.All,
            Categories = shape.Categories ?? [],
            Brands = shape.Brands ?? [],
            Skus = shape.Skus ?? [],
            Tags = shape.Tags ?? [],
        });
        return new GoodsScope { Include = include, Exclude = shape.Exclude };
    }

    public override void Write(Utf8JsonWriter writer, GoodsScope value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("include");
        JsonSerializer.Serialize(writer, value.Include, options);
        writer.WritePropertyName("exclude");
        JsonSerializer.Serialize(writer, value.Exclude, options);
        writer.WriteEndObject();
    }
}

/// <summary>Both shapes of a <see cref="GoodsScope"/> in one.</summary>
internal sealed record GoodsScopeShape
{
    public ScopeSelector? Include { get; init; }

    public ScopeSelector? Exclude { get; init; }

    public bool All { get; init; }

    public IReadOnlyList<string>? Categories { get; init; }

    public IReadOnlyList<string>? Brands { get; init; }

    public IReadOnlyList<string>? Skus { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }
}
