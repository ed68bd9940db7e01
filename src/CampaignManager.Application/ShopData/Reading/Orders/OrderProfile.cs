using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>The first look at all rows: how columns are written, what is at fault, whether rows of an order lie apart.</summary>
internal sealed class OrderProfile
{
    // Beyond so many orders it is not remembered which came before: they are then taken to lie apart.
    private const int MostRemembered = 8_000_000;

    private readonly SortedDictionary<string, long> faults = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> seen = [];

    public required JudgedColumns Columns { get; init; }

    /// <summary>Data rows by file, faulty and repeated headers among them.</summary>
    public required long[] Rows { get; init; }

    public long Read { get; private set; }

    public long RepeatedHeaders { get; private set; }

    /// <summary>Rows that add up those above them.</summary>
    public long TotalsRows { get; private set; }

    public IReadOnlyDictionary<string, long> Faults => faults;

    /// <summary>An order's rows do not all follow each other.</summary>
    public bool Apart { get; private set; }

    public static OrderProfile Of(Template template, OrderFiles files, OrderRows rows, JudgedColumns columns, CancellationToken cancel)
    {
        var profile = new OrderProfile { Columns = columns, Rows = new long[files.All.Max(f => f.Index) + 1] };
        var refunds = template.Block("refund").Items is { } items ? new PackedText(items) : null;
        foreach (var file in files.All)
        {
            string? current = null;
            FileRow? start = null;
            var page = false;
            foreach (var row in file.Source.Read(cancel))
            {
                cancel.ThrowIfCancellationRequested();
                profile.Rows[file.Index]++;
                if (row.Fault is var (reason, _))
                {
                    if (reason == RowFault.HeaderAgain)
                    {
                        profile.RepeatedHeaders++;
                        page = true;
                        continue;
                    }

                    profile.faults[reason] = profile.faults.GetValueOrDefault(reason) + 1;
                    continue;
                }

                var taken = new FileRow(file.Index, row.Number, file.Map, file.Map.Take(row)) { BeginsPage = page };
                page = taken.IsHeader;
                if (page)
                {
                    profile.RepeatedHeaders++;
                    continue;
                }

                if (OrderRows.IsTotals(template, taken))
                {
                    profile.TotalsRows++;
                    continue;
                }

                profile.Read++;
                columns.See("", taken);
                foreach (var line in rows.LinesIn(taken))
                    columns.See("line", line);
                foreach (var refund in InCells(refunds, taken))
                    columns.See("refund", refund);
                if (file.Side is null)
                    profile.Follow(template, rows, file, taken, ref current, ref start);
            }
        }

        return profile;
    }

    public static IEnumerable<FileRow> InCells(PackedText? packed, FileRow row)
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

    private void Follow(Template template, OrderRows rows, OrderFile file, FileRow row, ref string? current, ref FileRow? start)
    {
        if (template.Shape.Type == ShapeType.FirstRow)
        {
            if (rows.StartOf(file) is not { } starts || row[starts] is null)
            {
                Apart |= rows.IsAstray(row, start) || row.BeginsPage;
                return;
            }

            // Where the start is no id it says by itself that another order begins.
            current = rows.StartIsId(starts) ? current : null;
            start = row;
        }

        var key = rows.KeyOf(row);
        if (key is null || (template.Shape.Type is ShapeType.Repeated or ShapeType.FirstRow && key == current))
            return;
        current = key;
        Apart |= !seen.Add(TextHash.Of(key)) || seen.Count > MostRemembered;
    }
}
