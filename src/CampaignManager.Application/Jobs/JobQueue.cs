using CampaignManager.Application.Data;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Application.Jobs;

/// <summary>Where Hangfire keeps its queue: with the rows in PostgreSQL for all nodes, in memory beside SQLite.</summary>
public sealed class JobQueue(IOptions<DatabaseOptions> options)
{
    private const string Schema = "hangfire";

    private static PostgreSqlStorageOptions Settings => new()
    {
        SchemaName = Schema,
        // By RunAsync, on one node at a time.
        PrepareSchemaIfNecessary = false,
        // A worker says while it works that a job is still its own; without that, every job longer than this would be started again.
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = TimeSpan.FromSeconds(45),
        QueuePollInterval = TimeSpan.FromSeconds(2),
        EnableLongPolling = true,
        // A node that is killed with a lock in its hand must not keep the schedules from firing for longer.
        DistributedLockTimeout = TimeSpan.FromMinutes(1),
    };

    public JobStorage Open() => options.Value.IsPostgreSql
        ? new PostgreSqlStorage(new NpgsqlConnectionFactory(options.Value.ConnectionString, Settings), Settings)
        : new InMemoryStorage();

    /// <summary>Makes Hangfire's tables. Call it where no other node does the same.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsPostgreSql)
            return;
        await using var connection = new NpgsqlConnection(options.Value.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        PostgreSqlObjectsInstaller.Install(connection, Schema);
    }
}
