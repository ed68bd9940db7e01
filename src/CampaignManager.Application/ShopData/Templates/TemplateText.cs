using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CampaignManager.Application.ShopData.Templates;

/// <summary>Writes a template as <see cref="TemplateJson"/> reads it.</summary>
internal static class TemplateText
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static string Of(Template template)
    {
        var json = new JsonObject
        {
            ["name"] = template.Name,
            ["source"] = template.Source,
            ["version"] = template.Version,
            ["kind"] = template.Kind
        };
        if (template.Recognise.Header.Count + template.Recognise.Not.Count > 0)
            json["recognise"] = Members(("header", Texts(template.Recognise.Header)), ("not", Texts(template.Recognise.Not)));
        json["file"] = Members(
            ("encoding", template.File.Encoding ?? "auto"), ("delimiter", template.File.Delimiter?.ToString() ?? "auto"),
            ("repeatedHeader", template.File.SkipRepeatedHeader ? "skip" : "reject"), ("columns", Texts(template.File.Columns)));
        json["shape"] = Shape(template.Shape);
        Add(json, "zone", template.Zone);
        Add(json, "currency", template.Currency);
        foreach (var (name, block) in template.Blocks.Where(b => b.Key != "refund"))
        {
            var written = Block(block);
            if (name == "order")
            {
                written["taxIncluded"] = template.TaxIncluded switch { Means.Line => "yes", Means.Unit => "no", _ => "reconcile" };
                if (template.Blocks.TryGetValue("refund", out var refund))
                    written["refund"] = Block(refund);
            }

            json[name] = written;
        }

        Add(json, "drop", Texts(template.Drop));
        if (template.Keep.Count > 0)
            json["keep"] = Members([.. template.Keep.Select(k => (k.Key, Field(k.Value)))]);
        Add(json, "sums", Texts(template.Sums));
        if (template.Counts.Count + template.FigureNames.Count > 0)
        {
            json["figures"] = Members(
                ("count", template.Counts.Count == 0 ? null : Members([.. template.Counts.Select(c => (c.Key, (JsonNode?)c.Value.Text))])),
                ("names", template.FigureNames.Count == 0 ? null : Members([.. template.FigureNames.Select(n => (n.Key, (JsonNode?)n.Value))])));
        }

        Add(json, "reconcile", template.Reconcile);
        return json.ToJsonString(Written);
    }

    private static JsonObject Shape(TemplateShape shape) => Members(
        ("type", TemplateShapeJson.Types.Single(t => t.Is == shape.Type).Word), ("start", Texts(shape.Start)),
            ("carry", Texts(shape.Carry)), ("path", Texts(shape.Paths)), ("unfold", shape.Unfold),
        ("items", Items(shape.Items)),
        ("files", shape.Files.Count == 0 ? null : new JsonArray([.. shape.Files.Select(f => Members(
            ("name", f.Name), ("header", Texts(f.Header)), ("key", f.Key), ("of", f.Of), ("optional", f.Optional ? true : null)))])));

    private static JsonObject? Items(PackedItems? items) => items is null ? null : Members(
        ("columns", Texts(items.Columns)), ("between", items.Between), ("keys", Texts(items.Keys)), ("quantity", items.Quantity));

    private static JsonObject Block(TemplateBlock block)
    {
        var json = Members([.. block.Fields.Select(f => (f.Key, Field(f.Value)))]);
        Add(json, "when", block.When?.Text);
        Add(json, "items", Items(block.Items));
        Add(json, "oneRowAPiece", block.OneRowAPiece ? true : null);
        return json;
    }

    private static JsonNode? Field(TemplateField field)
    {
        var json = Members(
            ("column", Texts(field.Columns)), ("value", field.Value), ("formats", Texts(field.Formats)), ("zone", field.Zone),
            ("treat", field.Treat == Treatment.Pseudonym ? "pseudonym" : null), ("as", field.As),
            ("means", field.Means switch { Means.Unit => "unit", Means.Line => "line", Means.Reconcile => "reconcile", _ => null }),
            ("includesLineDiscounts", field.IncludesLineDiscounts ? true : null), ("afterDiscount", field.AfterDiscount ? true : null),
            ("percent", field.Percent ? true : null), ("sum", field.Sum ? true : null),
            ("less", Texts(field.Less)), ("inside", field.Inside),
                ("nothing", Texts(field.Nothing)),
            ("values", field.Values.Count == 0 ? null : Members([.. field.Values.Select(v => (v.Key, (JsonNode?)v.Value))])),
            ("rules", field.Rules.Count == 0 ? null
                : new JsonArray([.. field.Rules.Select(r => Members(("if", r.If.Text), ("is", r.Is)))])),
            ("else", field.Else));
        return json.Count == 1 && json["column"] is { } column ? column.DeepClone() : json;
    }

    private static JsonNode? Texts(IReadOnlyList<string> texts) => texts switch
    {
        [] => null,
        [var one] => one,
        _ => new JsonArray([.. texts.Select(t => (JsonNode?)t)]),
    };

    private static JsonObject Members(params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject();
        foreach (var (name, value) in members)
            Add(json, name, value);
        return json;
    }

    private static void Add(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
            json[name] = value;
    }
}
