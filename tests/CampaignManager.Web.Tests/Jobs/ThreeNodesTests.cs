using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Engine.Statistics;
using CampaignManager.Web.Tests.Hosting;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Tests.Jobs;

/// <summary>
/// The built app as three processes on one PostgreSQL database and one folder: a web node and two workers. What is started on the web node
/// is done by a worker, seen on the web node, ended by the other worker when the first is killed, and leaves the same files as when nobody
/// is killed.
/// </summary>
public sealed class ThreeNodesTests(PostgresServer server) : IDbContextFactory<AppDbContext>, IAsyncDisposable
{
    private const string Mapping = """
        {"name": "Letters", "customerId": "id", "treatment": {"column": "arm", "control": "none", "arms": ["letter"]},
         "outcomes": [{"column": "visit", "kind": "binary"}], "features": "rest"}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("cm-three-nodes-").FullName;
    private readonly List<AppProcess> nodes = [];
    private DatabaseOptions database = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_StartedOnTheWebNode_AreDoneByWorkers_AndSurviveOneThatIsKilled()
    {
        database = await server.NewDatabaseAsync();
        // Due every minute from before any node is up: all three register it.
        var schedule = await ScheduleAsync();
        var (web, one, other) = (Node("web"), Node("worker"), Node("worker"));
        // All at once: the first one makes the schema, the others wait for it.
        await Task.WhenAll(web.StartAsync(), one.StartAsync(), other.StartAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await one.Client.GetAsync("/api/v1/imports", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await one.Client.GetAsync("/healthz", Stop)).StatusCode);
        var key = await new ApiKeyService(this, TimeProvider.System, NullLogger<ApiKeyService>.Instance)
            .CreateAsync(new NewApiKey("nodes", [Scopes.Everything]), Actor.System, Stop);
        web.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);

        // Killed in the middle: the other worker ends it.
        var killed = await ImportAsync(web);
        await UntilAsync(web, killed, import => import.GetProperty("state").GetString() == "running"
            && import.GetProperty("progress").GetDouble() is > 0 and < 0.8);
        var holder = (await RunAsync(killed)).Node;
        var (dead, survivor) = one.Node == holder ? (one, other) : (other, one);
        Assert.Equal(holder, dead.Node);
        await dead.KillAsync();
        var ended = await UntilAsync(web, killed, import =>
            import.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled");
        Assert.Equal("succeeded", ended.GetProperty("state").GetString());
        var run = await RunAsync(killed);
        Assert.Equal((JobState.Succeeded, 2, survivor.Node), (run.State, run.Attempt, run.Node!.Value));

        // The same file brought in by one worker in one go leaves the same.
        var whole = await UntilAsync(web, await ImportAsync(web), import =>
            import.GetProperty("state").GetString() is "succeeded" or "failed");
        Assert.Equal(await HashAsync(whole), await HashAsync(ended));

        // Cancelled on the web node while the worker is at it.
        var unwanted = await ImportAsync(web);
        await UntilAsync(web, unwanted, import => import.GetProperty("state").GetString() == "running");
        Assert.Equal(HttpStatusCode.NoContent, (await web.Client.PostAsync($"/api/v1/imports/{unwanted}/cancel", null, Stop)).StatusCode);
        await UntilAsync(web, unwanted, import => import.GetProperty("state").GetString() == "cancelled");

        await FiredAsync(schedule);
    }

    private AppProcess Node(string role)
    {
        var node = new AppProcess(database, folder, "--Role", role);
        nodes.Add(node);
        return node;
    }

    private async Task<Guid> ScheduleAsync()
    {
        await new DatabasePreparation(this, Options.Create(database)).RunAsync(Stop);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var schedule = new Schedule
        {
            Id = Guid.NewGuid(),
            Name = "Every minute",
            Kind = ReconcileUsageJob.Kind,
            Arguments = "{}",
            Cron = "* * * * *",
            Zone = "UTC",
            SettledUntil = now,
            CreatedAt = now,
        };
        await using var context = CreateDbContext();
        context.Schedules.Add(schedule);
        await context.SaveChangesAsync(Stop);
        return schedule.Id;
    }

    /// <summary>Two occurrences and more are over by now, or soon: each has one run, and no worker began one twice.</summary>
    private async Task FiredAsync(Guid schedule)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var looks = 0; ; looks++)
        {
            await using var context = CreateDbContext();
            var runs = await context.JobRuns.AsNoTracking().Where(r => r.ScheduleId == schedule).ToListAsync(Stop);
            if (runs.Count(r => r.State == JobState.Succeeded) >= 2)
            {
                Assert.Equal(runs.Count, runs.Select(r => r.DueAt).Distinct().Count());
                Assert.All(runs, r => Assert.InRange(r.Attempt, 0, 1));
                return;
            }

            Assert.True(looks < 360, "The schedule did not fire twice in three minutes.");
            await timer.WaitForNextTickAsync(Stop);
        }
    }

    private static async Task<Guid> ImportAsync(AppProcess web)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("experiment"), "kind" },
            { new StringContent(Mapping), "mapping" },
            { new ByteArrayContent(Letters.Value), "file", "letters.csv" },
        };
        var posted = await web.Client.PostAsync("/api/v1/imports", form, Stop);
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        return (await posted.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    /// <summary>As the web node shows it.</summary>
    private static async Task<JsonElement> UntilAsync(AppProcess web, Guid import, Func<JsonElement, bool> reached)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var looks = 0; looks < 3600; looks++)
        {
            var shown = await web.Client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{import}", Stop);
            if (reached(shown))
                return shown;
            await timer.WaitForNextTickAsync(Stop);
        }

        throw new TimeoutException($"Import {import} did not get there.");
    }

    private async Task<JobRun> RunAsync(Guid import)
    {
        await using var context = CreateDbContext();
        var run = await context.ImportRuns.Where(i => i.Id == import).Select(i => i.JobRunId).SingleAsync(Stop);
        return await context.JobRuns.AsNoTracking().SingleAsync(r => r.Id == run, Stop);
    }

    /// <summary>Of all rows by their number; the column that names the experiment differs by what it is for.</summary>
    private async Task<string> HashAsync(JsonElement import)
    {
        var name = import.GetProperty("experimentId").GetGuid().ToString("N");
        var table = Directory.GetFiles(Path.Combine(folder, "lake"), "table.parquet", SearchOption.AllDirectories)
            .Single(f => f.Replace("-", "", StringComparison.Ordinal).Contains(name, StringComparison.Ordinal));
        var rows = Path.Combine(folder, name + ".csv");
        await using var duck = new DuckDBConnection("DataSource=:memory:");
        await duck.OpenAsync(Stop);
        await using var copy = duck.CreateCommand();
        copy.CommandText = $"COPY (SELECT * EXCLUDE (campaign_id) FROM read_parquet('{table}') ORDER BY 1) TO '{rows}' (FORMAT csv)";
        Assert.Equal(300_000, await copy.ExecuteNonQueryAsync(Stop));
        return Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(rows, Stop)));
    }

    private static readonly Lazy<byte[]> Letters = new(() =>
    {
        var random = new SeededRandom(7);
        var text = new StringBuilder("id,arm,visit,age,channel\n");
        for (var i = 0; i < 300_000; i++)
        {
            var (arm, channel) = (i % 2 == 0 ? "letter" : "none", random.NextInt(3) == 0 ? "app" : "web");
            text.Append(CultureInfo.InvariantCulture, $"C-{i},{arm},{random.NextInt(2)},{18 + random.NextInt(60)},{channel}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    });

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, database);
        return new AppDbContext(builder.Options);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
