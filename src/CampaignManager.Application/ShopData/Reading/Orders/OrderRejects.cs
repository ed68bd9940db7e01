using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Orders that cannot be taken: all their rows, of mapped columns only, ids that name a person as pseudonyms.</summary>
internal sealed class OrderRejects(Template template, ReadingOptions options, IRejects rejects)
{
    private readonly SortedDictionary<string, object> reasons = new(StringComparer.Ordinal);
    private readonly HashSet<string> dropped = new(template.Drop, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, object> Reasons => reasons;

    public void Count(string reason, long count) => reasons[reason] = (long)reasons.GetValueOrDefault(reason, 0L) + count;

    public void Add(RawOrder order, OrderCells.FaultException fault)
    {
        foreach (var row in order.Heads.Concat(order.Lines))
            rejects.Add(new RejectedRow(row.File, row.Row, fault.Reason, fault.Detail, Cells(row)));
        Count(fault.Reason, order.Heads.Count + order.Lines.Count);
    }

    private List<KeyValuePair<string, string>> Cells(FileRow row)
    {
        var person = template.Field("order", "customer");
        var cells = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < row.Cells.Length; i++)
        {
            if (row.Cells[i] is not { } text || dropped.Contains(row.Map.Columns[i]))
                continue;
            var isPerson = person?.Columns.Contains(row.Map.Columns[i], StringComparer.OrdinalIgnoreCase) == true;
            if (isPerson)
                text = PersonKey.Of(person, text, options);
            else if (text.Contains('@', StringComparison.Ordinal))
                text = options.Keys.Pseudonym(PersonKeyKinds.Email, text);
            if (text is not null)
                cells.Add(new(row.Map.Columns[i], text));
        }

        return cells;
    }
}
