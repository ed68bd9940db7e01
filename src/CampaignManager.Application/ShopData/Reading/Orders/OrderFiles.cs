using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Which of the files is which, and the columns of each that the template looks at.</summary>
internal sealed class OrderFiles
{
    private readonly Template template;

    public OrderFiles(Template template, IReadOnlyList<IRowSource> sources)
    {
        this.template = template;
        var named = new HashSet<string>(TemplateFit.Named(template).Concat(template.Sums), StringComparer.OrdinalIgnoreCase);
        foreach (var side in template.Shape.Files)
            named.UnionWith([side.Key, side.Of]);
        PackedText?[] packings =
            [OrderRows.LinesOf(template), template.Block("refund").Items is { } refunds ? new PackedText(refunds) : null];
        var ids = template.Field("order", "id")!.Columns;
        var patterns = named.Where(n => n.Contains('*', StringComparison.Ordinal)).ToList();
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            var taken = source.Columns.Where(c => named.Contains(c) || patterns.Exists(p => TemplateFit.IsNumbered(p, c))).ToList();
            taken.AddRange(named.Where(n => IsWithin(source, n) && !ids.Contains(n)).Except(taken, StringComparer.OrdinalIgnoreCase));
            var file = new OrderFile(i, source, new CellMap(taken, [.. packings.OfType<PackedText>()]), SideOf(source));
            All.Add(file);
        }

        // A file that has no id of orders and is no other that the template knows says nothing here.
        Unused = [.. All.Where(f => f.Side is null && !template.Field("order", "id")!.Columns.Any(c => f.Map.Place(c) >= 0))
            .Select(f => f.Source.FileName)];
        All.RemoveAll(f => Unused.Contains(f.Source.FileName));
        if (Main.Count == 0)
            throw new ImportRefusedException("missing-file",
                $"None of the files holds the orders themselves ({string.Join(", ", template.Recognise.Header)}).");
    }

    public List<OrderFile> All { get; } = [];

    /// <summary>Names of files that are not looked at.</summary>
    public IReadOnlyList<string> Unused { get; }

    public IReadOnlyList<OrderFile> Main => [.. All.Where(f => f.Side is null)];

    public IReadOnlyList<OrderFile> Lines => [.. All.Where(f => f.Side is { Name: "lines" })];

    public IReadOnlyList<OrderFile> LookedUp => [.. All.Where(f => f.Side is { } side && side.Name != "lines")];

    public IEnumerable<FileRow> Rows(OrderFile file, CancellationToken cancel)
    {
        var page = false;
        foreach (var row in file.Source.Read(cancel))
        {
            cancel.ThrowIfCancellationRequested();
            page |= row.Fault is { Reason: RowFault.HeaderAgain };
            if (row.Fault is not null)
                continue;
            var taken = new FileRow(file.Index, row.Number, file.Map, file.Map.Take(row)) { BeginsPage = page };
            page = taken.IsHeader;
            if (!page && !OrderRows.IsTotals(template, taken))
                yield return taken;
        }
    }

    // Names that JSON may have in any of its rows, and places within the JSON of a cell.
    private static bool IsWithin(IRowSource source, string name) => source.IsTyped || source.Columns.Any(c =>
        name.Length > c.Length && name.StartsWith(c, StringComparison.OrdinalIgnoreCase) && name[c.Length] is '.' or '[');

    private TemplateSideFile? SideOf(IRowSource source)
    {
        var columns = new HashSet<string>(source.Columns, StringComparer.OrdinalIgnoreCase);
        var sides = template.Shape.Files.Where(s => s.Header.All(columns.Contains) && columns.Contains(s.Key)).ToList();
        var isMain = template.Recognise.Header.Count > 0 && template.Recognise.Header.All(h => h.Split('|').Any(columns.Contains));
        return isMain || sides.Count == 0 ? null : sides[0];
    }
}

/// <param name="Side">Null: the orders' own file.</param>
internal sealed record OrderFile(int Index, IRowSource Source, CellMap Map, TemplateSideFile? Side);
