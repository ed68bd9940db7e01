using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Webhooks;
using CampaignManager.Application.Webhooks;
using CampaignManager.Web.Tests.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Webhooks;

/// <summary>What a campaign's life tells, from its launch over its budget to its end.</summary>
public sealed class WebhookStoryTests(PostgresServer server)
{
    private const string TenOff = """{ "name": "Ten off", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "budget": 100 } }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Campaign_LaunchedSpentAndEnded_TellsEachOnce(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        await SubscribeAsync(shop, "http://127.0.0.1:9/");
        var id = await shop.LiveAsync(TenOff);
        var (client, sandbox, staff) = (await shop.KeyAsync(Scopes.Offers), await shop.KeyAsync(true, Scopes.Offers), await shop.KeyAsync(Scopes.Campaigns));
        Assert.Equal([WebhookTopics.CampaignStarted], await ToldAsync(shop));
        // A sandbox spends nothing, however much it redeems.
        for (var i = 0; i < 12; i++)
            await OkAsync(await PostAsync(sandbox, "/redemptions", Redeem(Cart(100), $"s-{i}", 90)));
        List<string> made = [];
        for (var i = 0; i < 7; i++)
            made.Add((string)(await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), $"o-{i}", 90))))["id"]!);
        Assert.Equal([WebhookTopics.CampaignStarted], await ToldAsync(shop));

        // Of several orders over the line at once one tells; falling back below it and passing it again tells nothing.
        await Task.WhenAll(Enumerable.Range(7, 2).Select(async i => await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), $"o-{i}", 90)))));
        Assert.Equal([WebhookTopics.CampaignStarted, WebhookTopics.BudgetLow], await ToldAsync(shop));
        foreach (var gone in made.Take(3))
            await OkAsync(await PostAsync(client, $"/redemptions/{gone}/cancel", null));
        for (var i = 20; i < 23; i++)
            await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), $"o-{i}", 90)));
        Assert.Equal([WebhookTopics.CampaignStarted, WebhookTopics.BudgetLow], await ToldAsync(shop));

        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "last", 90)));
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "late", 90)), HttpStatusCode.Conflict, "total-changed");
        await OkAsync(await PostAsync(staff, $"/campaigns/{id}/end", null));
        Assert.Equal([WebhookTopics.CampaignStarted, WebhookTopics.BudgetLow, WebhookTopics.BudgetExhausted, WebhookTopics.CampaignEnded], await ToldAsync(shop));

        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        var low = JsonNode.Parse((await context.WebhookEvents.SingleAsync(e => e.Topic == WebhookTopics.BudgetLow, Stop)).Body)!["data"]!;
        Assert.Equal((id, "CNY", 100m, 80m, 20m, 80m), ((string)low["campaignId"]!, (string)low["currency"]!, (decimal)low["budget"]!, (decimal)low["spent"]!, (decimal)low["left"]!, (decimal)low["percent"]!));
        Assert.Equal(0, (await shop.Services.GetRequiredKeyedService<IJob>(ReconcileUsageJob.Kind).As<ReconcileUsageJob>().ReconcileAsync(null, Stop)).Differences);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Budget_TooShortForAnOrder_IsExhausted_AlsoWhenTheOrderIsRefused(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        await SubscribeAsync(shop, "http://127.0.0.1:9/");
        await shop.LiveAsync(TenOff.Replace("\"budget\": 100", "\"budget\": 15"));
        var client = await shop.KeyAsync(Scopes.Offers);
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "o-1", 90)));
        Assert.DoesNotContain(WebhookTopics.BudgetExhausted, await ToldAsync(shop));
        await Task.WhenAll(Enumerable.Range(2, 5).Select(async i =>
            await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), $"o-{i}", 90)), HttpStatusCode.Conflict, "total-changed")));
        Assert.Single(await ToldAsync(shop), WebhookTopics.BudgetExhausted);
    }

    [Fact]
    public async Task Api_MakeTestLogRedeliverRotateDelete()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        using var listener = new Listener();
        var admin = await shop.KeyAsync(Scopes.Everything);
        var body = $$"""{ "url": "{{listener.Url}}", "events": ["campaign.started"], "active": false }""";
        var made = await OkAsync(await PostAsync(admin, "/webhooks", body, "once"));
        Assert.Equal((string)made["id"]!, (string)(await OkAsync(await PostAsync(admin, "/webhooks", body, "once")))["id"]!);
        var address = $"/webhooks/{made["id"]}";
        Assert.StartsWith("whsec_", (string)made["secret"]!, StringComparison.Ordinal);
        Assert.Null((await OkAsync(await admin.GetAsync("/api/v1" + address, Stop)))["secret"]);

        Assert.Equal(200, (int)(await OkAsync(await PostAsync(admin, address + "/test", null)))["status"]!);
        var log = await OkAsync(await admin.GetAsync($"/api/v1{address}/deliveries?state=delivered", Stop));
        Assert.Equal((1, "webhook.test"), ((int)log["total"]!, (string)log["items"]![0]!["topic"]!));
        Assert.True((bool)(await OkAsync(await PostAsync(admin, $"{address}/deliveries/{log["items"]![0]!["id"]}/redeliver", null)))["arrived"]!);
        var detail = await OkAsync(await admin.GetAsync($"/api/v1{address}/deliveries/{log["items"]![0]!["id"]}", Stop));
        Assert.Equal((2, listener.Messages.Last().Body), (detail["attempts"]!.AsArray().Count, (string)detail["body"]!));

        var secret = (string)(await OkAsync(await PostAsync(admin, address + "/secret", null)))["secret"]!;
        Assert.NotEqual((string)made["secret"]!, secret);
        await OkAsync(await PostAsync(admin, address + "/test", null));
        var last = listener.Messages.Last();
        Assert.True(WebhookSignature.Verify(secret, last.Timestamp, last.Signature, last.Body, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1" + address, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/v1" + address, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("""{ "events": ["campaign.started"] }""", "url")]
    [InlineData("""{ "url": "ftp://a.example", "events": ["campaign.started"] }""", "url")]
    [InlineData("""{ "url": "http://169.254.169.254/", "events": ["campaign.started"] }""", "url")]
    [InlineData("""{ "url": "https://a.example", "events": [] }""", "events")]
    [InlineData("""{ "url": "https://a.example", "events": ["campaign.exploded"] }""", "events")]
    [InlineData("""{ "url": "https://a.example", "events": [null] }""", "events")]
    [InlineData("""{ "url": "https://a.example", "events": "all" }""", "events")]
    public async Task Api_BadWebhook_NamesTheField(string body, string path)
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var problem = await RefusedAsync(await PostAsync(await shop.KeyAsync(Scopes.Everything), "/webhooks", body), HttpStatusCode.BadRequest, "invalid");
        Assert.Contains(path, problem["errors"]!.AsObject().Select(e => e.Key));
        await RefusedAsync(await PostAsync(await shop.KeyAsync(Scopes.Campaigns), "/webhooks", body.Replace("\"all\"", "[]")), HttpStatusCode.Forbidden, "forbidden");
    }

    private static async Task SubscribeAsync(OfferShop shop, string url) =>
        Assert.True((await shop.Services.GetRequiredService<WebhookService>().CreateAsync(new WebhookDraft(url, null, WebhookTopics.All), Actor.System, Stop)).Succeeded);

    private static async Task<string[]> ToldAsync(OfferShop shop)
    {
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        return await context.WebhookEvents.OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => e.Topic).ToArrayAsync(Stop);
    }
}
