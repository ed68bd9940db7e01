using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Data;

/// <summary>Brings the database to the current schema at start; survives a start that was killed half-way through.</summary>
public sealed class DatabasePreparation(IDbContextFactory<AppDbContext> contexts, IOptions<DatabaseOptions> options)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsPostgreSql)
            await PreparePostgreSqlAsync(cancellationToken);
        else
            await PrepareSqliteAsync(cancellationToken);
    }

    /// <summary>Several nodes may start at once: the first one prepares the schema, the others wait for it. The server frees the lock of a start that died.</summary>
    private async Task PreparePostgreSqlAsync(CancellationToken cancellationToken)
    {
        const long migrating = 0x43616D706D6772;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Database.CanConnectAsync(cancellationToken))
        {
            // No such database yet: migrating makes it, where the account may.
            await context.Database.MigrateAsync(cancellationToken);
            return;
        }

        await using var guard = await contexts.CreateDbContextAsync(cancellationToken);
        await guard.Database.OpenConnectionAsync(cancellationToken);
        guard.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await guard.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({migrating})", cancellationToken);
        try
        {
            await context.Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            // Not left to the pool, which would keep the session and its lock.
            await guard.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({migrating})", CancellationToken.None);
        }
    }

    private async Task PrepareSqliteAsync(CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(options.Value.Path))!;
        Directory.CreateDirectory(folder);
        // A file lock of our own: only its holder may clear EF's lock row, which a killed migration leaves behind for ever.
        await using var guard = await TakeLockAsync(Path.Combine(folder, ".migrating"), cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Database.CanConnectAsync(cancellationToken))
            await ClearStaleLockAsync(context, cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
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
            catch (IOException)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }
}
