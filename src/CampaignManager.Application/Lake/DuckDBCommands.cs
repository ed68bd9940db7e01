using CampaignManager.Application.Jobs;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Lake;

/// <summary>
/// Short forms for SQL that takes no parameters from outside; anything a person typed goes in as a parameter instead. Within a job all of
/// them stop when the run is cancelled, whether or not they are given its token.
/// </summary>
internal static class DuckDBCommands
{
    private const int RowsBetweenLooks = 4096;

    public static void Run(this DuckDBConnection connection, string sql) => connection.Run(sql, default);

    /// <summary>The same, interrupted when the token fires.</summary>
    public static void Run(this DuckDBConnection connection, string sql, CancellationToken cancel) =>
        connection.Do(sql, (command, _) => command.ExecuteNonQuery(), cancel);

    public static List<T> Query<T>(this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> row) =>
        connection.Do(sql, (command, stop) =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                if (rows.Count % RowsBetweenLooks == 0)
                    stop.ThrowIfCancellationRequested();
                rows.Add(row(reader));
            }

            return rows;
        }, default);

    public static T Scalar<T>(this DuckDBConnection connection, string sql) => connection.Do(sql, (command, _) =>
    {
        // Sums of integers come as 128-bit numbers.
        var value = command.ExecuteScalar()!;
        if (value is System.Numerics.BigInteger big)
            value = (long)big;
        return (T)Convert.ChangeType(value, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }, default);

    private static T Do<T>(this DuckDBConnection connection, string sql, Func<DuckDBCommand, CancellationToken, T> work,
        CancellationToken cancel)
    {
        var stop = cancel.CanBeCanceled ? cancel : RunClaim.Stopping;
        stop.ThrowIfCancellationRequested();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var heard = stop.Register(command.Cancel);
        try
        {
            return work(command, stop);
        }
        catch (DuckDBException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
    }
}
