using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Campaigns;

public sealed class CampaignsApiTests(WebApp app) : IClassFixture<WebApp>
{
    /// <summary>The campaign of the API's description.</summary>
    private const string Example = """
        { "name": "New customers: full reduction", "currency": "CNY", "tags": ["autumn"], "status": "draft", "version": 3,
          "offer": { "type": "fullReduction", "tiers": [ { "spend": 200, "off": 30 }, { "spend": 400, "off": 80 } ] },
          "scope": { "include": { "categories": ["shoes"] }, "exclude": { "skus": ["S-1"] }, "onlyUndiscounted": false, "cheapestOnly": false, "thresholdNetOfTax": false },
          "audience": { "anyOf": ["new-customers"], "noneOf": [], "customerKinds": [], "channels": [], "regions": [] },
          "combining": { "class": null, "priority": 10, "group": null, "exclusive": false, "thresholdBase": "running" },
          "trigger": { "code": null },
          "schedule": { "timeZone": "Asia/Shanghai", "start": "2090-11-01", "end": "2090-11-11", "weekly": [ { "days": ["fri"], "from": "18:00", "to": "22:00" } ] },
          "limits": { "budget": 50000, "uses": null, "usesPerCustomer": 1, "usesPerCode": null, "usesPerDay": null, "onBudgetShort": "reject", "reusableOnCancel": true, "reservationMinutes": 30 },
          "returnPolicy": "keep",
          "experiment": { "holdoutPercent": 10, "attributionDays": 14 } }
        """;

    private const string Least = """{ "name": "Least", "offer": { "type": "freeShipping" } }""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_TheExample_IsADraftWithEveryField()
    {
        var client = await ClientAsync("campaigns");
        var response = await PostAsync(client, "/campaigns", Example);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("\"1\"", response.Headers.ETag!.Tag);
        var made = await JsonAsync(response);
        Assert.Equal($"/api/v1/campaigns/{made["id"]}", response.Headers.Location!.ToString());
        var expected = JsonNode.Parse(Example)!.AsObject();
        expected["version"] = 1;
        AssertContains(expected, made, "$");
        AssertContains(expected, await JsonAsync(await client.GetAsync(response.Headers.Location, Cancel)), "$");
    }

    [Fact]
    public async Task Post_OnlyNameAndOffer_HasTheShopsDefaults()
    {
        var made = await JsonAsync(await PostAsync(await ClientAsync("campaigns"), "/campaigns", Least));
        Assert.Equal(("CNY", "Asia/Shanghai", "draft", 10m), ((string)made["currency"]!, (string)made["schedule"]!["timeZone"]!, (string)made["status"]!, (decimal)made["experiment"]!["holdoutPercent"]!));
    }

    [Theory]
    [InlineData("""{ "offer": { "type": "freeShipping" } }""", "name")]
    [InlineData("""{ "name": "x" }""", "offer")]
    [InlineData("""{ "name": "x", "offer": { "type": "tombola" } }""", "offer")]
    [InlineData("""{ "name": "x", "offer": { "type": "fullReduction", "tiers": [ { "spend": "many", "off": 1 } ] } }""", "offer.tiers[0].spend")]
    [InlineData("""{ "name": "x", "offer": { "type": "fullReduction", "tiers": [ { "spend": 200.001, "off": 1 } ] } }""", "offer.tiers[0].spend")]
    [InlineData("""{ "name": "x", "offer": { "type": "fullReduction", "tiers": [ { "spend": 20, "off": 30 } ] } }""", "offer.tiers[0].off")]
    [InlineData("""{ "name": "x", "offer": { "type": "freeShipping" }, "schedule": { "timeZone": "Mars/Base" } }""", "schedule.timeZone")]
    [InlineData("""{ "name": "x", "offer": { "type": "freeShipping" }, "schedule": { "start": "tomorrow" } }""", "schedule.start")]
    [InlineData("""{ "name": "x", "offer": { "type": "freeShipping" }, "audience": { "anyOf": null } }""", "audience.anyOf")]
    [InlineData("""{ "name": "x", "offer": { "type": "freeShipping" }, "scope": { "perSegment": [{ "segment": "uplift:top30", "categories": ["tea"] }] } }""", "scope.perSegment[0].segment")]
    [InlineData("""{ "name": "x", "tags": ["two words"], "offer": { "type": "freeShipping" } }""", "tags")]
    public async Task Post_OneWrongField_NamesItsPath(string body, string path)
    {
        var response = await PostAsync(await ClientAsync("campaigns"), "/campaigns", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([path], (await Problem.OfAsync(response)).Errors!.Keys);
    }

    [Fact]
    public async Task Post_SeveralWrongFields_NamesAllAndMakesNothing()
    {
        var client = await ClientAsync("campaigns");
        var before = (int)(await JsonAsync(await client.GetAsync("/api/v1/campaigns", Cancel)))["total"]!;
        var response = await PostAsync(client, "/campaigns", """{ "name": "", "currency": "XXQ", "offer": { "type": "percentOff", "tiers": [ { "percent": 120 } ] }, "limits": { "uses": 0 } }""");
        Assert.Equal(["currency", "limits.uses", "name", "offer.tiers[0].percent"], (await Problem.OfAsync(response)).Errors!.Keys.Order());
        Assert.Equal(before, (int)(await JsonAsync(await client.GetAsync("/api/v1/campaigns", Cancel)))["total"]!);
    }

    [Fact]
    public async Task Post_SameIdempotencyKey_MakesOne()
    {
        var client = await ClientAsync("campaigns");
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var first = await JsonAsync(await PostAsync(client, "/campaigns", Least));
        Assert.Equal((string)first["id"]!, (string)(await JsonAsync(await PostAsync(client, "/campaigns", Least)))["id"]!);
    }

    [Fact]
    public async Task Put_WithAndWithoutTheSeenVersion()
    {
        var client = await ClientAsync("campaigns");
        var id = await MadeAsync(client);
        var replaced = await PutAsync(client, $"/campaigns/{id}", Least.Replace("Least", "Second"), "\"1\"");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (replaced.StatusCode, replaced.Headers.ETag!.Tag));
        var stale = await PutAsync(client, $"/campaigns/{id}", Least.Replace("Least", "Third"), "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal("Second", (string)(await JsonAsync(await client.GetAsync($"/api/v1/campaigns/{id}", Cancel)))["name"]!);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(client, $"/campaigns/{id}", Least.Replace("Least", "Third"), null)).StatusCode);
    }

    [Fact]
    public async Task Get_ThenPutItBack_ChangesNothing()
    {
        var client = await ClientAsync("campaigns");
        var id = (string)(await JsonAsync(await PostAsync(client, "/campaigns", Example)))["id"]!;
        var read = await client.GetStringAsync($"/api/v1/campaigns/{id}", Cancel);
        var back = await PutAsync(client, $"/campaigns/{id}", read, "\"1\"");
        Assert.Equal("\"1\"", back.Headers.ETag!.Tag);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(read), await JsonAsync(back)));
    }

    [Fact]
    public async Task WholeLife_TwoKeys_NobodyApprovesTheirOwn()
    {
        var (maker, judge) = (await ClientAsync("campaigns"), await ClientAsync("campaigns"));
        var id = await MadeAsync(maker);
        Assert.Equal("inReview", await StepAsync(maker, id, "submit"));
        var own = await PostAsync(maker, $"/campaigns/{id}/approve", null);
        Assert.Equal((HttpStatusCode.Forbidden, "own-campaign"), (own.StatusCode, (await Problem.OfAsync(own)).Code));
        var bare = await PostAsync(judge, $"/campaigns/{id}/reject", "{}");
        Assert.Equal(["comment"], (await Problem.OfAsync(bare)).Errors!.Keys);
        Assert.Equal("draft", await StepAsync(judge, id, "reject", """{ "comment": "Too dear" }"""));
        await StepAsync(maker, id, "submit");
        Assert.Equal("approved", await StepAsync(judge, id, "approve"));
        Assert.Equal("live", await StepAsync(judge, id, "launch"));
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(maker, $"/campaigns/{id}", Least, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await maker.DeleteAsync($"/api/v1/campaigns/{id}", Cancel)).StatusCode);
        Assert.Equal("paused", await StepAsync(judge, id, "pause"));
        Assert.Equal("live", await StepAsync(judge, id, "resume"));
        Assert.Equal("ended", await StepAsync(maker, id, "end"));
        Assert.Equal("archived", await StepAsync(maker, id, "archive"));
        var activity = await JsonAsync(await maker.GetAsync($"/api/v1/campaigns/{id}/activity", Cancel));
        Assert.Equal(
            ["created", "submitted", "rejected", "submitted", "approved", "launched", "paused", "resumed", "ended", "archived"],
            activity["items"]!.AsArray().Select(a => (string)a!["code"]!).Reverse());
    }

    [Fact]
    public async Task Approve_StaleIfMatch_Is412()
    {
        var (maker, judge) = (await ClientAsync("campaigns"), await ClientAsync("campaigns"));
        var id = await MadeAsync(maker);
        await StepAsync(maker, id, "submit");
        judge.DefaultRequestHeaders.IfMatch.Add(new EntityTagHeaderValue("\"9\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PostAsync(judge, $"/campaigns/{id}/approve", null)).StatusCode);
    }

    [Fact]
    public async Task Duplicate_ThenDelete_LeavesTheFirst()
    {
        var client = await ClientAsync("campaigns");
        var id = await MadeAsync(client);
        var copy = await PostAsync(client, $"/campaigns/{id}/duplicate", null);
        Assert.Equal(HttpStatusCode.Created, copy.StatusCode);
        var made = await JsonAsync(copy);
        Assert.Equal("Least (copy)", (string)made["name"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/v1/campaigns/{made["id"]}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/campaigns/{made["id"]}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/v1/campaigns/{id}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Versions_TwoRules_ShowBoth()
    {
        var client = await ClientAsync("campaigns");
        var id = await MadeAsync(client);
        await PutAsync(client, $"/campaigns/{id}", """{ "name": "Least", "offer": { "type": "freeShipping", "spend": 99 } }""", null);
        var versions = (await JsonAsync(await client.GetAsync($"/api/v1/campaigns/{id}/versions", Cancel)))["items"]!.AsArray();
        Assert.Equal([(2, 99m), (1, null)], versions.Select(v => ((int)v!["version"]!, (decimal?)v["rules"]!["offer"]!["spend"])));
    }

    [Fact]
    public async Task List_PagesFiltersAndSorts_AndRefusesWhatItDoesNotKnow()
    {
        var client = await ClientAsync("campaigns");
        foreach (var name in (string[])["listed b", "listed a", "listed c"])
            await PostAsync(client, "/campaigns", Least.Replace("Least", name));
        var page = await JsonAsync(await client.GetAsync("/api/v1/campaigns?q=listed&sort=-name&pageSize=2&page=2&status=draft", Cancel));
        Assert.Equal((3, "listed a"), ((int)page["total"]!, (string)Assert.Single(page["items"]!.AsArray())!["name"]!));
        Assert.Equal(["sort"], (await Problem.OfAsync(await client.GetAsync("/api/v1/campaigns?sort=colour", Cancel))).Errors!.Keys);
        Assert.Equal(["status"], (await Problem.OfAsync(await client.GetAsync("/api/v1/campaigns?status=odd", Cancel))).Errors!.Keys);
    }

    [Theory]
    [InlineData("GET", "/campaigns")]
    [InlineData("POST", "/campaigns")]
    [InlineData("GET", "/audiences")]
    [InlineData("GET", "/settings")]
    public async Task Call_WithoutTheScope_IsRefused(string method, string path)
    {
        using var anonymous = Request();
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().SendAsync(anonymous, Cancel)).StatusCode);
        using var other = Request();
        Assert.Equal(HttpStatusCode.Forbidden, (await (await ClientAsync("reports")).SendAsync(other, Cancel)).StatusCode);

        HttpRequestMessage Request() => new(new HttpMethod(method), "/api/v1" + path)
        {
            Content = method == "POST" ? new StringContent(Least, Encoding.UTF8, "application/json") : null,
        };
    }

    [Fact]
    public async Task Audiences_Segments_HaveNamesAndSizes()
    {
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
        {
            context.Segments.Add(new Segment { Key = "new", Kind = SegmentKind.Lifecycle, NameEn = "New customers", NameZh = "新客", Size = 42, ComputedAt = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc) });
            await context.SaveChangesAsync(Cancel);
        }

        var audiences = await JsonAsync(await (await ClientAsync("campaigns")).GetAsync("/api/v1/audiences", Cancel));
        var segment = Assert.Single(audiences["items"]!.AsArray())!;
        Assert.Equal(("new", "lifecycle", "新客", 42L), ((string)segment["key"]!, (string)segment["kind"]!, (string)segment["name"]!["zh"]!, (long)segment["size"]!));
    }

    [Fact]
    public async Task Settings_ReadAndChanged_ByAdminKeysOnly()
    {
        var (marketer, admin) = (await ClientAsync("campaigns"), await ClientAsync("all"));
        var read = await marketer.GetAsync("/api/v1/settings", Cancel);
        var settings = await JsonAsync(read);
        Assert.Equal(("\"1\"", "bestForCustomer", 10m), (read.Headers.ETag!.Tag, (string)settings["conflictResolution"]!, (decimal)settings["shipping"]!));
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(marketer, "/settings", """{ "conflictResolution": "priority" }""", null)).StatusCode);
        var wrong = await PutAsync(admin, "/settings", """{ "storeMarginPercent": 101, "shipping": 1.234 }""", null);
        Assert.Equal(["shipping", "storeMarginPercent"], (await Problem.OfAsync(wrong)).Errors!.Keys.Order());
        var coin = await Problem.OfAsync(await PutAsync(admin, "/settings", """{ "conflictResolution": "coin" }""", null));
        Assert.Equal("The value must be one of: bestForCustomer, priority.", Assert.Single(coin.Errors!["conflictResolution"]));
        var changed = await PutAsync(admin, "/settings", """{ "conflictResolution": "priority", "shipping": 12.5 }""", "\"1\"");
        var after = await JsonAsync(changed);
        Assert.Equal(("\"2\"", "priority", 12.5m), (changed.Headers.ETag!.Tag, (string)after["conflictResolution"]!, (decimal)after["shipping"]!));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(admin, "/settings", """{ "shipping": 8 }""", "\"1\"")).StatusCode);
    }

    private async Task<HttpClient> ClientAsync(string scope)
    {
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("test", [scope]), Actor.System, Cancel);
        var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }

    private static async Task<string> MadeAsync(HttpClient client) => (string)(await JsonAsync(await PostAsync(client, "/campaigns", Least)))["id"]!;

    private static async Task<string> StepAsync(HttpClient client, string id, string step, string? body = null)
    {
        var response = await PostAsync(client, $"/campaigns/{id}/{step}", body);
        Assert.True(response.IsSuccessStatusCode, $"{step}: {await response.Content.ReadAsStringAsync(Cancel)}");
        return (string)(await JsonAsync(response))["status"]!;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string? body) =>
        client.PostAsync("/api/v1" + path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), Cancel);

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string path, string body, string? ifMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(ifMatch));
        return client.SendAsync(request, Cancel);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonNode>(Cancel))!;

    private static void AssertContains(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    Assert.True(actual!.AsObject().ContainsKey(name), $"{path}.{name} is missing");
                    AssertContains(value, actual[name], $"{path}.{name}");
                }

                break;
            case JsonArray items:
                Assert.Equal(items.Count, actual!.AsArray().Count);
                for (var i = 0; i < items.Count; i++)
                    AssertContains(items[i], actual[i], $"{path}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: {expected} became {actual}");
                break;
        }
    }
}
