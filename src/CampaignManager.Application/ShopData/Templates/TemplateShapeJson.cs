namespace CampaignManager.Application.ShopData.Templates;

internal static class TemplateShapeJson
{
    public static readonly (string Word, ShapeType Is)[] Types =
    [
        ("first-row", ShapeType.FirstRow), ("repeated", ShapeType.Repeated), ("packed", ShapeType.Packed),
            ("two-files", ShapeType.TwoFiles),
        ("no-lines", ShapeType.NoLines), ("nested", ShapeType.Nested), ("rows", ShapeType.Rows),
    ];

    public static TemplateShape Read(JsonPart part)
    {
        part.OnlyKnown("type", "start", "carry", "items", "files", "path", "unfold");
        var shape = new TemplateShape
        {
            Type = part.Word("type", ShapeType.Rows, Types),
            Start = part.Texts("start"),
            Carry = part.Texts("carry"),
            Items = part.Has("items") ? Items(part.Part("items")) : null,
            Files = [.. part.Parts("files").Select(File)],
            Paths = [.. part.Texts("path").Where(p => p.Length > 0)],
            Unfold = part.Text("unfold") is { Length: > 0 } unfold ? unfold : null,
        };
        if (shape.Type == ShapeType.FirstRow && shape.Start.Count == 0)
            part.Complain("start", "Name the column that is filled where an order starts.");
        if (shape.Type == ShapeType.Packed && shape.Items is null)
            part.Complain("items", "Name the columns that hold the lines.");
        if (shape.Type == ShapeType.TwoFiles && shape.Files.All(f => f.Name != "lines"))
            part.Complain("files", "Name the file of the lines: {\"name\": \"lines\", \"header\": [...], \"key\": ..., \"of\": ...}.");
        return shape;
    }

    public static PackedItems Items(JsonPart part)
    {
        part.OnlyKnown("columns", "between", "keys", "quantity");
        var columns = part.Texts("columns");
        if (columns.Count == 0)
            part.Complain("columns", "Name the columns that hold the lines.");
        return new PackedItems(columns)
        {
            Between = part.Text("between") is { Length: > 0 } between ? between : null,
            Keys = part.Texts("keys"),
            Quantity = part.Text("quantity") is { Length: > 0 } quantity ? quantity : null,
        };
    }

    private static TemplateSideFile File(JsonPart part)
    {
        part.OnlyKnown("name", "header", "key", "of", "optional");
        return new TemplateSideFile(part.Text("name", required: true), part.Texts("header"), part.Text("key", required: true),
            part.Text("of", required: true))
        {
            Optional = part.YesNo("optional"),
        };
    }
}
