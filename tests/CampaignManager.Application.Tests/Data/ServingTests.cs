using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Data;

public sealed class ServingTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Take_BesideSqliteWhileAnotherServes_IsRefusedUntilThatOneEnds()
    {
        var folder = Directory.CreateTempSubdirectory("cm-serving-").FullName;
        var options = Options.Create(new DatabaseOptions { Path = Path.Combine(folder, "data", "app.db") });
        using (var first = new ServingLock(options))
        {
            first.Take();
            using var second = new ServingLock(options);
            Assert.StartsWith("Another process already serves the database", Assert.Throws<StartRefusedException>(second.Take)
                .Message, StringComparison.Ordinal);
        }

        using (var third = new ServingLock(options))
            third.Take();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Preparation_OfANewersDatabase_IsRefusedAndChangesNothing(string provider)
    {
        using var database = await ADatabase.EmptyAsync(provider, server);
        await using var context = database.CreateDbContext();
        await context.Database.ExecuteSqlAsync(
            $"""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('29990101000000_Later', '99.0')""", Stop);
        var before = await context.Database.GetAppliedMigrationsAsync(Stop);
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => database.Preparation.RunAsync(Stop));
        Assert.Contains("29990101000000_Later", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await context.Database.GetAppliedMigrationsAsync(Stop));
    }
}
