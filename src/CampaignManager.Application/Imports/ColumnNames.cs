using System.Globalization;

namespace CampaignManager.Application.Imports;

/// <summary>
/// Names for Parquet columns: letters (of any script), digits and underscores stay, everything else becomes an underscore.
/// DuckDB does not tell capitals apart, so names that differ only by them get a number.
/// </summary>
internal sealed class ColumnNames
{
    private readonly HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);

    public string Make(string header)
    {
        var name = new string([.. header.Select(c => char.IsLetterOrDigit(c) ? c : '_')]);
        var candidate = name;
        for (var i = 2; !used.Add(candidate); i++)
            candidate = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        return candidate;
    }
}
