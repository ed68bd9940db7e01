namespace CampaignManager.Web.Shared;

/// <summary>What was typed into fields of numbers and days and is none, by field. It stands in the form until it is mended, so that leaving the
/// page or the step does not turn it into an empty field, which would mean something else.</summary>
public sealed class UnreadNumbers : SortedDictionary<string, string>
{
    public UnreadNumbers()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Forgets the field and all below it: they are not there any more.</summary>
    public void Forget(string path)
    {
        foreach (var key in Keys.Where(k => k.StartsWith(path, StringComparison.Ordinal)).ToList())
            Remove(key);
    }

    /// <summary>A row of a list is gone; those behind it move up.</summary>
    public void ForgetRow(string list, int index)
    {
        Forget($"{list}[{index}]");
        var behind = Enumerable.Range(index + 1, 100)
            .SelectMany(i => this.Where(e => e.Key.StartsWith($"{list}[{i}]", StringComparison.Ordinal)).Select(e => (Row: i, e.Key, e.Value)))
            .ToList();
        foreach (var (row, key, text) in behind)
        {
            Remove(key);
            this[$"{list}[{row - 1}]" + key[$"{list}[{row}]".Length..]] = text;
        }
    }
}
