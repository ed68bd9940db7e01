using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>
/// Rows that hold a list, each element of which is a row of its own: what a visitor did in a visit. An element says first what it is; what
/// it does not say the row around it does.
/// </summary>
internal sealed class UnfoldedSource(IRowSource inner, string path) : IRowSource
{
    private readonly string within = path + "[].";

    public string FileName => inner.FileName;

    public IReadOnlyList<string> Columns { get; } =
    [
        .. inner.Columns.Select(c => c.StartsWith(path + "[].", StringComparison.Ordinal) ? c[(path.Length + 3)..] : c)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    public IReadOnlyList<EncodingReading> Readings => inner.Readings;

    public bool IsTyped => inner.IsTyped;

    public IEnumerable<ISourceRow> Read(CancellationToken cancel)
    {
        foreach (var row in inner.Read(cancel))
        {
            if (row.Fault is not null)
            {
                yield return row;
                continue;
            }

            foreach (var item in row.Items(path))
                yield return new Element(item, row, path, within);
        }
    }

    private sealed class Element(ISourceRow item, ISourceRow around, string path, string within) : ISourceRow
    {
        public long Number => around.Number;

        public (string Reason, string? Detail)? Fault => null;

        public string? this[string column] => item[column] ?? around[column];

        public IEnumerable<ISourceRow> Items(string of) => item.Items(of);

        // Of what is around it only who and which visit it was: the rest grows while the visit lasts.
        public IEnumerable<KeyValuePair<string, string>> Filled => item.Filled.Concat(around.Filled.Where(f =>
            f.Key.Contains("id", StringComparison.OrdinalIgnoreCase) && !f.Key.StartsWith(path, StringComparison.Ordinal)
            && !f.Key.StartsWith(within, StringComparison.Ordinal)));
    }
}
