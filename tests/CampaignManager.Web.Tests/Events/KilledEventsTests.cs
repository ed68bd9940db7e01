using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Tests.Events;

/// <summary>The app as a process, killed while events come in and while they go into the lake: what was answered is there, and nothing twice.</summary>
public sealed class KilledEventsTests : IDbContextFactory<AppDbContext>, IDisposable
{
    private const int BatchSize = 50;

    private readonly string folder = Directory.CreateTempSubdirectory("cm-killed-events-").FullName;
    private readonly ConcurrentDictionary<int, bool> answered = [];

    private DatabaseOptions Database => new() { Path = Path.Combine(folder, "app.db") };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_WhileEventsComeInAndGoToTheLake_AllThatWereAnsweredAreThereOnce()
    {
        string[] settings = ["--Events:CompactAfterRows", "1", "--Lake:Buckets", "2"];
        var key = "";
        var next = 0;
        foreach (var kills in (int[])[40, 150, 0])
        {
            await using var app = new AppProcess(Database, folder, settings);
            await app.StartAsync();
            key = key == "" ? await KeyAsync() : key;
            app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            // Whoever got no answer sends the same again.
            foreach (var lost in Enumerable.Range(0, next).Where(n => !answered.ContainsKey(n)))
                await SendAsync(app.Client, lost);
            if (kills == 0)
            {
                await EmptyAsync();
                break;
            }

            var target = answered.Count + kills;
            var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(
                async () =>
                {
                    while (await SendAsync(app.Client, Interlocked.Increment(ref next) - 1))
                    {
                    }
                },
                Stop)).ToList();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            // The second time in the middle of the way into the lake, whatever it is at by then.
            while (answered.Count < target || (kills > 100 && !Directory.EnumerateDirectories(Path.Combine(folder, "lake"), "work-*", SearchOption.AllDirectories).Any()))
                await timer.WaitForNextTickAsync(Stop);
            await app.KillAsync();
            await Task.WhenAll(senders);
        }

        var lake = new DataLake(Options.Create(new LakeOptions { Path = Path.Combine(folder, "lake"), Buckets = 2 }), TimeProvider.System);
        using var connection = lake.Open(1);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT event_id FROM {lake.Source(LakeTable.Events)}";
        var found = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync(Stop))
        {
            while (await reader.ReadAsync(Stop))
                found.Add(reader.GetString(0));
        }

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Equal(next, answered.Count);
        Assert.Equal(next * BatchSize, found.Count);
        Assert.True(next >= 190);
    }

    private static string Id(int batch, int i) => string.Create(CultureInfo.InvariantCulture, $"{batch}-{i}");

    /// <returns>Whether it was answered.</returns>
    private async Task<bool> SendAsync(HttpClient client, int batch)
    {
        var body = "[" + string.Join(",", Enumerable.Range(0, BatchSize).Select(i =>
            $$"""{"eventId":"{{Id(batch, i)}}","type":"view","customerId":"C{{i}}","sku":"S","at":"2026-11-01T18:00:00Z"}""")) + "]";
        try
        {
            using var answer = await client.PostAsync("/api/v1/events", new StringContent(body, Encoding.UTF8, "application/json"), Stop);
            var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
            Assert.Equal(BatchSize, said.GetProperty("accepted").GetInt32() + said.GetProperty("duplicates").GetInt32());
            answered[batch] = true;
            return true;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async Task<string> KeyAsync() => (await new ApiKeyService(this, TimeProvider.System, NullLogger<ApiKeyService>.Instance)
        .CreateAsync(new NewApiKey("events", [Scopes.Data]), Actor.System, Stop)).Value.Key;

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, Database);
        return new AppDbContext(builder.Options);
    }

    private async Task EmptyAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "events-buffer.db")};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM event_buffer) + (SELECT count(*) FROM event_batch)";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; (long)(await command.ExecuteScalarAsync(Stop))! > 0; tries++)
        {
            Assert.True(tries < 1800, "The buffer was not put into the lake.");
            await timer.WaitForNextTickAsync(Stop);
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
