using System.Reflection;
using System.Runtime.InteropServices;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Overview;

/// <summary>What this process is made of, and what it has room and work for.</summary>
/// <param name="App">Version of the app.</param>
/// <param name="Runtime">Version of .NET, and the system.</param>
/// <param name="Database">Name and version of the database.</param>
/// <param name="Schema">The last migration that the database has; null before the first.</param>
/// <param name="Lake">Version of DuckDB.</param>
/// <param name="Node">This process among those that share the database.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Folders">Where data lie.</param>
/// <param name="Queue">What the jobs have to do.</param>
public sealed record SystemState(
    string App, string Runtime, string Database, string? Schema, string Lake, Guid Node, NodeRole Role,
    IReadOnlyList<DataFolder> Folders, JobQueueState Queue);

/// <summary>A folder of data, and the room left on its disk.</summary>
/// <param name="Key"><c>database</c>, <c>lake</c> or <c>models</c>.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Used">Bytes of its files.</param>
/// <param name="Free">Bytes that may still be written to its disk.</param>
/// <param name="Whole">Bytes of the disk.</param>
public sealed record DataFolder(string Key, string Path, long Used, long Free, long Whole);

/// <param name="Waiting">Runs that nobody has begun.</param>
/// <param name="WaitingSince">Since when the oldest of them waits, UTC.</param>
/// <param name="Running">Runs at work.</param>
/// <param name="FailedLately">Runs that failed in the last day.</param>
public sealed record JobQueueState(int Waiting, DateTime? WaitingSince, int Running, int FailedLately);

/// <summary>Versions, disk and queue, for whoever looks after the app.</summary>
public sealed class SystemStateService(
    IDbContextFactory<AppDbContext> contexts, DataLake lake, JobNode node,
    IOptions<DatabaseOptions> database, IOptions<ModelOptions> models, TimeProvider time)
{
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    public async Task<Outcome<SystemState>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin sees the state of the app.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var postgres = context.Database.IsNpgsql();
        var version = await context.Database.SqlQueryRaw<string>(
            postgres
                ? """SELECT current_setting('server_version') AS "Value" """
                : """SELECT sqlite_version() AS "Value" """).SingleAsync(cancellationToken);
        var schema = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault();
        var queue = await QueueAsync(context, cancellationToken);
        var (engine, folders) = await Task.Run(() => (LakeEngine(), Folders(postgres)), cancellationToken);
        return new SystemState(
            typeof(SystemStateService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?",
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            (postgres ? "PostgreSQL " : "SQLite ") + version, schema, "DuckDB " + engine, node.Id, node.Role, folders, queue);
    }

    private async Task<JobQueueState> QueueAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().UtcDateTime - Lately;
        var runs = context.JobRuns.AsNoTracking();
        var waiting = runs.Where(r => r.State == JobState.Queued);
        return new JobQueueState(
            await waiting.CountAsync(cancellationToken),
            await waiting.MinAsync(r => (DateTime?)r.CreatedAt, cancellationToken),
            await runs.CountAsync(r => r.State == JobState.Running, cancellationToken),
            await runs.CountAsync(r => r.State == JobState.Failed && r.FinishedAt >= since, cancellationToken));
    }

    private string LakeEngine()
    {
        using var connection = lake.Open(threads: 1);
        return connection.Scalar<string>("SELECT version()").TrimStart('v');
    }

    private List<DataFolder> Folders(bool postgres)
    {
        List<DataFolder> folders = [];
        if (!postgres)
        {
            var file = Path.GetFullPath(database.Value.Path);
            // With its journals, which bear its name with an ending.
            var files = new DirectoryInfo(Path.GetDirectoryName(file)!).EnumerateFiles(Path.GetFileName(file) + "*");
            folders.Add(Folder("database", file, files.Sum(f => f.Length)));
        }

        folders.Add(Folder("lake", lake.Root, SizeOf(lake.Root)));
        var kept = Path.GetFullPath(models.Value.Path);
        folders.Add(Folder("models", kept, SizeOf(kept)));
        return folders;
    }

    private static DataFolder Folder(string key, string path, long used)
    {
        var disk = new DriveInfo(Directory.Exists(path) ? path : Path.GetDirectoryName(path)!);
        return new DataFolder(key, path, used, disk.AvailableFreeSpace, disk.TotalSize);
    }

    private static long SizeOf(string folder)
    {
        if (!Directory.Exists(folder))
            return 0;
        var bytes = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Replaced while it was counted.
            }
        }

        return bytes;
    }
}
