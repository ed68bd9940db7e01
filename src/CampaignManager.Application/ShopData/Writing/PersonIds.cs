using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>The ids of one person, whichever of them is asked for.</summary>
internal sealed class PersonIds
{
    public PersonIds(DataLake lake, DuckDBConnection connection, LakeCatalogue catalogue, string id)
    {
        var aliases = new LakeAliases(lake, catalogue, null);
        if (!aliases.Any)
        {
            Customers = [id];
            return;
        }

        var person = connection.Query(
            $"SELECT customer_id FROM {aliases.Resolved} WHERE from_id = '{DataLake.Quote(id)}' AND kind = '{LakeAliases.Customer}'", r => r.GetString(0)).FirstOrDefault() ?? id;
        var others = connection.Query(
            $"SELECT from_id, kind FROM {aliases.Resolved} WHERE customer_id = '{DataLake.Quote(person)}' ORDER BY ALL", r => (Id: r.GetString(0), Kind: r.GetString(1)));
        Customers = [person, .. others.Where(o => o.Kind == LakeAliases.Customer).Select(o => o.Id)];
        Browsers = [.. others.Where(o => o.Kind == LakeAliases.Anonymous).Select(o => o.Id)];
    }

    public IReadOnlyList<string> Customers { get; }

    public IReadOnlyList<string> Browsers { get; } = [];

    public IReadOnlyList<string> All => [.. Customers, .. Browsers];

    /// <summary>Ids as an SQL list; never empty.</summary>
    public static string List(IReadOnlyList<string> ids) => $"({(ids.Count == 0 ? "NULL" : string.Join(", ", ids.Select(i => $"'{DataLake.Quote(i)}'")))})";
}
