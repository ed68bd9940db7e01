using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CampaignManager.Application.Data;

/// <summary>
/// Statements that run together, in their order, without EF in between: to PostgreSQL they go in one message, in SQLite they are kept
/// prepared where the context keeps its connection. What stands in braces becomes a parameter; both databases must know the sentence.
/// </summary>
internal sealed class SqlBatch(AppDbContext context)
{
    private readonly List<FormattableString> statements = [];

    public void Add(FormattableString statement) => statements.Add(statement);

    /// <summary>Runs them.</summary>
    /// <returns>Every statement has changed its one row.</returns>
    public async Task<bool> EachChangesOneAsync(CancellationToken cancellationToken) =>
        await RunAsync(null, cancellationToken) == statements.Count;

    /// <summary>Runs them and reads what they answer.</summary>
    /// <param name="row">Gets each row, with the place of its statement; null where nobody reads.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many rows were changed.</returns>
    public async Task<int> RunAsync(Action<DbDataReader, int>? row, CancellationToken cancellationToken)
    {
        if (statements.Count == 0)
            return 0;
        var transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        if (transaction is null)
            await context.Database.OpenConnectionAsync(cancellationToken);
        if (context.Database.GetDbConnection() is SqliteConnection sqlite)
            return InSqlite(sqlite, (SqliteTransaction?)transaction, row);
        await using var batch = context.Database.GetDbConnection().CreateBatch();
        batch.Transaction = transaction;
        foreach (var statement in statements)
            Add(batch, statement);
        if (row is null)
            return await batch.ExecuteNonQueryAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < statements.Count; i++)
        {
            while (await reader.ReadAsync(cancellationToken))
                row(reader, i);
            await reader.NextResultAsync(cancellationToken);
        }

        return reader.RecordsAffected;
    }

    internal static string NameOf(int argument) => "$" + (argument + 1).ToString(CultureInfo.InvariantCulture);

    internal static string TextOf(FormattableString statement) =>
        string.Format(CultureInfo.InvariantCulture, statement.Format, [.. Enumerable.Range(0, statement.ArgumentCount).Select(NameOf)]);

    /// <summary>Its calls are never asynchronous.</summary>
    private int InSqlite(SqliteConnection connection, SqliteTransaction? transaction, Action<DbDataReader, int>? row)
    {
        using var once = context.Prepared is null ? new PreparedStatements(connection) : null;
        var prepared = context.Prepared ?? once!;
        var changed = 0;
        for (var i = 0; i < statements.Count; i++)
        {
            var command = prepared.Of(statements[i], transaction);
            if (row is null)
            {
                changed += command.ExecuteNonQuery();
                continue;
            }

            using var reader = command.ExecuteReader();
            while (reader.Read())
                row(reader, i);
            changed += Math.Max(0, reader.RecordsAffected);
        }

        return changed;
    }

    private static void Add(DbBatch batch, FormattableString statement)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = TextOf(statement);
        foreach (var value in statement.GetArguments())
        {
            // Places, not names, are what the text has.
            var parameter = command.CreateParameter();
            parameter.Value = value ?? DBNull.Value;
            if (value is null)
                parameter.DbType = DbType.String;
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }
}
