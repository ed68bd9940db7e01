using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Data;

public sealed class MigrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Model_AgainstTheMigrations_HasNothingPending()
    {
        using var database = ADatabase.Missing();
        using var context = database.CreateDbContext();
        Assert.False(context.Database.HasPendingModelChanges(), "The model changed: make a migration with 'dotnet ef migrations add'.");
    }

    [Fact]
    public async Task Preparation_NoFile_MakesTheWholeSchema()
    {
        using var database = ADatabase.Missing();
        await database.Preparation.RunAsync(Stop);

        await using var context = database.CreateDbContext();
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Stop));
        Assert.Equal(0, await context.Users.CountAsync(Stop));
        Assert.Equal(0, await context.JobRuns.CountAsync(Stop));
        Assert.Equal(0, await context.Campaigns.CountAsync(Stop));
    }

    [Fact]
    public async Task Preparation_SecondStart_KeepsTheRows()
    {
        using var database = await ADatabase.EmptyAsync();
        await using (var context = database.CreateDbContext())
        {
            context.ShopSettings.Add(new ShopSettings { Currency = "EUR" });
            await context.SaveChangesAsync(Stop);
        }

        await database.Preparation.RunAsync(Stop);
        await using var after = database.CreateDbContext();
        Assert.Equal("EUR", (await after.ShopSettings.SingleAsync(Stop)).Currency);
    }

    [Fact]
    public async Task Preparation_LockLeftByAKilledMigration_IsClearedNotWaitedFor()
    {
        using var database = ADatabase.Missing();
        await using (var context = database.CreateDbContext())
        {
            // As a start leaves it that was killed after taking the lock and before making any table.
            await context.Database.ExecuteSqlRawAsync(
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" ("Id", "Timestamp") VALUES (1, '2026-01-01 00:00:00+00:00');
                """,
                Stop);
        }

        // Waiting for the stale lock would never end.
        await database.Preparation.RunAsync(Stop).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        await using var after = database.CreateDbContext();
        Assert.Equal(0, await after.Users.CountAsync(Stop));
    }

    [Fact]
    public async Task Preparation_SeveralStartsAtOnce_AllSucceed()
    {
        using var database = ADatabase.Missing();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.Preparation.RunAsync(Stop), Stop)));

        await using var context = database.CreateDbContext();
        context.ApiKeys.Add(new ApiKey { Name = "till", Prefix = "cmk_1", Hash = "00", Scopes = "read" });
        Assert.Equal(1, await context.SaveChangesAsync(Stop));
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Stop));
    }
}
