using Microsoft.Data.Sqlite;

namespace CampaignManager.Application.Data;

/// <summary>Statements that one SQLite connection keeps parsed and planned, which costs more than to run them. Not for two threads at once.</summary>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    // Lists of many lengths make many texts: rather than to keep them all, begin again.
    private const int Most = 256;

    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);

    /// <summary>The statement with its values, ready to run.</summary>
    public SqliteCommand Of(FormattableString statement, SqliteTransaction? transaction)
    {
        if (!commands.TryGetValue(statement.Format, out var command))
        {
            if (commands.Count == Most)
                Dispose();
            command = connection.CreateCommand();
            command.CommandText = SqlBatch.TextOf(statement);
            for (var i = 0; i < statement.ArgumentCount; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = SqlBatch.NameOf(i) });
            commands.Add(statement.Format, command);
        }

        command.Transaction = transaction;
        for (var i = 0; i < statement.ArgumentCount; i++)
            command.Parameters[i].Value = statement.GetArgument(i) ?? DBNull.Value;
        return command;
    }

    public void Dispose()
    {
        foreach (var command in commands.Values)
            command.Dispose();
        commands.Clear();
    }
}
