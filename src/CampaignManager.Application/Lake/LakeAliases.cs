namespace CampaignManager.Application.Lake;

/// <summary>
/// Ids that turned out to be the same person. Rows stay where they were written, under the id they came with, so that a file which comes again is known again and undo gives
/// everybody back; readers see them as the survivor's, in the survivor's bucket. Without such ids this costs nothing.
/// </summary>
internal sealed class LakeAliases(DataLake lake, LakeCatalogue catalogue, DateTime? knownBy)
{
    public const string Anonymous = "anonymous";

    public const string Customer = "customer";

    /// <summary>How far ids lead to ids that lead to ids.</summary>
    private const int Hops = 4;

    private static readonly LakeTable[] OfPeople =
        [LakeTable.Customers, LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Refunds, LakeTable.Exposures, LakeTable.OrderCampaigns];

    public bool Any => catalogue.FilesOf(LakeTable.Aliases).Any();

    /// <summary><c>from_id, kind, customer_id</c>: each id with the person at the end of the chain. The first that said whose an id is stays.</summary>
    public string Resolved
    {
        get
        {
            var said = $"(SELECT from_id, kind, arg_min(customer_id, version) AS customer_id FROM {new LakeRelation(lake, LakeTable.Aliases, catalogue, knownBy).AllVersions} GROUP BY 1, 2)";
            var joins = string.Concat(Enumerable.Range(1, Hops).Select(i => $" LEFT JOIN {said} a{i} ON a{i}.kind = '{Customer}' AND a{i}.from_id = a{i - 1}.customer_id"));
            return $"(SELECT a0.from_id, a0.kind, coalesce({string.Join(", ", Enumerable.Range(0, Hops + 1).Reverse().Select(i => $"a{i}.customer_id"))}) AS customer_id FROM {said} a0{joins})";
        }
    }

    public string Applied(LakeTable table, string own)
    {
        if (!Any || !OfPeople.Contains(table))
            return own;
        var on = table == LakeTable.Events
            ? $"a.from_id = coalesce(t.customer_id, t.anonymous_id) AND (a.kind = '{Anonymous}') = (t.customer_id IS NULL)"
            : $"a.kind = '{Customer}' AND a.from_id = t.customer_id";
        var bucket = CustomerBucket.Sql("a.customer_id", lake.Buckets);
        var (kept, moved) = ($"SELECT t.* FROM {own} t ANTI JOIN {Resolved} a ON {on}",
            $"SELECT t.* REPLACE (a.customer_id AS customer_id, {bucket} AS bucket) FROM {own} t JOIN {Resolved} a ON {on}");
        if (table == LakeTable.Customers)
            return $"({OnePerson(kept, moved)})";
        return table == LakeTable.Exposures
            ? $"({Earliest(own, moved)})"
            : $"({kept} UNION ALL {moved})";
    }

    /// <summary>
    /// Who entered an epoch under two ids entered it the first time, in the arm of that time: the later one is counted elsewhere. Only the people with other ids are looked through.
    /// </summary>
    private string Earliest(string own, string moved)
    {
        var ids = $"(SELECT from_id AS id FROM {Resolved} WHERE kind = '{Customer}' UNION SELECT customer_id FROM {Resolved} WHERE kind = '{Customer}')";
        var survivors = $"SELECT t.* FROM {own} t SEMI JOIN {ids} i ON i.id = t.customer_id ANTI JOIN {Resolved} a ON a.kind = '{Customer}' AND a.from_id = t.customer_id";
        return $"SELECT t.* FROM {own} t ANTI JOIN {ids} i ON i.id = t.customer_id UNION ALL "
            + $"(SELECT * EXCLUDE (came) FROM (SELECT *, 0 AS came FROM ({survivors}) UNION ALL SELECT *, 1 AS came FROM ({moved})) "
            + "QUALIFY row_number() OVER (PARTITION BY experiment_id, epoch, customer_id ORDER BY assigned_at, came, arm) = 1)";
    }

    /// <summary>What is known of the survivor goes before, and joined is who came first.</summary>
    private static string OnePerson(string kept, string moved)
    {
        var columns = LakeTable.Customers.Whole.Where(c => c.Name != "customer_id").Select(c => c.Name switch
        {
            "joined_at" or "known_at" => $"min({c.Name}) AS {c.Name}",
            _ => $"arg_max(\"{c.Name}\", own) AS \"{c.Name}\"",
        }).ToList();
        var names = LakeTable.Customers.Columns.Skip(1).Select(c => c.Name).ToList();
        return $"""
            SELECT customer_id, {string.Join(", ", columns.Take(names.Count))}, bucket, {string.Join(", ", columns.Skip(names.Count))}
            FROM (SELECT *, 1 AS own FROM ({kept}) UNION ALL SELECT *, 0 AS own FROM ({moved})) GROUP BY customer_id, bucket
            """;
    }
}
