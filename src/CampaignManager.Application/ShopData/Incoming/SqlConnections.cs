using System.Data;
using CampaignManager.Application.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>The shop's databases by their names; nothing can be written through them.</summary>
public sealed class SqlConnections(IOptions<IncomingOptions> options)
{
    private const string ReadOnly = "-c default_transaction_read_only=on -c TimeZone=UTC";

    public IReadOnlyList<string> Names => [.. options.Value.Connections.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Opens one, in a transaction that cannot write and sees one moment.</summary>
    /// <exception cref="JobFailedException">It cannot be opened; the sentence names it and nothing of its string.</exception>
    internal async Task<(NpgsqlConnection Connection, NpgsqlTransaction Transaction)> OpenAsync(string name, CancellationToken cancel)
    {
        if (!options.Value.Connections.TryGetValue(name, out var said))
            throw new JobFailedException("connection-gone", $"The configuration has no connection '{name}' any more.");
        NpgsqlConnection? connection = null;
        try
        {
            var own = new NpgsqlConnectionStringBuilder(said);
            own.Options = $"{own.Options} {ReadOnly}".Trim();
            own.ApplicationName ??= "CampaignManager";
            (own.Pooling, own.CommandTimeout) = (false, options.Value.PullMinutes * 60);
            connection = new NpgsqlConnection(own.ConnectionString);
            await connection.OpenAsync(cancel);
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await using var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection, transaction);
            await readOnly.ExecuteNonQueryAsync(cancel);
            return (connection, transaction);
        }
        catch (Exception fault) when (fault is NpgsqlException or ArgumentException or TimeoutException)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            throw new JobFailedException(
                "connection-closed", $"The connection '{name}' could not be opened. Is the database up, and may its user read?");
        }
    }
}
