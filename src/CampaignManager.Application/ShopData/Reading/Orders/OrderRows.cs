using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Rows put together by order, whatever the shape. Rows of an order may lie apart; then they are brought together first.</summary>
internal sealed class OrderRows(Template template, OrderFiles files)
{
    private readonly PackedText? packed = LinesOf(template);
    private readonly IReadOnlyList<string> idColumns = template.Field("order", "id")!.Columns;
    private Dictionary<string, string>? byCarry;

    /// <summary>The cells inside cells, where the shape packs lines.</summary>
    public PackedText? Packed => packed;

    /// <summary>How lines lie within cells: packed as text, or as a list of JSON; null: they are rows.</summary>
    public static PackedText? LinesOf(Template template)
    {
        if (template.Shape.Items is { } items)
            return new PackedText(items);
        return template.Shape is not { Type: ShapeType.Nested, Paths: { Count: > 0 } paths } ? null
            : new PackedText(new PackedItems(paths)
            {
                Keys = [.. TemplateFit.Named(template.Block("line")).Distinct(StringComparer.Ordinal)],
            });
    }

    public string? KeyOf(FileRow row)
    {
        foreach (var column in idColumns)
        {
            if (row[column] is { } text && IdColumn.Bare(text) is { } id)
                return id;
        }

        return null;
    }

    /// <summary>Whether a row adds up those above it.</summary>
    public static bool IsTotals(Template template, FileRow row)
    {
        var first = template.Field("order", "id")!.Columns.Select(c => row[c]).FirstOrDefault(c => c is not null)
            ?? row.Cells.FirstOrDefault(c => c is not null);
        return TotalsRow.Says(first) && (template.Field("order", "at")?.Columns ?? []).All(c => row[c] is null);
    }

    /// <summary>
    /// Rows with the order they are of; null: of none. Where the order's columns stand on its first row only they are carried on.
    /// </summary>
    /// <param name="apart">Whether rows of one order are apart: then those that name theirs are looked up by it.</param>
    public IEnumerable<(FileRow Row, string? Key)> Keyed(bool apart, CancellationToken cancel)
    {
        var isFirstRow = template.Shape.Type == ShapeType.FirstRow;
        if (apart && isFirstRow && template.Shape.Carry.Count > 0)
            byCarry ??= Carried(cancel);
        long run = 0;
        foreach (var file in files.Main)
        {
            string? current = null;
            string? carried = null;
            var starts = isFirstRow ? StartOf(file) : null;
            foreach (var row in files.Rows(file, cancel))
            {
                if (starts is null)
                {
                    var key = KeyOf(row);
                    run += key is null || key != current || template.Shape.Type != ShapeType.Repeated ? 1 : 0;
                    current = key;
                }
                else if (row[starts] is not null)
                {
                    // Filled down by hand or by an app: the start stands on every row of the order.
                    var key = KeyOf(row);
                    run += key is null || key != current || !StartIsId(starts) ? 1 : 0;
                    (current, carried) = (key, CarryOf(row));
                }
                else if (CarryOf(row) is { } other && (other != carried || row.BeginsPage))
                {
                    // It stands among the rows of another order.
                    (current, carried) = (byCarry?.GetValueOrDefault(other), other);
                    run++;
                }

                yield return (row with { Run = run }, current);
            }
        }
    }

    /// <summary>Whether a row names another order than the one whose rows it stands among.</summary>
    public bool IsAstray(FileRow row, FileRow? start) =>
        template.Shape.Type == ShapeType.FirstRow && CarryOf(row) is { } carry && start is not null
        && CarryOf(start) is { } its && its != carry;

    public bool StartIsId(string start) => idColumns.Contains(start, StringComparer.OrdinalIgnoreCase);

    public string? StartOf(OrderFile file) => template.Shape.Start.FirstOrDefault(s => file.Map.Place(s) >= 0);

    /// <summary>The lines that a row holds itself.</summary>
    public IEnumerable<FileRow> LinesIn(FileRow row)
    {
        if (packed is null)
            yield break;
        foreach (var column in packed.ColumnsOf(row.Map))
        {
            if (row[column] is not { } cell)
                continue;
            foreach (var cells in packed.Of(cell))
                yield return new FileRow(row.File, row.Row, packed.Map, cells);
        }
    }

    private string? CarryOf(FileRow row)
    {
        foreach (var column in template.Shape.Carry)
        {
            if (row[column] is { } text)
                return text;
        }

        return null;
    }

    private Dictionary<string, string> Carried(CancellationToken cancel)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Main)
        {
            foreach (var row in files.Rows(file, cancel))
            {
                if (StartOf(file) is { } start && row[start] is not null && CarryOf(row) is { } carry && KeyOf(row) is { } key)
                    found[carry] = key;
            }
        }

        return found;
    }
}
