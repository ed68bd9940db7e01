using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Incoming;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CampaignManager.Application.Tests.ShopData.Incoming;

/// <summary>Rows of a shop's own PostgreSQL, fetched by a query: new ones only, and nothing can be written there.</summary>
public sealed class PullSqlJobTests(PostgresServer server) : IAsyncDisposable
{
    private const string Query = """
        SELECT id AS order_id, placed AS order_date, mail AS customer_email, 'EUR' AS currency, sku, quantity, price, price * quantity AS total
        FROM shop_orders WHERE changed >= @since ORDER BY id;
        """;

    private AnImportRoom? room;
    private string shop = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private AnImportRoom Room => room!;

    [Fact]
    public async Task Run_TwiceWithANewRow_FetchesWhatIsNewAndWritesItOnce()
    {
        await OpenAsync();
        var first = await PullAsync(await CompleteAsync(Query));
        Assert.Equal((JobState.Succeeded, 3L), (first.State, Found(first).Rows));
        Assert.Equal(DateTime.UnixEpoch, Found(first).Since);
        var import = await EndAsync(first);
        Assert.Equal((ImportState.Succeeded, "shop-orders.ndjson", 3L), (import.State, import.FileName, import.Findings!.Figures["orders"].GetInt64()));

        await RunSqlAsync("UPDATE shop_orders SET changed = now() - interval '1 day'");
        await RunSqlAsync("INSERT INTO shop_orders VALUES (4, '2025-11-04 10:00:00+01', 'd@x.de', 'A', 1, 9.50, now())");
        var second = await PullAsync(await CompleteAsync(Query));
        Assert.Equal(1L, Found(second).Rows);
        Assert.Equal(Found(first).Until - TimeSpan.FromHours(1), Found(second).Since);
        Assert.Equal(1, (await EndAsync(second)).Findings!.Counts["written:orders"]);
        Assert.Equal(4, Orders());

        var third = await PullAsync(await CompleteAsync(Query + " "));
        Assert.Equal(1L, Found(third).Rows);
        Assert.Equal(0, (await EndAsync(third)).Findings!.Written);
    }

    [Fact]
    public async Task Run_WhoseImportFailed_IsFetchedAgainFromBefore()
    {
        await OpenAsync();
        var pull = await CompleteAsync("SELECT id AS order_id, 'Monday' AS order_date, price AS total FROM shop_orders WHERE changed >= @since");
        var first = await PullAsync(pull);
        Assert.Equal(ImportState.Failed, (await EndAsync(first)).State);
        Assert.Equal(DateTime.UnixEpoch, Found(await PullAsync(pull)).Since);
    }

    [Fact]
    public async Task Run_AgainAfterItsWorkerDied_MakesOneImport()
    {
        await OpenAsync();
        var run = await PullAsync(await CompleteAsync(Query));
        await using (var context = await Contexts.CreateDbContextAsync(Stop))
            await context.JobRuns.Where(r => r.Id == run.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Queued), Stop);
        await Room.Get<JobRunner>().ExecuteAsync(run.Id, Stop);
        Assert.Single((await Room.List.ListAsync(new PageRequest(1, 10, null), Stop)).Items);
        await EndAsync(run);
        Assert.Equal(3, Orders());
    }

    [Theory]
    [InlineData("WITH gone AS (DELETE FROM shop_orders RETURNING id) SELECT id AS order_id FROM gone", "read-only")]
    [InlineData("SELECT nothing FROM shop_orders", "nothing")]
    public async Task Run_QueryThatWritesOrIsWrong_IsRefusedWithTheDatabasesWord(string query, string said)
    {
        await OpenAsync();
        var run = await PullAsync(await CompleteAsync(query));
        Assert.Equal(JobState.Failed, run.State);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Equal(3L, await RunSqlAsync("SELECT count(*) FROM shop_orders"));
    }

    [Fact]
    public async Task Run_DatabaseThatIsDown_SaysWhichConnectionAndNothingOfItsString()
    {
        await OpenAsync();
        var run = await PullAsync(await CompleteAsync("SELECT 1 AS order_id", "down"));
        Assert.Equal(JobState.Failed, run.State);
        Assert.Contains("'down'", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", run.Error + run.ErrorSentence + run.Arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", "SELECT 1", "connection")]
    [InlineData("shop", "DELETE FROM shop_orders", "query")]
    [InlineData("shop", "SELECT 1; DROP TABLE shop_orders", "query")]
    [InlineData("shop", "SELECT ';' AS a, $$;$$ AS b /* ; */ -- ;\n; SELECT 2", "query")]
    public async Task Complete_WhatMayNotRun_IsRefusedByField(string connection, string query, string field)
    {
        await OpenAsync();
        var refused = await Room.Get<SqlPulls>().CompleteAsync(new PullSql(connection, "orders", query), Stop);
        Assert.Equal([field], refused.Failure!.Errors!.Keys);
    }

    [Fact]
    public async Task Complete_SemicolonsWithinTexts_AreNoSecondStatement()
    {
        await OpenAsync();
        Assert.True((await Room.Get<SqlPulls>().CompleteAsync(new PullSql("shop", "orders", "SELECT ';' AS a, $x$;$x$ AS b /* ; */ -- ;\n;"), Stop)).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        if (room is not null)
            await room.DisposeAsync();
    }

    private IDbContextFactory<AppDbContext> Contexts => Room.Get<IDbContextFactory<AppDbContext>>();

    private async Task OpenAsync()
    {
        shop = (await server.NewDatabaseAsync()).ConnectionString!;
        room = new AnImportRoom(
            ("Import:Connections:shop", shop), ("Import:Connections:down", "Host=127.0.0.1;Port=1;Username=u;Password=geheim;Database=d;Timeout=2"));
        await RunSqlAsync("""
            CREATE TABLE shop_orders (id int, placed timestamptz, mail text, sku text, quantity int, price numeric(10,2), changed timestamptz);
            INSERT INTO shop_orders SELECT i, '2025-11-01 10:00:00+01'::timestamptz + i * interval '1 hour', 'a' || i || '@x.de', 'A', 2, 12.50, now() - interval '2 hours'
            FROM generate_series(1, 3) i;
            """);
    }

    private async Task<PullSql> CompleteAsync(string query, string connection = "shop") =>
        (await Room.Get<SqlPulls>().CompleteAsync(new PullSql(connection, "orders", query), Stop)).Value;

    private async Task<JobRun> PullAsync(PullSql pull)
    {
        var id = await Room.Get<JobService>().StartAsync(PullSqlJob.Kind, pull, Actor.System, Stop);
        await Room.Get<JobRunner>().ExecuteAsync(id, Stop);
        return (await Room.Get<JobService>().FindAsync(id, Stop))!;
    }

    private Task<ImportView> EndAsync(JobRun run) => Room.RunAsync(Found(run).ImportId!.Value);

    private static PullSqlJob.Result Found(JobRun run) => JsonSerializer.Deserialize<PullSqlJob.Result>(run.Result!, JsonSerializerOptions.Web)!;

    private long Orders()
    {
        using var connection = Room.Lake.Open(1);
        return connection.Scalar<long>($"SELECT count(*) FROM {Room.Lake.Source(LakeTable.Orders)}");
    }

    private async Task<long> RunSqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(shop);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop) is long count ? count : 0;
    }
}
