using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>What a source tells about, and since when until when.</summary>
/// <param name="Table">Of the lake.</param>
/// <param name="Imports">How many imports told it.</param>
public sealed record ShopSource(string Source, string Table, DateTime From, DateTime To, int Imports, DateTime LastImport);

/// <summary>Whose data the lake holds, by what its imports say of themselves.</summary>
public sealed class ShopSources(DataLake lake)
{
    public IReadOnlyList<ShopSource> List() =>
    [
        .. lake.Catalogue().Imports.SelectMany(i => i.Coverage.Select(c => (Import: i, c.From, c.To, Table: c.What.Split(':')[0])))
            .GroupBy(c => (c.Import.Source, c.Table))
            .Select(g => new ShopSource(
                g.Key.Source, g.Key.Table, g.Min(c => c.From), g.Max(c => c.To), g.Select(c => c.Import.ImportId).Distinct().Count(), g.Max(c => c.Import.WrittenAt)))
            .OrderBy(s => s.Source, StringComparer.Ordinal).ThenBy(s => s.Table, StringComparer.Ordinal),
    ];
}
