using System.ComponentModel.DataAnnotations;
using CampaignManager.Application.Data;
using CampaignManager.Application.Idempotency;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Data;

public sealed class PostgreSqlTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Model_AgainstThePostgreSqlMigrations_HasNothingPending()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, new DatabaseOptions { Provider = DatabaseOptions.PostgreSql, ConnectionString = "Host=127.0.0.1;Database=none" });
        using var context = new AppDbContext(builder.Options);
        Assert.False(context.Database.HasPendingModelChanges(), "The model changed: make a migration with 'dotnet ef migrations add' for this provider too.");
    }

    [Fact]
    public async Task Preparation_SeveralStartsAtOnce_AllSucceedAndKeepTheRows()
    {
        using var database = await ADatabase.MissingAsync(server);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.Preparation.RunAsync(Stop), Stop)));
        await using (var context = database.CreateDbContext())
        {
            Assert.Empty(await context.Database.GetPendingMigrationsAsync(Stop));
            context.ShopSettings.Add(new ShopSettings { Currency = "EUR" });
            await context.SaveChangesAsync(Stop);
        }

        await database.Preparation.RunAsync(Stop);
        await using var after = database.CreateDbContext();
        Assert.Equal("EUR", (await after.ShopSettings.SingleAsync(Stop)).Currency);
    }

    [Fact]
    public async Task Idempotency_SameKeyAtOnce_ClaimedOnce()
    {
        using var database = await ADatabase.EmptyAsync(DatabaseOptions.PostgreSql, server);
        using var gate = new WriterGate();
        using var commits = new GroupCommit(database, gate);
        var service = new IdempotencyService(database, commits, TimeProvider.System);
        var call = new CallIdentity("key:1", "once", "POST /x", "hash");
        var first = await service.ClaimAsync(call, Stop);
        await service.FinishAsync(first.ClaimId!.Value, new CallAnswer(201, "text/plain", "/x/1", null, [1, 2]), Stop);
        var second = await service.ClaimAsync(call, Stop);
        Assert.Equal((201, "/x/1"), (second.Answer!.Status, second.Answer.Location));
        Assert.Equal(FailureKind.Conflict, (await service.ClaimAsync(call with { BodyHash = "other" }, Stop)).Failure!.Kind);
    }

    [Theory]
    [InlineData("Sqlite", null, null)]
    [InlineData("PostgreSql", "Host=127.0.0.1", null)]
    [InlineData("PostgreSql", null, "Database:ConnectionString must say")]
    [InlineData("MySql", null, "Database:Provider must be")]
    public void Options_Validated_SayWhatToChange(string provider, string? connection, string? sentence)
    {
        var options = new DatabaseOptions { Provider = provider, ConnectionString = connection };
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        Assert.Equal(sentence is null ? 0 : 1, results.Count);
        if (sentence is not null)
            Assert.StartsWith(sentence, results[0].ErrorMessage, StringComparison.Ordinal);
    }
}
