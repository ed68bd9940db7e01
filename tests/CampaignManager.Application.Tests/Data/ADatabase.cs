using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Data;

/// <summary>A real SQLite file in a folder of its own, which goes with it.</summary>
public sealed class ADatabase : IDbContextFactory<AppDbContext>, IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-db-" + Guid.NewGuid().ToString("N"));
    private readonly DatabaseOptions options;

    private ADatabase()
    {
        Directory.CreateDirectory(folder);
        options = new DatabaseOptions { Path = Path.Combine(folder, "app.db") };
    }

    /// <summary>No file yet.</summary>
    public static ADatabase Missing() => new();

    /// <summary>With the current schema and no rows.</summary>
    public static async Task<ADatabase> EmptyAsync()
    {
        var database = new ADatabase();
        await database.Preparation.RunAsync(TestContext.Current.CancellationToken);
        return database;
    }

    public DatabasePreparation Preparation => new(this, Options.Create(options));

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, options);
        return new AppDbContext(builder.Options);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
