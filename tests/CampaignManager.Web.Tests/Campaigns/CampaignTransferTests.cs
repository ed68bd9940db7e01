using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Web.Tests.Offers;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Campaigns;

public sealed class CampaignTransferTests(PostgresServer server)
{
    private static readonly string[] Drafts =
    [
        """{ "name": "Ladder", "tags": ["autumn"], "note": "For 双11", "offer": { "type": "fullReduction", "tiers": [{ "spend": 200, "off": 30 }, { "spend": 400, "off": 80 }] }, "schedule": { "timeZone": "Asia/Shanghai", "start": "2026-11-01", "end": "2099-11-11", "weekly": [{ "days": ["fri"], "from": "18:00", "to": "22:00" }] } }""",
        """{ "name": "Every", "currency": "USD", "offer": { "type": "fullReduction", "every": 100, "off": 12.5, "maxTimes": 3 }, "limits": { "budget": 5000.5, "usesPerCustomer": 2 } }""",
        """{ "name": "Percent", "offer": { "type": "percentOff", "tiers": [{ "percent": 12.5 }], "cap": 50 }, "scope": { "include": { "categories": ["shoes"] }, "exclude": { "skus": ["S-1"] }, "onlyUndiscounted": true } }""",
        """{ "name": "Two for one", "offer": { "type": "buyXGetY", "buy": { "quantity": 1 }, "get": { "quantity": 1, "percent": 100 } }, "trigger": { "code": "Two" }, "combining": { "exclusive": true, "priority": 5 } }""",
        """{ "name": "Gift", "offer": { "type": "gift", "tiers": [{ "spend": 100, "sku": "G-1", "giftQuantity": 1, "value": 9.9 }] }, "returnPolicy": "clawback", "audience": { "anyOf": ["new-customers"], "customerKinds": ["new"] } }""",
        """{ "name": "Shipping", "offer": { "type": "freeShipping", "spend": 50 }, "experiment": { "holdoutPercent": 0, "attributionDays": 7 } }""",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RoundTrip_HereNothingDiffers_ElsewhereAllAreNewAndThenNothingDiffers()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        foreach (var draft in Drafts)
            await OkAsync(await PostAsync(staff, "/campaigns", draft));
        var live = await shop.LiveAsync("""{ "name": "Live", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "budget": 100 } }""");
        var file = await ExportAsync(staff, "");
        Assert.Equal(7, JsonNode.Parse(file)!["campaigns"]!.AsArray().Count);
        Assert.Equal(7, Count(await ImportAsync(staff, file, dry: true), "unchanged"));
        var applied = await ImportAsync(staff, file, dry: false);
        Assert.Equal((7, true), (Count(applied, "unchanged"), (bool)applied["applied"]!));
        var one = await ExportAsync(staff, $"?ids={live}");
        Assert.Equal(["Live"], JsonNode.Parse(one)!["campaigns"]!.AsArray().Select(c => (string)c!["name"]!));
        Assert.Equal(6, JsonNode.Parse(await ExportAsync(staff, "?status=draft"))!["campaigns"]!.AsArray().Count);

        await using var other = await StartAsync(DatabaseOptions.Sqlite, server);
        var elsewhere = await other.KeyAsync(Scopes.Campaigns);
        Assert.Equal(7, Count(await ImportAsync(elsewhere, file, dry: true), "new"));
        Assert.Equal(0, (int)(await OkAsync(await elsewhere.GetAsync("/api/v1/campaigns", Stop)))["total"]!);
        Assert.Equal(7, Count(await ImportAsync(elsewhere, file, dry: false), "new"));
        var again = await ImportAsync(elsewhere, file, dry: false);
        Assert.True(Count(again, "unchanged") == 7, again.ToJsonString());
        var there = (await OkAsync(await elsewhere.GetAsync("/api/v1/campaigns?pageSize=50", Stop)))["items"]!.AsArray();
        Assert.Equal((7, 7), (there.Count, there.Count(c => (string)c!["status"]! == "draft" && (int)c["version"]! == 1)));
    }

    [Fact]
    public async Task Import_ADraftChanged_TellsWhichFieldsAndMakesAVersion()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        var id = (string)(await OkAsync(await PostAsync(staff, "/campaigns", Drafts[0])))["id"]!;
        var file = (await ExportAsync(staff, "")).Replace("\"off\": 30", "\"off\": 35").Replace("\"autumn\"", "\"winter\"");
        var plan = await ImportAsync(staff, file, dry: true);
        var item = plan["campaigns"]![0]!;
        Assert.Equal(("changed", id), ((string)item["outcome"]!, (string)item["id"]!));
        Assert.Equal(["tags", "offer"], item["changes"]!.AsArray().Select(c => (string)c!["path"]!));
        Assert.Contains("35", (string)item["changes"]![1]!["after"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}", Stop)))["version"]!);
        await ImportAsync(staff, file, dry: false);
        var saved = await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}", Stop));
        Assert.Equal((2, 35m, "winter"), ((int)saved["version"]!, (decimal)saved["offer"]!["tiers"]![0]!["off"]!, (string)saved["tags"]![0]!));
        Assert.Contains("imported", await staff.GetStringAsync($"/api/v1/campaigns/{id}/activity", Stop), StringComparison.Ordinal);
        Assert.Equal(1, Count(await ImportAsync(staff, file, dry: false), "unchanged"));
    }

    [Fact]
    public async Task Import_OneOfThreeWrong_ImportsNone()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        var file = $$"""{ "campaigns": [ {{Drafts[0]}}, { "name": "Wrong", "offer": { "type": "fullReduction", "tiers": [{ "spend": 100, "off": 300 }] } }, {{Drafts[1]}} ] }""";
        var plan = await ImportAsync(staff, file, dry: true);
        Assert.Equal((2, 1), (Count(plan, "new"), Count(plan, "refused")));
        Assert.StartsWith("campaigns[1].offer", plan["campaigns"]![1]!["errors"]!.AsObject().Single().Key, StringComparison.Ordinal);
        var problem = await RefusedAsync(await PostAsync(staff, "/campaigns/import", file), HttpStatusCode.BadRequest, "invalid");
        Assert.StartsWith("campaigns[1].offer", problem["errors"]!.AsObject().Single().Key, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await OkAsync(await staff.GetAsync("/api/v1/campaigns", Stop)))["total"]!);
    }

    [Theory]
    [InlineData("""{ "offer": { "type": "freeShipping" } }""", "campaigns[0].name")]
    [InlineData("""{ "name": "A" }""", "campaigns[0].offer")]
    [InlineData("""{ "name": "A", "offer": { "type": "magic" } }""", "campaigns[0].offer")]
    [InlineData("""{ "name": "A", "offer": { "spend": 5 } }""", "campaigns[0].offer")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping", "spend": "five" } }""", "campaigns[0].offer.spend")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping", "spend": 5.001 }, "currency": "USD" }""", "campaigns[0].offer.spend")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping" }, "currency": "XXX" }""", "campaigns[0].currency")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping" }, "schedule": { "timeZone": "Mars" } }""", "campaigns[0].schedule.timeZone")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping" }, "id": "seven" }""", "campaigns[0].id")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping" }, "id": 7 }""", "campaigns[0].id")]
    [InlineData("""{ "name": "A", "offer": { "type": "freeShipping" }, "scope": null, "limits": { "uses": "many" } }""", "campaigns[0].limits.uses")]
    [InlineData("7", "campaigns[0]")]
    [InlineData("null", "campaigns[0]")]
    public async Task Import_BadCampaign_IsRefusedByItsPath(string campaign, string path)
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        var plan = await ImportAsync(staff, $$"""{ "campaigns": [ {{campaign}} ] }""", dry: true);
        Assert.Contains(path, plan["campaigns"]![0]!["errors"]!.AsObject().Select(e => e.Key));
        var problem = await RefusedAsync(await PostAsync(staff, "/campaigns/import", $$"""[ {{campaign}} ]"""), HttpStatusCode.BadRequest, "invalid");
        Assert.Contains(path, problem["errors"]!.AsObject().Select(e => e.Key));
    }

    [Theory]
    [InlineData("{ \"campaigns\": [] }")]
    [InlineData("{ \"campaigns\": 5 }")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{ \"campaigns\": [")]
    [InlineData("")]
    public async Task Import_BadFile_Is400(string body)
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var answer = await PostAsync(await shop.KeyAsync(Scopes.Campaigns), "/campaigns/import?dryRun=true", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Import_NameTwice_IsRefused_AndSeveralOfOneNameNeedTheId()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        var twice = await ImportAsync(staff, $"[ {Drafts[1]}, {Drafts[1]} ]", dry: true);
        Assert.Equal((1, 1), (Count(twice, "new"), Count(twice, "refused")));
        await OkAsync(await PostAsync(staff, "/campaigns", Drafts[1]));
        await OkAsync(await PostAsync(staff, "/campaigns", Drafts[1]));
        var plan = await ImportAsync(staff, $"[ {Drafts[1]} ]", dry: true);
        Assert.Equal(["campaigns[0].name"], plan["campaigns"]![0]!["errors"]!.AsObject().Select(e => e.Key));
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Import_ALiveCampaign_AsksForMoreBudgetOnce_AndRefusesTheRest(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var staff = await shop.KeyAsync(Scopes.Campaigns);
        var id = Guid.Parse(await shop.LiveAsync("""{ "name": "Live", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "budget": 100 }, "schedule": { "timeZone": "Asia/Shanghai", "end": "2099-01-01" } }"""));
        var file = await ExportAsync(staff, "");
        var more = file.Replace("\"budget\": 100", "\"budget\": 250").Replace("2099-01-01", "2099-02-01");
        Assert.Equal(1, Count(await ImportAsync(staff, more, dry: true), "pending"));
        await ImportAsync(staff, more, dry: false);
        await ImportAsync(staff, more, dry: false);
        await using (var context = await shop.Contexts.CreateDbContextAsync(Stop))
        {
            var asked = await context.CampaignChanges.Where(c => c.CampaignId == id && c.State == CampaignChangeState.Pending).OrderBy(c => c.Kind).ToListAsync(Stop);
            Assert.Equal([(CampaignChangeKind.Extend, new DateOnly(2099, 2, 1), null), (CampaignChangeKind.TopUp, null, 25_000L)], asked.Select(c => (c.Kind, c.NewEnd, c.NewBudgetMinor)));
            Assert.Equal(10_000, (await context.Campaigns.SingleAsync(c => c.Id == id, Stop)).BudgetMinor);
        }

        var less = await ImportAsync(staff, file.Replace("\"budget\": 100", "\"budget\": 50"), dry: true);
        Assert.Equal(["campaigns[0].limits.budget"], less["campaigns"]![0]!["errors"]!.AsObject().Select(e => e.Key));
        var offer = await ImportAsync(staff, file.Replace("\"amount\": 10", "\"amount\": 20"), dry: true);
        Assert.Equal(["campaigns[0].offer"], offer["campaigns"]![0]!["errors"]!.AsObject().Select(e => e.Key));
    }

    private static int Count(JsonObject plan, string outcome)
    {
        Assert.Equal((int)plan[outcome]!, plan["campaigns"]!.AsArray().Count(c => (string)c!["outcome"]! == outcome));
        return (int)plan[outcome]!;
    }

    private static Task<string> ExportAsync(HttpClient client, string query) => client.GetStringAsync("/api/v1/campaigns/export" + query, Stop);

    private static async Task<JsonObject> ImportAsync(HttpClient client, string file, bool dry) => await OkAsync(await PostAsync(client, "/campaigns/import" + (dry ? "?dryRun=true" : ""), file));
}
