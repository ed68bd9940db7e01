using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>The built app as a process of its own, killed in the middle of a storm of orders: nothing that was promised is lost, nothing is counted twice.</summary>
public sealed class KilledStormTests(PostgresServer server) : IDbContextFactory<AppDbContext>, IAsyncDisposable
{
    private const int Orders = 200;
    private const int Allowed = 60;

    private readonly string folder = Directory.CreateTempSubdirectory("cm-killed-storm-").FullName;
    private DatabaseOptions database = new();
    private AppProcess? app;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    // Another node might be at work on a claim without an answer, so a retry here waits until nobody has renewed it for half a minute.
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Kill_DuringTheStorm_RetriesEndInExactlyTheAllowedNumber(string provider)
    {
        database = provider == DatabaseOptions.PostgreSql ? await server.NewDatabaseAsync() : new DatabaseOptions { Path = Path.Combine(folder, "app.db") };
        app = new AppProcess(database, folder);
        var client = app.Client;
        await app.StartAsync();
        var (judge, key) = (await KeyAsync(), await KeyAsync());
        using var second = new HttpClient { BaseAddress = client.BaseAddress };
        second.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", judge);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var id = Guid.Parse(await LiveAsync(client, second, $$"""{ "name": "Storm", "offer": { "type": "amountOff", "amount": 12.07, "per": "order" }, "limits": { "uses": {{Allowed}}, "budget": 800 } }"""));

        var promised = new ConcurrentDictionary<int, string>();
        using var enough = new SemaphoreSlim(0);
        var storm = Task.WhenAll(Enumerable.Range(0, Orders).Select(async i =>
        {
            try
            {
                using var answer = await PostAsync(client, "/redemptions", Redeem(Cart(100), $"o-{i}"), $"k-{i}");
                if (answer.StatusCode == HttpStatusCode.Created)
                    promised[i] = (string)(await OkAsync(answer))["id"]!;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                // Its answer died with the process; the retry will tell.
            }

            if (promised.Count >= Allowed / 4)
                enough.Release();
        }));
        await enough.WaitAsync(Stop);
        await app.KillAsync();
        await storm;

        await app.StartAsync();
        var kept = new ConcurrentDictionary<int, string>();
        foreach (var some in Enumerable.Range(0, Orders).Chunk(20))
        {
            await Task.WhenAll(some.Select(async i =>
            {
                using var answer = await PostAsync(client, "/redemptions", Redeem(Cart(100), $"o-{i}"), $"k-{i}");
                if (answer.StatusCode == HttpStatusCode.Created)
                    kept[i] = (string)(await OkAsync(answer))["id"]!;
                else
                    await RefusedAsync(answer, HttpStatusCode.Conflict, "limit-reached");
            }));
        }

        Assert.Equal(Allowed, kept.Count);
        Assert.All(promised, p => Assert.Equal(p.Value, kept[p.Key]));
        await using var context = CreateDbContext();
        Assert.Equal(Allowed, await context.Redemptions.CountAsync(Stop));
        var counter = await context.UsageCounters.SingleAsync(u => u.CampaignId == id && u.Kind == UsageKind.All, Stop);
        Assert.Equal((Allowed, Allowed * 1207L), (counter.Used, counter.SpentMinor));
        Assert.Equal(Allowed * 1207L, (await context.Campaigns.SingleAsync(c => c.Id == id, Stop)).DiscountSpentMinor);
        using var gate = new WriterGate();
        Assert.Equal(0, (await new ReconcileUsageJob(this, gate).ReconcileAsync(null, Stop)).Differences);
    }

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, database);
        return new AppDbContext(builder.Options);
    }

    private async Task<string> KeyAsync() =>
        (await new ApiKeyService(this, TimeProvider.System, NullLogger<ApiKeyService>.Instance).CreateAsync(new NewApiKey("storm", [Scopes.Everything]), Actor.System, Stop)).Value.Key;

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
