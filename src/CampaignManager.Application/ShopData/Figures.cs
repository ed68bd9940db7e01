namespace CampaignManager.Application.ShopData;

/// <summary>
/// What was found in files: counts, sums of money, first and last time, by the names people and tests know them (<c>orders</c>, <c>gross_minor</c>, <c>first</c>). A figure stands in the
/// report of an import, in its dry run and in the answer of the API.
/// </summary>
public sealed class Figures
{
    private readonly SortedDictionary<string, object> values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object> Values => values;

    public object? this[string name] => values.GetValueOrDefault(name);

    public void Add(string name, long more = 1) => values[name] = values.TryGetValue(name, out var so) ? (long)so + more : more;

    public void Set(string name, long value) => values[name] = value;

    public void Set(string name, string value) => values[name] = value;

    public void Set(string name, bool value) => values[name] = value;

    /// <summary>A time, to the second.</summary>
    public void Set(string name, DateTime utc) => values[name] = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), utc.Kind);

    /// <summary>Figures by a name of their own: reasons of rejects, arms by campaign.</summary>
    public void Set(string name, IReadOnlyDictionary<string, object> within) => values[name] = within;
}
