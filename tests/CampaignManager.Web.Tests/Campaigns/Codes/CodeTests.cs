using System.Net;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Web.Campaigns.Codes;
using CampaignManager.Web.Tests.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Campaigns.Codes;

public sealed class CodeTests(PostgresServer server)
{
    private const string Coded = """{ "name": "Codes", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "trigger": { "uniqueCodes": true } }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Issue_AHundredThousand_AllThereAllDifferentWithoutLookAlikes(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await DraftAsync(shop);
        var codes = shop.Services.GetRequiredService<CodeService>();
        var made = (await codes.IssueAsync(id, new NewCodes("All", NewCodes.MostCodes, " mai-", 6, null, null), Actor.System, Stop)).Value;
        Assert.Equal(NewCodes.MostCodes, made.Codes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(made.Codes, c => Assert.Matches("^mai-[A-HJKMNP-Z2-9]{6}$", c));
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        Assert.Equal(NewCodes.MostCodes, await context.IssuedCodes.CountAsync(c => c.CampaignId == id && c.MaxUses == 1 && c.Normalised.StartsWith("MAI-"), Stop));
        await RefusedAsync(await PostAsync(await shop.KeyAsync(Scopes.Campaigns), $"/campaigns/{id}/codes", """{ "count": 100001 }"""), HttpStatusCode.BadRequest, "invalid");
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Issue_OwnCodes_OneTakenInAnotherWidth_NamesItAndAddsNone(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await DraftAsync(shop);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        await OkAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "codes": ["Spring \"A\"", "Ünïcode"] }"""));
        var problem = await RefusedAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "codes": ["fresh", "ｓｐｒｉｎｇ \"Ａ\""] }"""), HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(["codes[1]"], problem["errors"]!.AsObject().Select(e => e.Key));
        await RefusedAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "codes": ["a", "A "] }"""), HttpStatusCode.BadRequest, "invalid");
        var listed = await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/codes?sort=code", Stop));
        Assert.Equal(["Spring \"A\"", "Ünïcode"], listed["items"]!.AsArray().Select(i => (string)i!["code"]!));
        Assert.Equal(1, (int)(await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/code-batches", Stop)))["total"]!);
    }

    [Fact]
    public async Task Codes_FilteredByStateAndBatch_CountsAreTheDatabases()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(Coded);
        var (staff, client) = (await shop.KeyAsync(Scopes.Campaigns), await shop.KeyAsync(Scopes.Offers));
        var first = await OkAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "name": "Mail", "codes": ["ONE", "TWO", "THREE"], "usesPerCode": 2 }"""));
        await OkAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "count": 40 }"""));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: "one"), "A-1", 90)));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: "one"), "A-2", 90)));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: "two"), "A-3", 90)));
        await PostAsync(staff, $"/campaigns/{id}/codes/three/revoke", null);

        Assert.Equal(["ONE"], await NamesAsync("state=usedUp"));
        Assert.Equal(["TWO"], await NamesAsync("state=used"));
        Assert.Equal(["THREE"], await NamesAsync("state=revoked"));
        Assert.Equal(40, (int)(await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/codes?state=unused&pageSize=5", Stop)))["total"]!);
        Assert.Equal(["ONE", "THREE", "TWO"], await NamesAsync($"batch={first["id"]}&sort=code"));
        Assert.Equal(20, (decimal)(await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/codes?q=one", Stop)))["items"]![0]!["spent"]!);
        await RefusedAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/codes?state=lost", Stop), HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(2, (await staff.GetStringAsync($"/api/v1/campaigns/{id}/codes.csv?state=usedUp", Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        var list = shop.Services.GetRequiredService<CodeList>();
        Assert.Equal(new CodeSummary(3, 0, 0, 43, 2, 2), await list.SummaryAsync(Guid.Parse(id), null, Stop));
        var batch = Assert.Single((await list.BatchesAsync(Guid.Parse(id), new PageRequest(), Stop)).Items, b => b.Name == "Mail");
        Assert.Equal((3, 2, 1), (batch.Count, batch.Used, batch.Revoked));

        async Task<IEnumerable<string>> NamesAsync(string query) =>
            (await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/codes?{query}", Stop)))["items"]!.AsArray().Select(i => (string)i!["code"]!);
    }

    [Fact]
    public async Task Revoke_ACodeAndABatch_RefusedByTheQuote_AndTakenBack()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(Coded);
        var (staff, client) = (await shop.KeyAsync(Scopes.Campaigns), await shop.KeyAsync(Scopes.Offers));
        var batch = await OkAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "codes": ["ONE", "TWO"] }"""));
        Assert.Equal(90, await TotalAsync("one"));
        await PostAsync(staff, $"/campaigns/{id}/codes/one/revoke", null);
        Assert.Equal(100, await TotalAsync("one"));
        await PostAsync(staff, $"/campaigns/{id}/code-batches/{batch["id"]}/revoke", null);
        Assert.Equal(100, await TotalAsync("two"));
        await RefusedAsync(await PostAsync(staff, $"/campaigns/{id}/codes/two/restore", null), HttpStatusCode.Conflict, "batch-revoked");
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: "two"), "A-1", 90)), HttpStatusCode.Conflict, "total-changed");

        // The batch comes back as it was: what was revoked by itself stays so.
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(staff, $"/campaigns/{id}/code-batches/{batch["id"]}/restore", null)).StatusCode);
        Assert.Equal((100m, 90m), (await TotalAsync("one"), await TotalAsync("two")));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(staff, $"/campaigns/{id}/codes/ｏｎｅ/restore", null)).StatusCode);
        Assert.Equal(90, await TotalAsync("one"));
        await RefusedAsync(await PostAsync(staff, $"/campaigns/{id}/code-batches/{Guid.NewGuid()}/revoke", null), HttpStatusCode.NotFound, "not-found");

        async Task<decimal> TotalAsync(string code) => (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(100, code: code)}} }""")))["total"]!;
    }

    [Fact]
    public async Task Codes_OfAnothersCampaign_MarketerMayNot()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await DraftAsync(shop);
        var codes = shop.Services.GetRequiredService<CodeService>();
        var stranger = Actor.Of("mia", "Mia", Roles.Marketer);
        Assert.Equal(FailureKind.Forbidden, (await codes.IssueAsync(id, new NewCodes(null, 5, null, null, null, null), stranger, Stop)).Failure!.Kind);
        var batch = (await codes.IssueAsync(id, new NewCodes(null, 5, null, null, null, null), Actor.System, Stop)).Value;
        Assert.Equal(FailureKind.Forbidden, (await codes.RevokeAsync(id, batch.Codes[0], stranger, Stop)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await codes.RevokeBatchAsync(id, batch.Id, stranger, Stop)).Failure!.Kind);
    }

    [Theory]
    [InlineData("A1\nB2\r\n\n C3 ", new[] { "A1", "B2", "C3" })]
    [InlineData("\uFEFFcode,batch\nA1,Mail\n\"B,2\"\"x\",Mail", new[] { "A1", "B,2\"x" })]
    [InlineData("A1;9\nB2\t7", new[] { "A1", "B2" })]
    [InlineData("", new string[0])]
    public void Read_ListsAndTables_TakesTheFirstColumn(string text, string[] codes) => Assert.Equal(codes, CodeCsv.Read(text));

    private static async Task<Guid> DraftAsync(OfferShop shop) => Guid.Parse((string)(await OkAsync(await PostAsync(await shop.KeyAsync(Scopes.Campaigns), "/campaigns", Coded)))["id"]!);
}
