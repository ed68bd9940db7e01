using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Application.Data;

/// <summary>Brings the database to the current schema at start; survives a start that was killed half-way through.</summary>
public sealed class DatabasePreparation(IDbContextFactory<AppDbContext> contexts, IOptions<DatabaseOptions> options)
{
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="whileAlone">What else is to be made once when several nodes start together for the first time.</param>
    /// <exception cref="StartRefusedException">The database belongs to a newer release.</exception>
    public async Task RunAsync(CancellationToken cancellationToken, Func<CancellationToken, Task>? whileAlone = null)
    {
        if (options.Value.IsPostgreSql)
            await PreparePostgreSqlAsync(whileAlone, cancellationToken);
        else
            await PrepareSqliteAsync(whileAlone, cancellationToken);
    }

    /// <summary>
    /// Several nodes may start at once: the first one prepares the schema, the others wait for it. The server frees the lock of a start that died.
    /// </summary>
    private async Task PreparePostgreSqlAsync(Func<CancellationToken, Task>? whileAlone, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Database.CanConnectAsync(cancellationToken))
            await CreateAsync(context, cancellationToken);
        await AloneAsync(async stop =>
        {
            await MigrateAsync(context, stop);
            if (whileAlone is not null)
                await whileAlone(stop);
        }, cancellationToken);
    }

    /// <summary>Does what only one node may do at a time; the others wait for it. Beside SQLite there is only one.</summary>
    public async Task AloneAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (!options.Value.IsPostgreSql)
        {
            await work(cancellationToken);
            return;
        }

        const long alone = 0x43616D706D6772;
        await using var guard = await contexts.CreateDbContextAsync(cancellationToken);
        await guard.Database.OpenConnectionAsync(cancellationToken);
        guard.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await guard.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({alone})", cancellationToken);
        try
        {
            await work(cancellationToken);
        }
        finally
        {
            // Not left to the pool, which would keep the session and its lock.
            await guard.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({alone})", CancellationToken.None);
        }
    }

    private async Task PrepareSqliteAsync(Func<CancellationToken, Task>? whileAlone, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(options.Value.Path))!;
        OwnFolder.Make(folder);
        // A file lock of our own: only its holder may clear EF's lock row, which a killed migration leaves behind for ever.
        await using var guard = await TakeLockAsync(Path.Combine(folder, ".migrating"), cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Database.CanConnectAsync(cancellationToken))
            await ClearStaleLockAsync(context, cancellationToken);
        await MigrateAsync(context, cancellationToken);
        if (whileAlone is not null)
            await whileAlone(cancellationToken);
    }

    /// <summary>Adds what is missing; a database that a newer release has changed is left as it is.</summary>
    private static async Task MigrateAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        if (await context.Database.CanConnectAsync(cancellationToken))
        {
            var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
            if ((await context.Database.GetAppliedMigrationsAsync(cancellationToken)).FirstOrDefault(m => !known.Contains(m)) is { } newer)
            {
                throw new StartRefusedException(
                    $"The database belongs to a newer release: its schema has {newer}, which this release does not know. "
                    + "Start the newer release, or restore the backup made before the update.");
            }
        }

        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Where the account may. Of several starts at once one makes it.</summary>
    private static async Task CreateAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.GetService<IRelationalDatabaseCreator>().CreateAsync(cancellationToken);
        }
        catch (PostgresException exists) when (
            exists.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another one was quicker.
        }
    }

    private static async Task ClearStaleLockAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var tables = await context.Database
            .SqlQueryRaw<int>("SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken);
        if (tables > 0)
            await context.Database.ExecuteSqlRawAsync("DELETE FROM __EFMigrationsLock", cancellationToken);
    }

    private static async Task<FileStream> TakeLockAsync(string path, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException fault) when (!DiskFull.IsMeantBy(fault))
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }
}
