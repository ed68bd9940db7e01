using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Customers;

/// <summary>What all that shows customers has in common.</summary>
internal static class CustomerAccess
{
    /// <summary>
    /// Of somebody who never came and of somebody who was erased the same is said: who asks learns nothing of the latter.
    /// </summary>
    public static readonly Failure Unknown = new(
        FailureKind.NotFound, SegmentMembers.UnknownCustomer, "There is no such customer: nobody has this id, or the customer was erased.");

    /// <summary>Why somebody sees no customers; null for who does.</summary>
    public static Failure? Refusal(Actor actor) =>
        actor.SeesCustomers ? null : Failure.Forbidden("Only admins and whoever they grant it see customers.");

    /// <summary>
    /// Rows of a query whose values from outside go in as parameters <c>$1</c>, <c>$2</c> ...; interrupted when the token fires.
    /// </summary>
    public static List<T> Ask<T>(
        this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> row, IReadOnlyList<string> values, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
            command.Parameters.Add(new DuckDBParameter(value));
        using var heard = cancel.Register(command.Cancel);
        try
        {
            using var reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
                rows.Add(row(reader));
            return rows;
        }
        catch (DuckDBException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    public static string? Text(this DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static double? Number(this DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Convert.ToDouble(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);

    public static long? Whole(this DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Convert.ToInt64(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);

    public static DateTime Utc(this DuckDBDataReader reader, int column) =>
        DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);
}
