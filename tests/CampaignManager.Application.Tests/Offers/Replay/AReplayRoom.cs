using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Tests.Jobs;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace CampaignManager.Application.Tests.Offers.Replay;

/// <summary>The app's services over a database and a lake of their own, 1 October 2026. Runs are executed by hand.</summary>
internal sealed class AReplayRoom : IAsyncDisposable
{
    public static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);

    private readonly string folder = Directory.CreateTempSubdirectory("cm-replay-").FullName;
    private readonly ServiceProvider services;
    private readonly List<string> orders = [];
    private readonly List<string> orderLines = [];

    private AReplayRoom(int buckets)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Lake:Buckets"] = buckets.ToString(),
            ["Models:Path"] = Path.Combine(folder, "models"),
        }).Build();
        services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<IHostEnvironment>(new HostingEnvironment())
            .AddSingleton<TimeProvider>(Clocks.At("2026-10-01T00:00:00Z")).AddCampaignManager(configuration).BuildServiceProvider();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public DataLake Lake => Get<DataLake>();

    public ReplayService Replays => Get<ReplayService>();

    public static async Task<AReplayRoom> OpenAsync(int buckets = 4)
    {
        var room = new AReplayRoom(buckets);
        await using var context = await room.ContextAsync();
        await context.Database.EnsureCreatedAsync();
        return room;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public Task<AppDbContext> ContextAsync() => Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();

    public void Put(LakeTable table, string rowsSql)
    {
        using var connection = Lake.Open();
        using var batch = Lake.Begin("test");
        batch.Add(connection, table, rowsSql, Path.GetRandomFileName());
        batch.Commit();
    }

    public void Rows(LakeTable table, string values) => Put(table, $"SELECT * FROM (VALUES {values}) AS t({table.ColumnList})");

    /// <summary>An order with its lines, at the prices given. Written by <see cref="WriteOrders"/>.</summary>
    public void Order(string id, string? customer, string at, long shipping, params (string Sku, string Category, int? Quantity, long? Price)[] lines)
    {
        var who = customer is null ? "NULL" : $"'{customer}'";
        var list = lines.Sum(l => (l.Quantity ?? 0) * (l.Price ?? 0));
        orders.Add($"('{id}', {who}, TIMESTAMP '{at}', 'app', {list}, 100, {shipping}, {list - 100 + shipping}, NULL, NULL)");
        orderLines.AddRange(lines.Select(l => $"('{id}', {who}, TIMESTAMP '{at}', '{l.Sku}', '{l.Category}', {Sql(l.Quantity)}, {Sql(l.Price)}, 0, NULL, NULL)"));

        static string Sql<T>(T? value)
            where T : struct => value is { } known ? FormattableString.Invariant($"{known}") : "NULL";
    }

    public void WriteOrders()
    {
        Rows(LakeTable.Orders, string.Join(", ", orders));
        Rows(LakeTable.OrderLines, string.Join(", ", orderLines));
    }

    public async Task<Guid> CampaignAsync(CampaignRules rules, CampaignStatus status = CampaignStatus.Draft, string name = "Autumn")
    {
        var id = (await Get<CampaignService>().CreateDraftAsync(name, rules, Mia, Stop)).Value;
        await using var context = await ContextAsync();
        await context.Campaigns.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Status, status), Stop);
        return id;
    }

    public async Task<Guid> StartAsync(Guid campaign, int days = 30) => (await Replays.StartAsync(campaign, days, Mia, Stop)).Value;

    public Task ExecuteAsync(Guid run, CancellationToken shutdown = default) => Get<JobRunner>().ExecuteAsync(run, shutdown);

    public async Task<ReplayResult> ReplayAsync(Guid campaign, int days = 30)
    {
        var run = await StartAsync(campaign, days);
        await ExecuteAsync(run);
        var ended = (await Get<JobService>().FindAsync(run, Stop))!;
        Assert.True(ended.State == JobState.Succeeded, $"{ended.State}: {ended.Error}");
        return (await Replays.ResultAsync(campaign, run, Stop))!.Result;
    }

    public async Task<JobRun> RunAsync(Guid run) => (await Get<JobService>().FindAsync(run, Stop))!;

    /// <summary>What is kept, as it is kept.</summary>
    public async Task<List<string>> KeptAsync()
    {
        await using var context = await ContextAsync();
        return await context.CampaignReplays.OrderBy(r => r.CampaignVersion).Select(r => r.ResultJson).ToListAsync(Stop);
    }

    public static string Json(ReplayResult result) => JsonSerializer.Serialize(result, RulesJson.Options);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
