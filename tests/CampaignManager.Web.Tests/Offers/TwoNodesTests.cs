using System.Net.Http.Headers;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Webhooks;
using CampaignManager.Application.Webhooks;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>Two processes of the built app over one database: what is changed through one is seen by the other within a second, and what one leaves undone the other does.</summary>
public sealed class TwoNodesTests(PostgresServer server) : IDbContextFactory<AppDbContext>, IAsyncDisposable
{
    private const string TenOff = """{ "name": "Ten off", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "trigger": { "uniqueCodes": true } }""";

    private readonly string folder = Directory.CreateTempSubdirectory("cm-two-nodes-").FullName;
    private DatabaseOptions database = new();
    private AppProcess? one, other;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_OnOneNode_AreSeenOnTheOtherWithinASecond_AndAMessageIsSentOnce()
    {
        database = await server.NewDatabaseAsync();
        (one, other) = (new AppProcess(database, folder), new AppProcess(database, folder));
        await one.StartAsync();
        await other.StartAsync();
        using var listener = new Listener();
        var (maker, judge, till) = (await ClientAsync(one, Scopes.Everything), await ClientAsync(one, Scopes.Everything), await ClientAsync(other, Scopes.Offers));
        await OkAsync(await PostAsync(maker, "/webhooks", $$"""{ "url": "{{listener.Url}}", "events": ["campaign.started", "campaign.ended"] }"""));
        await SeesAsync(till, 100);

        var id = await LiveAsync(maker, judge, TenOff);
        await OkAsync(await PostAsync(maker, $"/campaigns/{id}/codes", """{ "codes": ["ONE"] }"""));
        await SeesAsync(till, 90);
        await OkAsync(await PostAsync(maker, $"/campaigns/{id}/pause", null));
        await SeesAsync(till, 100);
        await OkAsync(await PostAsync(maker, $"/campaigns/{id}/resume", null));
        await SeesAsync(till, 90);
        await PostAsync(maker, $"/campaigns/{id}/codes/one/revoke", null);
        await SeesAsync(till, 100);

        // Killed right after it has written what is to be told: the other node tells it, and nobody tells anything twice.
        await OkAsync(await PostAsync(maker, $"/campaigns/{id}/end", null));
        await one.KillAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; listener.Messages.Select(m => m.Topic).Distinct().Count() < 2; tries++)
        {
            Assert.True(tries < 600, "The other node did not send the message.");
            await ReleaseAsync();
            await timer.WaitForNextTickAsync(Stop);
        }

        Assert.Single(listener.Messages, m => m.Topic == WebhookTopics.CampaignStarted);
        Assert.Single(listener.Messages.Where(m => m.Topic == WebhookTopics.CampaignEnded).Select(m => m.Id).Distinct());
    }

    /// <summary>A question put a second after the change must be answered by it; one put sooner may.</summary>
    private static async Task SeesAsync(HttpClient till, decimal total)
    {
        var changed = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var asked = TimeProvider.System.GetElapsedTime(changed);
            if ((decimal)(await OkAsync(await PostAsync(till, "/offers/quote", $$"""{ "cart": {{Cart(100, code: "one")}} }""")))["total"]! == total)
                return;
            Assert.True(asked < TimeSpan.FromSeconds(1), $"Asked {asked} after the change, the other node still did not answer {total}.");
        }
    }

    /// <summary>Should the killed node have died while sending, its claim runs out at once instead of after minutes.</summary>
    private async Task ReleaseAsync()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var later = now + TimeSpan.FromSeconds(30);
        await using var context = CreateDbContext();
        await context.WebhookDeliveries.Where(d => d.State == DeliveryState.Pending && d.ClaimId != null && d.Attempts == 1 && d.NextAttemptAt > later).ExecuteUpdateAsync(s => s.SetProperty(d => d.NextAttemptAt, now), Stop);
    }

    private async Task<HttpClient> ClientAsync(AppProcess node, string scope)
    {
        var key = await new ApiKeyService(this, TimeProvider.System, NullLogger<ApiKeyService>.Instance).CreateAsync(new NewApiKey("node", [scope]), Actor.System, Stop);
        var client = new HttpClient { BaseAddress = node.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, database);
        return new AppDbContext(builder.Options);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in (AppProcess?[])[one, other])
        {
            if (node is not null)
                await node.DisposeAsync();
        }

        await TestFolder.DeleteAsync(folder);
    }
}
