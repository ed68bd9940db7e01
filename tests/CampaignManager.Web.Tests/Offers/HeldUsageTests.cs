using System.Globalization;
using System.Net;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>What quotes hold of customers' counters is never older than it may be, and nothing that a redemption goes by.</summary>
public sealed class HeldUsageTests(PostgresServer server)
{
    private const string OnceEach =
        """{ "name": "Ten off", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "usesPerCustomer": 1 } }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Quote_CustomersUses_SeenAtOnceFromThisNodeAndInASecondFromOthers(string provider)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-01T08:00:00Z", CultureInfo.InvariantCulture));
        await using var shop = await StartAsync(provider, server, clock);
        var id = Guid.Parse(await shop.LiveAsync(OnceEach));
        var client = await shop.KeyAsync(Scopes.Offers);
        Assert.Equal((90, 90), (await TotalAsync("here"), await TotalAsync("there")));

        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "here"), "o-1", 90)));
        Assert.Equal((100, 90), (await TotalAsync("here"), await TotalAsync("there")));
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/cancel", null));
        Assert.Equal(90, await TotalAsync("here"));

        // As another node would, of whose commits this one hears nothing.
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO "UsageCounters" ("CampaignId", "Kind", "Key", "Used", "SpentMinor")
            VALUES ({id}, {(int)UsageKind.Customer}, {"there"}, 1, 1000)
            """, Stop);
        var late = await PostAsync(client, "/redemptions", Redeem(Cart(100, "there"), "o-2", 90));
        await RefusedAsync(late, HttpStatusCode.Conflict, "total-changed");
        clock.Advance(HeldUsage.MayBeOld);
        Assert.Equal(100, await TotalAsync("there"));

        async Task<decimal> TotalAsync(string customer) =>
            (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(100, customer)}} }""")))["total"]!;
    }

    [Fact]
    public async Task Quote_CodeWhoseUsesAreCounted_IsLookedUpWhereAnotherCodeIsHeld()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        await shop.LiveAsync(Coded("ONCE", """{ "usesPerCode": 1 }"""));
        await shop.LiveAsync(Coded("OFTEN", """{ "budget": 15 }"""));
        var client = await shop.KeyAsync(Scopes.Offers);
        Assert.Equal((90, 90), (await TotalAsync("ONCE"), await TotalAsync("OFTEN")));

        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "who", "ONCE"), "o-1", 90)));
        Assert.Equal((100, 90), (await TotalAsync("ONCE"), await TotalAsync("OFTEN")));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "who", "OFTEN"), "o-2", 90)));
        Assert.Equal(100, await TotalAsync("OFTEN"));

        async Task<decimal> TotalAsync(string code) =>
            (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(100, "who", code)}} }""")))["total"]!;
    }

    private static string Coded(string code, string limits) => $$"""
        { "name": "{{code}}", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "trigger": { "code": "{{code}}" }, "limits": {{limits}} }
        """;
}
