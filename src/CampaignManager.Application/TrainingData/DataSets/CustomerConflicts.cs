using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// One row a customer: a customer found in several arms got more than one thing, so none of the rows says what one arm does and all are
/// rejected; of a customer's further rows in the same arm the first is kept. Rows without an id are customers of their own.
/// </summary>
internal static class CustomerConflicts
{
    /// <summary>Makes the table <c>dropped(row, reason, repaired)</c> and counts it by reason.</summary>
    public static IReadOnlyList<(string Reason, long Rows, long Repaired)> Find(DuckDBConnection connection, DataSetParts parts, CancellationToken cancel)
    {
        connection.Run($"""
            CREATE TABLE dropped AS
            SELECT p.row, p.repaired, CASE WHEN k.several THEN '{RejectReason.CustomerInBothArms}' ELSE '{RejectReason.RepeatedCustomer}' END AS reason
            FROM {parts.Source} p
            JOIN (SELECT customer, min(arm) <> max(arm) AS several, min(row) AS first FROM {parts.Source} WHERE customer IS NOT NULL GROUP BY customer HAVING count(*) > 1) k
              ON k.customer = p.customer
            WHERE k.several OR p.row > k.first
            """, cancel);
        return connection.Query(
            "SELECT reason, count(*), count(*) FILTER (repaired) FROM dropped GROUP BY reason ORDER BY reason", r => (r.GetString(0), r.GetInt64(1), r.GetInt64(2)));
    }

    /// <summary>Nobody has an id, so nobody can be found twice.</summary>
    public static void None(DuckDBConnection connection) => connection.Run("CREATE TABLE dropped (row BIGINT, repaired BOOLEAN, reason VARCHAR)");

    /// <summary>Reads the file once more for the original lines of the dropped rows, in their order.</summary>
    public static void WriteRejects(DuckDBConnection connection, CsvTable table, RejectFile rejects, int limit, CancellationToken cancel)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT row, reason FROM dropped ORDER BY row LIMIT {limit.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        using var wanted = command.ExecuteReader();
        if (!wanted.Read())
            return;
        while (table.Read())
        {
            if (table.Row % 4096 == 0)
                cancel.ThrowIfCancellationRequested();
            if (table.Row != wanted.GetInt64(0))
                continue;
            rejects.Add(table.Row, wanted.GetString(1), null, table.Raw);
            if (!wanted.Read())
                return;
        }
    }
}
