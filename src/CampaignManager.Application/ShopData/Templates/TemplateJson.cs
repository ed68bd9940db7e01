using System.Text.Json;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Templates;

/// <summary>
/// Reads a template's JSON; every complaint carries the field it is about. Unknown words are complaints too: a typo must not pass as a
/// default.
/// </summary>
internal static class TemplateJson
{
    private static readonly string[] Top =
    [
        "name", "source", "version", "kind", "recognise", "file", "shape", "zone", "currency", "drop", "keep", "figures", "sums", "reconcile",
        .. TemplateTargets.ByBlock.Keys,
    ];

    public static Outcome<Template> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            var errors = new TemplateErrors();
            var template = Read(new JsonPart(document.RootElement, "", errors));
            return errors.Any ? Failure.Invalid(errors.ByField()) : template;
        }
        catch (InvalidOperationException)
        {
            // What JSON may spell and no text can hold: "\ud800", half of a character.
            return Failure.Invalid("template", "A text in it has half of a character (a lone surrogate such as \\ud800).");
        }
        catch (JsonException exception)
        {
            return Failure.Invalid("template", $"This is not JSON: {exception.Message}");
        }
    }

    private static Template Read(JsonPart root)
    {
        root.OnlyKnown(Top);
        var kind = root.Text("kind", required: true);
        if (kind.Length > 0 && !TemplateKinds.All.Contains(kind))
            root.Complain("kind", $"'{kind}' is no kind. Kinds are {string.Join(", ", TemplateKinds.All)}.");
        var currency = root.Text("currency");
        if (currency.Length > 0 && !Currency.TryGet(currency, out _))
            root.Complain("currency", $"'{currency}' is no ISO 4217 currency.");
        var zone = root.Text("zone");
        if (zone is not ("" or "home") && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            root.Complain("zone", $"'{zone}' is no time zone. Name it as Europe/London.");
        var blocks = TemplateTargets.ByBlock.Where(b => b.Key != "refund" && root.Has(b.Key))
            .ToDictionary(b => b.Key, b => TemplateBlockJson.Read(root.Part(b.Key), b.Key));
        if (root.Has("order") && root.Part("order") is var order && order.Has("refund"))
            blocks["refund"] = TemplateBlockJson.Read(order.Part("refund"), "refund");
        var template = new Template
        {
            Name = root.Text("name", required: true),
            Source = root.Text("source") is { Length: > 0 } source ? source : root.Text("name").ToLowerInvariant(),
            Version = root.Number("version", 1),
            Kind = kind,
            Recognise = Header(root.Part("recognise")),
            File = File(root.Part("file")),
            Shape = TemplateShapeJson.Read(root.Part("shape")),
            Zone = zone.Length > 0 ? zone : null,
            Currency = currency.Length > 0 ? currency : null,
            TaxIncluded = TaxIncluded(root),
            Blocks = blocks,
            Drop = root.Texts("drop"),
            Keep = root.Part("keep").Members().ToDictionary(k => k, k => TemplateBlockJson.Field(root.Part("keep"), k)),
            Sums = root.Texts("sums"),
            Counts = Counts(root.Part("figures")),
            FigureNames = root.Part("figures").Part("names") is var names ? names.Members().ToDictionary(m => m, m => names.Text(m), StringComparer.Ordinal) : [],
            Reconcile = root.Text("reconcile") is { Length: > 0 } words ? words : null,
        };
        if (kind == TemplateKinds.Orders && template.Field("order", "id") is null)
            root.Complain("order.id", "Name the column that holds the order's id.");
        return template;
    }

    private static Dictionary<string, Expression> Counts(JsonPart part)
    {
        part.OnlyKnown("count", "names");
        var counts = part.Part("count");
        return counts.Members().Select(name => (name, Holds: TemplateBlockJson.Condition(counts, name))).Where(c => c.Holds is not null)
            .ToDictionary(c => c.name, c => c.Holds!, StringComparer.Ordinal);
    }

    private static Means TaxIncluded(JsonPart root)
    {
        var order = root.Part("order");
        return order.Text("taxIncluded") switch
        {
            "" or "reconcile" => Means.Reconcile,
            "yes" => Means.Line,
            "no" => Means.Unit,
            var other => order.Complain("taxIncluded", $"'{other}' is not one of yes, no and reconcile.", Means.Reconcile),
        };
    }

    private static TemplateHeader Header(JsonPart part)
    {
        part.OnlyKnown("header", "not");
        return new TemplateHeader(part.Texts("header"), part.Texts("not"));
    }

    private static TemplateFile File(JsonPart part)
    {
        part.OnlyKnown("encoding", "delimiter", "repeatedHeader", "columns");
        var delimiter = part.Text("delimiter") is { Length: > 0 } sign and not "auto" ? sign : null;
        if (delimiter is { Length: > 1 })
            part.Complain("delimiter", "A delimiter is one sign.");
        var repeated = part.Text("repeatedHeader");
        if (repeated is not ("" or "skip" or "reject"))
            part.Complain("repeatedHeader", $"'{repeated}' is not one of skip and reject.");
        return new TemplateFile(part.Text("encoding") is { Length: > 0 } encoding and not "auto" ? encoding : null, delimiter?[0],
            repeated != "reject")
        {
            Columns = part.Texts("columns"),
        };
    }
}
