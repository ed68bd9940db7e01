using CampaignManager.Application.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>A SQLite database in a file of its own, with the current schema, removed afterwards.</summary>
internal sealed class ADatabaseFile : IDbContextFactory<AppDbContext>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("db-").FullName;
    private readonly DbContextOptions<AppDbContext> options;

    public ADatabaseFile()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, new DatabaseOptions { Path = Path.Combine(folder, "app.db") });
        options = builder.Options;
        using var context = CreateDbContext();
        context.Database.EnsureCreated();
    }

    public AppDbContext CreateDbContext() => new(options);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
