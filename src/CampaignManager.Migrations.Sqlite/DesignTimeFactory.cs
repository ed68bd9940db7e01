using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CampaignManager.Migrations.Sqlite;

/// <summary>Lets <c>dotnet ef</c> build the model without starting the host.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AppDbContext>
{
    public AppDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, new DatabaseOptions { Path = "data/design-time.db" });
        return new AppDbContext(builder.Options);
    }
}
