using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Customers;

/// <summary>
/// One customer in the lake under all their ids. Their rows lie in the buckets of these ids, so that those alone are read: views over the
/// whole table would look through everybody's.
/// </summary>
internal sealed class Person
{
    private const int Hops = 4;

    private readonly DataLake lake;
    private readonly LakeCatalogue catalogue;

    /// <param name="lake">Where they are.</param>
    /// <param name="id">Any of their ids.</param>
    /// <param name="connection">To ask with.</param>
    /// <param name="cancel">Stops.</param>
    public Person(DataLake lake, string id, DuckDBConnection connection, CancellationToken cancel)
    {
        (this.lake, catalogue) = (lake, lake.Catalogue());
        var aliases = new LakeAliases(lake, catalogue, null).Any
            ? new LakeRelation(lake, LakeTable.Aliases, catalogue, null).AllVersions
            : null;
        Id = aliases is null ? id : Survivor(aliases, id, connection, cancel);
        var others = aliases is null ? [] : Others(aliases, connection, cancel);
        OtherIds = [.. others.Where(o => !o.Anonymous).Select(o => o.Id)];
        Browsers = [.. others.Where(o => o.Anonymous).Select(o => o.Id)];
        Ids = [Id, .. OtherIds, .. Browsers];
    }

    /// <summary>The id that all they did is kept under.</summary>
    public string Id { get; }

    /// <summary>Ids of customers that turned out to be this one.</summary>
    public IReadOnlyList<string> OtherIds { get; }

    /// <summary>Ids of browsers in which they signed in.</summary>
    public IReadOnlyList<string> Browsers { get; }

    /// <summary>All ids, the values of <see cref="RowsOf"/>: <c>$1</c> is the survivor.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>A table's rows of this customer, as SQL that takes <see cref="Ids"/> as its first parameters.</summary>
    public string RowsOf(LakeTable table)
    {
        var own = new LakeRelation(lake, table, catalogue, null).Own;
        var buckets = string.Join(", ", Ids.Select(id => CustomerBucket.Of(id, lake.Buckets)).Distinct().Order());
        var known = $"customer_id IN ({Places(1, 1 + OtherIds.Count)})";
        if (table == LakeTable.Events && Browsers.Count > 0)
            known = $"({known} OR (customer_id IS NULL AND anonymous_id IN ({Places(2 + OtherIds.Count, Ids.Count)})))";
        var rows = $"SELECT * FROM {own} WHERE bucket IN ({buckets}) AND {known}";
        // Who entered an epoch under two ids entered it the first time.
        return table == LakeTable.Exposures && OtherIds.Count > 0
            ? $"({rows} QUALIFY row_number() OVER (PARTITION BY experiment_id, epoch ORDER BY assigned_at, customer_id <> $1, arm) = 1)"
            : $"({rows})";
    }

    /// <summary>Places of parameters, from one to another.</summary>
    public static string Places(int from, int to) => string.Join(
        ", ", Enumerable.Range(from, Math.Max(0, to - from + 1)).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}")));

    /// <summary>The first that said whose an id is stays.</summary>
    private static string Survivor(string aliases, string id, DuckDBConnection connection, CancellationToken cancel)
    {
        for (var hop = 0; hop <= Hops; hop++)
        {
            var kinds = hop == 0 ? "" : $" AND kind = '{LakeAliases.Customer}'";
            var next = connection.Ask(
                $"SELECT arg_min(customer_id, version) FROM {aliases} WHERE from_id = $1{kinds}", r => r.Text(0), [id], cancel);
            if (next is not [{ } known] || known == id)
                return id;
            id = known;
        }

        return id;
    }

    private List<(string Id, bool Anonymous)> Others(string aliases, DuckDBConnection connection, CancellationToken cancel)
    {
        List<(string Id, bool Anonymous)> all = [];
        IReadOnlyList<string> last = [Id];
        for (var hop = 0; hop <= Hops && last.Count > 0; hop++)
        {
            var places = Places(1, last.Count);
            var found = connection.Ask(
                $"""
                SELECT from_id, kind FROM {aliases} WHERE from_id IN (SELECT from_id FROM {aliases} WHERE customer_id IN ({places}))
                GROUP BY 1, 2 HAVING arg_min(customer_id, version) IN ({places}) ORDER BY 1, 2
                """,
                r => (Id: r.GetString(0), Anonymous: r.GetString(1) == LakeAliases.Anonymous), last, cancel);
            var more = found.Where(f => f.Id != Id && !all.Contains(f)).ToList();
            all.AddRange(more);
            last = [.. more.Where(f => !f.Anonymous).Select(f => f.Id)];
        }

        return all;
    }
}
