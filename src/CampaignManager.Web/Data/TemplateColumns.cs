using System.Text.Json;
using System.Text.Json.Nodes;

namespace CampaignManager.Web.Data;

/// <summary>What of a template a person mends by choosing columns; everything else it says stays as it is.</summary>
public sealed class TemplateColumns
{
    private readonly JsonObject root;

    private TemplateColumns(JsonObject root) => this.root = root;

    /// <summary>By kind, the targets that are asked for: block and name; the rest is for who edits the JSON.</summary>
    public static IReadOnlyList<(string Block, string Target)> TargetsOf(string kind) => kind switch
    {
        "orders" =>
        [
            ("order", "id"), ("order", "at"), ("order", "customer"), ("order", "currency"), ("order", "total"), ("order", "discount"), ("order", "shipping"), ("order", "tax"),
            ("order", "region"), ("order", "channel"), ("line", "sku"), ("line", "name"), ("line", "category"), ("line", "quantity"), ("line", "price"), ("line", "discount"),
        ],
        "customers" =>
        [
            ("customer", "id"), ("customer", "otherId"), ("customer", "joinedAt"), ("customer", "region"), ("customer", "country"), ("customer", "channel"),
            ("customer", "emailOptIn"), ("customer", "memberTier"), ("customer", "tags"),
        ],
        "products" =>
        [
            ("product", "sku"), ("product", "productId"), ("product", "nameEn"), ("product", "nameZh"), ("product", "category"), ("product", "brand"), ("product", "currency"),
            ("product", "price"), ("product", "unitCost"), ("product", "status"), ("product", "stockOnHand"),
        ],
        "events" =>
        [
            ("event", "id"), ("event", "type"), ("event", "at"), ("event", "customer"), ("event", "anonymous"), ("event", "sku"), ("event", "quantity"), ("event", "price"),
            ("event", "order"),
        ],
        "campaigns" => [("campaign", "id"), ("campaign", "name"), ("campaign", "offer"), ("campaign", "startsAt"), ("campaign", "endsAt"), ("campaign", "attributionDays")],
        "exposures" =>
        [
            ("exposure", "campaign"), ("exposure", "customer"), ("exposure", "arm"), ("exposure", "assignedAt"), ("exposure", "propensity"), ("exposure", "contactedAt"),
        ],
        _ => [],
    };

    /// <param name="json">A template; anything else starts an empty one.</param>
    public static TemplateColumns Of(string json)
    {
        try
        {
            return new TemplateColumns(JsonNode.Parse(json) as JsonObject ?? []);
        }
        catch (JsonException)
        {
            return new TemplateColumns([]);
        }
    }

    /// <summary>The column that a target is taken from; null where none is, or the template says more than a column.</summary>
    public string? this[string block, string target] => root[block]?[target] switch
    {
        JsonValue value when value.TryGetValue<string>(out var column) => column,
        JsonArray { Count: > 0 } columns => columns[0]?.GetValue<string>(),
        JsonObject field => field["column"] switch
        {
            JsonValue value when value.TryGetValue<string>(out var column) => column,
            JsonArray { Count: > 0 } columns => columns[0]?.GetValue<string>(),
            _ => null,
        },
        _ => null,
    };

    /// <summary>The template with another column for a target; null takes the target out.</summary>
    public string With(string block, string target, string? column)
    {
        var changed = (JsonObject)root.DeepClone();
        if (changed[block] is not JsonObject within)
            changed[block] = within = [];
        if (column is null)
            within.Remove(target);
        else if (within[target] is JsonObject field)
            field["column"] = column;
        else
            within[target] = column;
        return changed.ToJsonString(Written);
    }

    /// <summary>As a person reads it.</summary>
    public string Text => root.ToJsonString(Written);

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
