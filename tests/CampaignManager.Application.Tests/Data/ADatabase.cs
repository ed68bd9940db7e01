using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Data;

/// <summary>A real database of its own: a SQLite file in a folder that goes with it, or one of the test's PostgreSQL server.</summary>
public sealed class ADatabase : IDbContextFactory<AppDbContext>, IDisposable
{
    private readonly string? folder;
    private readonly DatabaseOptions options;

    private ADatabase()
    {
        folder = Path.Combine(Path.GetTempPath(), "cm-db-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        options = new DatabaseOptions { Path = Path.Combine(folder, "app.db") };
    }

    private ADatabase(DatabaseOptions options) => this.options = options;

    /// <summary>No file yet.</summary>
    public static ADatabase Missing() => new();

    /// <summary>With the current schema and no rows.</summary>
    public static async Task<ADatabase> EmptyAsync()
    {
        var database = new ADatabase();
        await database.Preparation.RunAsync(TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>On PostgreSQL, without a schema yet; the test is skipped where there is no server.</summary>
    public static async Task<ADatabase> MissingAsync(PostgresServer server) => new(await server.NewDatabaseAsync());

    /// <summary>On the provider named, with the current schema and no rows.</summary>
    public static async Task<ADatabase> EmptyAsync(string provider, PostgresServer server)
    {
        var database = provider == DatabaseOptions.PostgreSql ? await MissingAsync(server) : new ADatabase();
        await database.Preparation.RunAsync(TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>The master key of this database, in a file beside it unless another is named.</summary>
    public MasterKey Key(string? path = null) =>
        new(Options.Create(options), Options.Create(new SecurityOptions { MasterKeyPath = path }), this, TimeProvider.System);

    public DatabasePreparation Preparation => new(this, Options.Create(options));

    /// <summary>What lies on the disk of another database at this moment, as a killed process would leave it.</summary>
    public void TakeFilesOf(ADatabase other)
    {
        foreach (var file in Directory.EnumerateFiles(other.folder!).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder!, Path.GetFileName(file)));
    }

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, options);
        return new AppDbContext(builder.Options);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}
