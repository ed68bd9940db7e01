namespace CampaignManager.Application.ShopData.Templates;

/// <summary>The blocks of a template: targets with what they are taken from, a column's name or an object.</summary>
internal static class TemplateBlockJson
{
    private static readonly string[] Known =
    [
        "column", "columns", "value", "formats", "zone", "treat", "as", "means", "includesLineDiscounts", "afterDiscount", "percent",
            "sum", "less", "inside", "nothing", "values", "rules", "else",
    ];

    public static TemplateBlock Read(JsonPart part, string block)
    {
        string[] extra = block == "order" ? ["when", "refund", "taxIncluded"] : ["when", "items", "oneRowAPiece"];
        part.OnlyKnown([.. extra, .. TemplateTargets.ByBlock[block]]);
        var fields = part.Members().Where(m => TemplateTargets.ByBlock[block].Contains(m) && part.Has(m))
            .ToDictionary(m => m, m => Field(part, m));
        return new TemplateBlock(fields)
        {
            When = part.Has("when") ? Condition(part, "when") : null,
            Items = part.Has("items") ? TemplateShapeJson.Items(part.Part("items")) : null,
            OneRowAPiece = block != "order" && part.YesNo("oneRowAPiece"),
        };
    }

    public static TemplateField Field(JsonPart block, string name)
    {
        if (block.IsText(name) || block.IsList(name))
            return new TemplateField(Columns(block, name));
        var part = block.Part(name);
        part.OnlyKnown(Known);
        var rules = part.Parts("rules").Select(Rule).ToList();
        var field = new TemplateField([.. Columns(part, "column"), .. Columns(part, "columns")])
        {
            Value = part.Text("value") is { Length: > 0 } value ? value : null,
            Formats = part.Texts("formats"),
            Zone = Zone(part),
            Treat = part.Word("treat", Treatment.Keep, ("keep", Treatment.Keep), ("pseudonym", Treatment.Pseudonym)),
            As = part.Word("as", null, ("email", (string?)Keys.PersonKeyKinds.Email), ("phone", Keys.PersonKeyKinds.Phone)),
            Means = part.Word<Means?>("means", null, ("unit", Means.Unit), ("line", Means.Line), ("reconcile", Means.Reconcile)),
            IncludesLineDiscounts = part.YesNo("includesLineDiscounts"),
            AfterDiscount = part.YesNo("afterDiscount"),
            Percent = part.YesNo("percent"),
            Sum = part.YesNo("sum"),
            Less = Columns(part, "less"),
            Inside = part.Text("inside") is { Length: > 0 } inside ? inside : null,
            Nothing = part.Texts("nothing"),
            Values = part.Part("values").Members().ToDictionary(m => m, m => part.Part("values").Text(m), StringComparer.OrdinalIgnoreCase),
            Rules = [.. rules.OfType<TemplateRule>()],
            Else = part.Text("else") is { Length: > 0 } other ? other : null,
        };
        if (field.Treat == Treatment.Pseudonym && field.As is null)
            part.Complain("as", "Say which kind of id it is: email or phone.");
        if (field.Columns.Count == 0 && field.Value is null && field.Rules.Count == 0 && field.Else is null)
            part.Complain("column", "Name a column, a value or rules.");
        return field;
    }

    private static IReadOnlyList<string> Columns(JsonPart part, string name)
    {
        var columns = part.Texts(name);
        if (columns.Any(c => c.Trim().Length == 0))
            part.Complain(name, "A column's name must not be empty.");
        return columns;
    }

    private static string? Zone(JsonPart part)
    {
        var zone = part.Text("zone");
        if (zone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            part.Complain("zone", $"'{zone}' is no time zone. Name it as Europe/London.");
        return zone.Length > 0 ? zone : null;
    }

    private static TemplateRule? Rule(JsonPart part)
    {
        part.OnlyKnown("if", "is");
        var holds = Condition(part, "if");
        var made = part.Text("is", required: true);
        return holds is null ? null : new TemplateRule(holds, made);
    }

    public static Expression? Condition(JsonPart part, string name)
    {
        var text = part.Text(name, required: true);
        if (text.Length == 0)
            return null;
        try
        {
            return Expression.Parse(text);
        }
        catch (FormatException exception)
        {
            part.Complain(name, exception.Message);
            return null;
        }
    }
}
