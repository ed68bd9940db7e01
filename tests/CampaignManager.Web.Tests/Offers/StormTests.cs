using System.Net;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>200 orders at once over HTTP, on both databases: exactly as many succeed as the limits allow, and the budget ends exact.</summary>
public sealed class StormTests(PostgresServer server)
{
    private const int Orders = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_200AtOnceWithAUseLimit_ExactlyTheAllowedSucceed(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await shop.LiveAsync("""{ "name": "Seven", "offer": { "type": "fullReduction", "tiers": [{ "spend": 100, "off": 10 }] }, "limits": { "uses": 7 } }""");
        var answers = await StormAsync(shop, i => Redeem(Cart(120, $"c{i}"), $"order-{i}", 110));
        Assert.Equal((7, Orders - 7), (answers.Count(a => a == HttpStatusCode.Created), answers.Count(a => a == HttpStatusCode.Conflict)));
        await ExactAsync(shop, id, 7, 7_000);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_200AtOnceWithABudget_EndsExactToTheMinorUnit(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        // 41 whole discounts of 12.07 fit; 5.13 is left, which "reject" does not hand out and "partial" does.
        var reject = await shop.LiveAsync("""{ "name": "Reject", "scope": { "include": { "skus": ["S-1"] } }, "offer": { "type": "amountOff", "amount": 12.07, "per": "order" }, "limits": { "budget": 500 } }""");
        var answers = await StormAsync(shop, i => Redeem(Cart(100, $"c{i}"), $"order-{i}"));
        Assert.Equal(41, answers.Count(a => a == HttpStatusCode.Created));
        await ExactAsync(shop, reject, 41, 41 * 1207);

        var partial = await shop.LiveAsync("""{ "name": "Partial", "offer": { "type": "amountOff", "amount": 12.07, "per": "order" }, "limits": { "budget": 500, "onBudgetShort": "partial" } }""");
        answers = await StormAsync(shop, i => Redeem(Cart(100, $"c{i}"), $"second-{i}"));
        Assert.Equal(42, answers.Count(a => a == HttpStatusCode.Created));
        await ExactAsync(shop, partial, 42, 50_000);
        Assert.Equal(0, (await shop.Services.GetRequiredKeyedService<Application.Jobs.IJob>(ReconcileUsageJob.Kind).As<ReconcileUsageJob>().ReconcileAsync(null, Stop)).Differences);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_OneOrderManyTimesAtOnce_OneRedemption(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await shop.LiveAsync("""{ "name": "Once", "offer": { "type": "amountOff", "amount": 5, "per": "order" }, "limits": { "usesPerCustomer": 1, "usesPerDay": 50 } }""");
        var answers = await StormAsync(shop, _ => Redeem(Cart(100, "c"), "the-order"));
        Assert.Equal(1, answers.Count(a => a == HttpStatusCode.Created));
        await ExactAsync(shop, id, 1, 500);
        // Another order of the same customer finds the limit reached.
        var client = await shop.KeyAsync(Scopes.Offers);
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "c"), "next")), HttpStatusCode.Conflict, "limit-reached");
        Assert.Equal(100, (decimal)(await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "c"), "next", 100))))["total"]!);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_50AtOnceWithOneUse_ExactlyOneSucceeds(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await shop.LiveAsync("""{ "name": "One", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "uses": 1, "budget": 10 } }""");
        var client = await shop.KeyAsync(Scopes.Offers);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => PostAsync(client, "/redemptions", Redeem(Cart(100, $"c{i}"), $"o-{i}"))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        await ExactAsync(shop, id, 1, 1000);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_HalfOfTheCallersHangUp_TheOthersSucceedAndAllIsCountedOnce(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await shop.LiveAsync("""{ "name": "Calls", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "uses": 1000, "budget": 10000 } }""");
        var client = await shop.KeyAsync(Scopes.Offers);
        using var hangUp = new CancellationTokenSource();
        var staying = 0;
        await Task.WhenAll(Enumerable.Range(0, 80).Select(async i =>
        {
            using var call = new HttpRequestMessage(HttpMethod.Post, "/api/v1/redemptions");
            call.Content = new StringContent(Redeem(Cart(100, $"c{i}"), $"o-{i}"), System.Text.Encoding.UTF8, "application/json");
            call.Headers.Add("Idempotency-Key", $"k-{i}");
            try
            {
                using var answer = await client.SendAsync(call, i % 2 == 0 ? Stop : hangUp.Token);
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                if (Interlocked.Increment(ref staying) == 5)
                    await hangUp.CancelAsync();
            }
            catch (OperationCanceledException) when (i % 2 == 1)
            {
                // What became of it the shop learns by asking again.
            }
        }));
        for (var i = 0; i < 80; i++)
            await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, $"c{i}"), $"o-{i}"), $"k-{i}"));
        await ExactAsync(shop, id, 80, 80_000);
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> StormAsync(OfferShop shop, Func<int, string> body)
    {
        var client = await shop.KeyAsync(Scopes.Offers);
        return await Task.WhenAll(Enumerable.Range(0, Orders).Select(async i => (await PostAsync(client, "/redemptions", body(i), $"key-{i}-{body(i).GetHashCode()}")).StatusCode));
    }

    private static async Task ExactAsync(OfferShop shop, string id, long uses, long spent)
    {
        var campaign = Guid.Parse(id);
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        var counter = await context.UsageCounters.SingleAsync(u => u.CampaignId == campaign && u.Kind == UsageKind.All, Stop);
        var parts = await context.RedemptionCampaigns.Where(p => p.CampaignId == campaign).ToListAsync(Stop);
        var budget = (await context.Campaigns.SingleAsync(c => c.Id == campaign, Stop)).DiscountSpentMinor;
        Assert.Equal((uses, spent, uses, spent, spent), (counter.Used, counter.SpentMinor, parts.Count, parts.Sum(p => p.AmountMinor), budget));
    }
}

internal static class Casting
{
    public static T As<T>(this object value) => (T)value;
}
