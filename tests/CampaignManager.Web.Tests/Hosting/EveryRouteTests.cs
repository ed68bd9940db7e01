using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Tests.Webhooks;
using CampaignManager.Web.Tests.Campaigns.Predict;
using CampaignManager.Web.Tests.Campaigns.Suggestions;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>Every operation of the document is called on a shop with state, and every call and answer is held against it.</summary>
[Collection(TrainedApp.Shared)]
public sealed class EveryRouteTests(TrainedApp app)
{
    /// <summary>Routes whose success cannot be had for certain, with why. Whatever they answer is held against the document.</summary>
    private static readonly Dictionary<string, string> NotForCertain = new()
    {
        ["cancelImport"] = "a small file may be read before the call arrives",
        ["undoImport"] = "beside the demo shop a shop's own files are only read dry, and a dry run has nothing to take back",
        ["missingInImport"] = "as undoImport; CompleteExportsApiTests walks it",
        ["removeMissing"] = "as undoImport; CompleteExportsApiTests walks it",
        ["sendEvents"] = "beside the demo shop nothing of a real one is taken",
        ["cancelTrainingRun"] = "a short run may be over before the call arrives",
        ["cancelCampaignReplay"] = "a short replay may be over before the call arrives",
    };

    private readonly List<string> unexpected = [];
    private HttpClient client = null!;
    private HttpClient boss = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRoute_CalledWithState_AnswersAsTheDocumentSays()
    {
        var document = await ADocument.OfAsync(app.CreateClient(), Cancel);
        using var held = new HeldAgainstDocument(document);
        client = await ClientAsync(held);
        using var heldToo = new HeldAgainstDocument(document);
        boss = await ClientAsync(heldToo);

        // All are walked, so that one mistake does not hide the others.
        foreach (var part in (Func<Task>[])
            [
                AccountAndShopAsync, CampaignsAsync, OffersAsync, AudiencesAsync, PlanningAsync, FirstStepsAsync, ShopFilesAsync,
                async () => await ModelsAsync(await ImportAsync()), WebhooksAsync, PrivacyAsync,
            ])
        {
            if (await Record.ExceptionAsync(part) is { } broken)
                unexpected.Add(broken.ToString());
        }

        string[] wrong = [.. held.Disagreements.Concat(heldToo.Disagreements).Concat(unexpected).Distinct()];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        string[] all = [.. document.Operations.Select(o => o.Operation.GetProperty("operationId").GetString()!)];
        Assert.Empty(NotForCertain.Keys.Except(all));
        Assert.Equal([], all.Except(held.Answered).Except(NotForCertain.Keys).Order());
    }

    private async Task PrivacyAsync()
    {
        await PostAsync("/privacy/requests", """{ "kind": "erasure", "customerId": " " }""", HttpStatusCode.BadRequest);
        var asked = await PostAsync("/privacy/requests", """{ "kind": "erasure", "customerId": "nobody-1" }""", HttpStatusCode.Accepted);
        await GetAsync($"/privacy/requests/{asked["id"]}");
        await GetAsync($"/privacy/requests/{Guid.NewGuid()}", HttpStatusCode.NotFound);
    }

    private async Task AccountAndShopAsync()
    {
        await GetAsync("/me");
        await GetAsync("/settings");
        await SendAsync(HttpMethod.Put, "/settings", "{}");
        await SendAsync(HttpMethod.Put, "/settings", """{ "currency": "nothing" }""", HttpStatusCode.BadRequest);
    }

    private async Task CampaignsAsync()
    {
        var full = await PostAsync("/campaigns", Draft("Every field", """
            "note": "n", "tags": ["a"], "limits": { "budget": 12.5 },
            "schedule": { "timeZone": "Asia/Shanghai", "start": "2030-11-01", "end": "2030-11-11",
                          "weekly": [{ "days": ["fri"], "from": "18:00", "to": "22:00" }] }
            """), HttpStatusCode.Created);
        await GetAsync($"/campaigns/{full["id"]}");
        await SendAsync(HttpMethod.Put, $"/campaigns/{full["id"]}", Draft("Every field again"));
        await GetAsync("/campaigns?pageSize=200");
        var draft = await PostAsync("/campaigns", Draft("To the end"), HttpStatusCode.Created);
        var address = $"/campaigns/{draft["id"]}";
        await GetAsync($"/campaigns/{Guid.NewGuid()}", HttpStatusCode.NotFound);
        var copy = await PostAsync(address + "/duplicate", null, HttpStatusCode.Created);
        await SendAsync(HttpMethod.Delete, $"/campaigns/{copy["id"]}", null, HttpStatusCode.NoContent);
        foreach (var offer in Offers)
            await PostAsync("/campaigns", $$"""{ "name": "An offer", "offer": {{offer}} }""", HttpStatusCode.Created);
        await PostAsync(address + "/submit");
        await PostAsync(address + "/withdraw");
        await PostAsync(address + "/submit");
        await PostAsync(address + "/reject", """{ "comment": "smaller" }""", by: boss);
        await PostAsync(address + "/submit");
        await PostAsync(address + "/approve", status: HttpStatusCode.Forbidden);
        await PostAsync(address + "/approve", by: boss);
        foreach (var step in (string[])["launch", "pause", "resume", "end", "archive"])
            await PostAsync($"{address}/{step}");
        await PostAsync(address + "/submit", status: HttpStatusCode.Conflict);
        await GetAsync(address + "/versions");
        await GetAsync(address + "/activity");
        // The boss's own answers are held against the document too, but count for nobody.
        await PostAsync($"{await SubmittedAsync("Turned down")}/reject", """{ "comment": "no" }""");
        await PostAsync($"{await SubmittedAsync("Agreed")}/approve");
        var file = await GetAsync($"/campaigns/export?ids={draft["id"]}");
        await PostAsync("/campaigns/import?dryRun=true", file.ToJsonString());
        await PostAsync("/campaigns/import", $$"""{ "campaigns": [{{Draft("From a file")}}] }""");
    }

    private static readonly string[] Offers =
    [
        """{ "type": "fullReduction", "tiers": [{ "spend": 200, "off": 30 }] }""",
        """{ "type": "percentOff", "tiers": [{ "spend": 100, "percent": 10 }] }""",
        """{ "type": "amountOff", "amount": 10, "per": "order" }""",
        """{ "type": "gift", "tiers": [{ "sku": "CUP", "giftQuantity": 1, "spend": 100 }] }""",
        """{ "type": "freeShipping" }""",
    ];

    private async Task<string> SubmittedAsync(string name)
    {
        var made = await PostAsync("/campaigns", Draft(name), HttpStatusCode.Created, boss);
        await PostAsync($"/campaigns/{made["id"]}/submit", by: boss);
        return $"/campaigns/{made["id"]}";
    }

    private async Task OffersAsync()
    {
        var made = await PostAsync("/campaigns", """
            { "name": "Ten off", "offer": { "type": "amountOff", "amount": 10, "per": "order" },
              "trigger": { "uniqueCodes": true }, "limits": { "budget": 1000 },
              "experiment": { "holdoutPercent": 0, "attributionDays": 14 } }
            """, HttpStatusCode.Created);
        var address = $"/campaigns/{made["id"]}";
        await PostAsync(address + "/submit");
        await PostAsync(address + "/approve", by: boss);
        await PostAsync(address + "/launch");
        await PostAsync(address + "/codes", """{ "count": 3, "name": "batch" }""", HttpStatusCode.Created);
        var codes = (await GetAsync(address + "/codes"))["items"]!.AsArray().Select(c => (string)c!["code"]!).ToList();
        await ReadAsync(address + "/codes.csv");
        var batch = (await GetAsync(address + "/code-batches"))["items"]![0]!["id"];
        foreach (var what in (string[])[$"codes/{codes[0]}", $"code-batches/{batch}"])
        {
            await PostAsync($"{address}/{what}/revoke", status: HttpStatusCode.NoContent);
            await PostAsync($"{address}/{what}/restore", status: HttpStatusCode.NoContent);
        }

        await PostAsync("/offers/quote", $$"""{ "cart": {{Cart(codes[0], "nope")}}, "explain": "full", "include": ["units"] }""");
        await PostAsync("/offers/quote", """{ "cart": { "currency": "CNY", "lines": [{ "id": "1" }] } }""", HttpStatusCode.BadRequest);
        var inline = string.Join(",", Offers.Select((o, i) => $$"""{ "id": "c{{i}}", "offer": {{o}} }"""));
        await PostAsync("/offers/simulate", $$"""{ "campaigns": [{{inline}}], "cart": {{Cart()}} }""");
        await GetAsync("/customers/C-1/campaigns");
        await PostAsync("/decisions", """{ "customer": { "id": "C-1" } }""");
        await PostAsync("/decisions", $$"""{ "customer": { "id": "C-1", "segments": [], "isNew": false }, "campaigns": ["{{made["id"]}}", "{{Guid.NewGuid()}}"] }""");
        await PostAsync("/decisions", """{ "customer": {} }""", HttpStatusCode.BadRequest);
        var order = $$"""{ "cart": {{Cart(codes[0])}}, "orderId": "every-0", "expectedTotal": 1 }""";
        await PostAsync("/redemptions", order, HttpStatusCode.Conflict);
        var orders = new List<JsonNode>();
        for (var i = 0; i < 2; i++)
        {
            order = $$"""{ "cart": {{Cart(codes[i])}}, "orderId": "every-{{i}}", "include": ["units"] }""";
            orders.Add(await PostAsync("/redemptions", order, HttpStatusCode.Created));
        }

        await PostAsync($"/redemptions/{orders[0]["id"]}/extend", """{ "minutes": 20 }""");
        await PostAsync($"/redemptions/{orders[0]["id"]}/confirm");
        await PostAsync($"/redemptions/{orders[0]["id"]}/refunds", """{ "lines": [{ "id": "1", "quantity": 1 }] }""");
        await PostAsync($"/redemptions/{orders[1]["id"]}/cancel");
        await GetAsync("/redemptions?orderId=every-0");
        await GetAsync($"/redemptions/{orders[0]["id"]}?include=units");
    }

    private async Task AudiencesAsync()
    {
        var segment = (await GetAsync("/audiences"))["items"]!.AsArray().First(s => (long)s!["size"]! > 0)!["key"];
        var ids = await ReadAsync($"/segments/{segment}/customers.csv");
        await GetAsync($"/customers/{ids.Split('\n')[1].Trim()}/segments");
        await GetAsync("/customers/nobody/segments", HttpStatusCode.NotFound);
        var customer = (await GetAsync($"/customers?segment={segment}&pageSize=1&sort=-spent&reason=every"))["items"]![0]!["id"];
        await ReadAsync($"/customers.csv?segment={segment}&lastOrder=within180");
        await GetAsync($"/customers/{customer}");
        await GetAsync($"/customers/{customer}/timeline?kind=order&kind=event&pageSize=5");
        await GetAsync("/customers/nobody", HttpStatusCode.NotFound);
        const string Predicate = """{ "and": [{ "segment": "new" }, { "did": "views", "days": 30, "atLeast": 1 }] }""";
        await PostAsync("/audiences/size", $$"""{ "predicate": {{Predicate}}, "exact": true }""");
        await PostAsync("/audiences", $$"""{ "key": "every", "name": "Every", "predicate": {{Predicate}} }""", HttpStatusCode.Created);
        await GetAsync("/audiences/audience:every");
        await SendAsync(HttpMethod.Put, "/audiences/audience:every", $$"""{ "name": "Every one", "description": "All", "predicate": {{Predicate}} }""");
        await GetAsync($"/audiences/overlap?keys={segment},audience:every");
        await GetAsync("/audiences/audience:every/history");
        await GetAsync("/audiences/audience:every/profile");
        await GetAsync($"/audiences/{segment}/members?n=5");
        await SendAsync(HttpMethod.Delete, "/audiences/audience:every", null, HttpStatusCode.NoContent);
    }

    private async Task PlanningAsync()
    {
        var draft = await app.DraftAsync(TrainedApp.StoreWide);
        await GetAsync($"/campaigns/{draft}/prediction");
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        await GetAsync($"/campaigns/{campaign}/suggestions");
        await PostAsync($"/campaigns/{campaign}/suggestions/{suggestion}/apply");
        await PostAsync($"/campaigns/{campaign}/suggestions/{suggestion}/undo");
        (campaign, suggestion) = await Suggested.AddAsync(app);
        await PostAsync($"/campaigns/{campaign}/suggestions/{suggestion}/test", status: HttpStatusCode.Created);
        (campaign, suggestion) = await Suggested.AddAsync(app);
        await PostAsync($"/campaigns/{campaign}/suggestions/{suggestion}/dismiss", """{ "reason": "no" }""", HttpStatusCode.NoContent);

        await GetAsync($"/campaigns/{draft}/results");
        await GetAsync($"/campaigns/{draft}/results?reading=never", HttpStatusCode.BadRequest);
        await GetAsync($"/campaigns/{draft}/results?reading=first:7", HttpStatusCode.Conflict);
        await GetAsync($"/campaigns/{Guid.NewGuid()}/results", HttpStatusCode.NotFound);

        await GetAsync($"/campaigns/{draft}/replay", HttpStatusCode.NotFound);
        var run = await PostAsync($"/campaigns/{draft}/replay", """{ "days": 30 }""", HttpStatusCode.Accepted);
        await EndedAsync($"/campaigns/{draft}/replay/{run["id"]}");
        await GetAsync($"/campaigns/{draft}/replay");
        run = await PostAsync($"/campaigns/{draft}/replay", """{ "days": 60 }""", HttpStatusCode.Accepted);
        await AnyAsync($"/campaigns/{draft}/replay/{run["id"]}/cancel");
    }

    private async Task<Guid> ImportAsync()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("experiment"), "kind" }, { new StringContent(Mapping), "mapping" },
        };
        var table = new StringBuilder("id,arm,visit,age\nX,no,9,30\n");
        for (var i = 0; i < 600; i++)
        {
            var (arm, visit) = (i % 2 == 0 ? "no" : "mail", i % 7 < 1 + (i % 2 * (i % 3)) ? 1 : 0);
            table.Append(CultureInfo.InvariantCulture, $"C-{i},{arm},{visit},{20 + (i % 50)}\n");
        }

        form.Add(new StringContent(table.ToString()), "file", "t.csv");
        var answer = await client.PostAsync("/api/v1/imports", form, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var address = $"/imports/{JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["id"]}";
        await AnyAsync($"/imports/{Guid.NewGuid()}/cancel");
        var import = await EndedAsync(address);
        await GetAsync("/imports");
        await ReadAsync(address + "/rejects.csv");
        var results = await GetAsync($"/experiments/{import["experimentId"]}/results");
        Assert.Equal("mail", (string?)results["metrics"]![0]!["arm"]);
        await GetAsync($"/experiments/{import["experimentId"]}/results?segment=nothing", HttpStatusCode.BadRequest);
        await GetAsync($"/experiments/{Guid.NewGuid()}/results", HttpStatusCode.NotFound);
        return (Guid)import["experimentId"]!;
    }

    private async Task FirstStepsAsync()
    {
        await GetAsync("/first-steps");
        await GetAsync("/first-steps?spend=200&off=30&days=28&contactCost=0.05&margin=40&segment=new");
        await GetAsync("/first-steps?off=30", HttpStatusCode.BadRequest);
        await PostAsync("/first-steps/experiment", """{ "spend": 200, "off": 30, "segment": "new" }""", HttpStatusCode.Created);
        await PostAsync("/first-steps/experiment", """{ "percent": 100 }""", HttpStatusCode.BadRequest);
    }

    private async Task ShopFilesAsync()
    {
        await PostAsync("/events", """[{ "eventId": "1", "type": "view", "customerId": "C", "at": "2026-11-01T18:00:00Z" }]""", HttpStatusCode.Conflict);
        await GetAsync("/import-templates");
        await SendAsync(HttpMethod.Put, "/import-templates/Our%20tills", Tills);
        await SendAsync(HttpMethod.Put, "/import-templates/shopify", Tills, HttpStatusCode.Conflict);
        await SendAsync(HttpMethod.Put, "/import-templates/Wrong", """{ "kind": "orders", "order": { "colour": "red" } }""", HttpStatusCode.BadRequest);
        var table = new StringBuilder("bon,zeit,summe,artikel,menge,preis\n");
        for (var i = 1; i <= 20; i++)
            table.Append(CultureInfo.InvariantCulture, $"B-{i},2025-05-{i:00} 10:00:00,20.00,A-{i % 5},2,20.00\n");
        foreach (var dry in (string[])["true", "false"])
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent("orders"), "kind" }, { new StringContent("Our tills"), "template" }, { new StringContent("Europe/Berlin"), "zone" },
                { new StringContent(dry), "dryRun" }, { new StringContent(table.ToString()), "file", "tills.csv" },
            };
            var answer = await client.PostAsync("/api/v1/imports", form, Cancel);
            // The demo shop is here.
            Assert.Equal(dry == "true" ? HttpStatusCode.Accepted : HttpStatusCode.Conflict, answer.StatusCode);
            if (dry == "false")
                break;
            var address = $"/imports/{JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["id"]}";
            var waiting = await EndedAsync(address, "waiting");
            Assert.Equal("orders-do-not-add-up", (string?)waiting["questions"]![0]!["code"]);
            await PostAsync(address + "/answers", """{ "answers": { "orders-do-not-add-up": "perhaps" } }""", HttpStatusCode.BadRequest);
            await PostAsync(address + "/answers", """{ "answers": { "orders-do-not-add-up": "line" } }""", HttpStatusCode.Accepted);
            var done = await EndedAsync(address);
            Assert.Equal((20L, 1.0, 0L), ((long)done["read"]!, (double)done["reconciled"]!, (long)done["written"]!));
            await AnyAsync(address + "/undo");
            // A check has written nothing.
            await GetAsync(address + "/missing", HttpStatusCode.Conflict);
            await PostAsync(address + "/missing/remove", """{ "count": 1 }""", HttpStatusCode.Conflict);
        }
    }

    private const string Tills = """
        { "source": "tills", "kind": "orders", "recognise": { "header": ["bon", "artikel"] }, "shape": { "type": "repeated" }, "currency": "EUR",
          "order": { "id": "bon", "at": "zeit", "total": "summe" },
          "line": { "sku": "artikel", "quantity": "menge", "price": { "column": "preis", "means": "unit" } } }
        """;

    private async Task ModelsAsync(Guid experiment)
    {
        var train = $$"""
            { "kind": "uplift", "experimentId": "{{experiment}}", "outcome": "visit", "learner": "t", "base": "linear", "seed": 3 }
            """;
        var models = new List<JsonNode>();
        for (var i = 0; i < 2; i++)
        {
            var run = await PostAsync("/training-runs", train, HttpStatusCode.Accepted);
            models.Add((await EndedAsync($"/training-runs/{run["id"]}"))["modelId"]!);
        }

        await GetAsync("/training-runs");
        await AnyAsync($"/training-runs/{(await PostAsync("/training-runs", train, HttpStatusCode.Accepted))["id"]}/cancel");
        await GetAsync("/models");
        await GetAsync($"/models/{models[1]}");
        // The first one is in use by itself: the second takes its place and gives it back.
        await PostAsync($"/models/{models[1]}/promote", status: HttpStatusCode.NoContent);
        await PostAsync($"/models/{models[1]}/rollback");
        await ReadAsync($"/models/{models[1]}/scores.csv");
        await GetAsync($"/models/{models[1]}/segments");
        await GetAsync($"/models/{models[1]}/drift?experimentId={experiment}");
        await PostAsync("/score", $$"""
            { "modelId": "{{models[1]}}", "explain": true, "customers": [{ "id": "C", "features": { "age": 30 } }] }
            """);
        await AnyAsync($"/models/{models[1]}/score-runs");
        await PostAsync($"/models/{app.ModelId}/score-runs", status: HttpStatusCode.Accepted);
        await GetAsync($"/models/{app.ModelId}/score-runs");
        await GetAsync($"/models/{app.ModelId}");
    }

    private async Task WebhooksAsync()
    {
        using var listener = new Listener();
        var body = $$"""{ "url": "{{listener.Url}}", "events": ["campaign.started"], "active": false }""";
        var address = $"/webhooks/{(await PostAsync("/webhooks", body, HttpStatusCode.Created))["id"]}";
        await GetAsync("/webhooks");
        await GetAsync(address);
        await SendAsync(HttpMethod.Put, address, body);
        await PostAsync(address + "/secret");
        await PostAsync(address + "/test");
        var delivery = (await GetAsync(address + "/deliveries"))["items"]![0]!["id"];
        await GetAsync($"{address}/deliveries/{delivery}");
        await PostAsync($"{address}/deliveries/{delivery}/redeliver");
        await SendAsync(HttpMethod.Delete, address, null, HttpStatusCode.NoContent);
    }

    private const string Mapping = """
        { "name": "t", "customerId": "id", "treatment": { "column": "arm", "control": "no", "arms": ["mail"] },
          "outcomes": [{ "column": "visit", "kind": "binary" }], "features": "rest" }
        """;

    private static string Draft(string name, string more = "\"note\": null") => $$"""
        { "name": "{{name}}", "currency": "CNY", "offer": { "type": "fullReduction", "tiers": [{ "spend": 200, "off": 30 }] },
          {{more}} }
        """;

    private static string Cart(params string[] codes) => $$"""
        { "currency": "CNY", "customer": { "id": "C-1", "segments": [], "isNew": false }, "shipping": 10,
          "codes": [{{string.Join(",", codes.Select(c => $"\"{c}\""))}}],
          "lines": [{ "id": "1", "sku": "S-1", "categories": ["shoes"], "quantity": 3, "unitPrice": 33.5 },
                    { "id": "2", "sku": "S-2", "quantity": 1, "unitPrice": 80 }] }
        """;

    private async Task<HttpClient> ClientAsync(HeldAgainstDocument held)
    {
        var keys = app.Services.GetRequiredService<ApiKeyService>();
        var key = await keys.CreateAsync(new NewApiKey("every", [Scopes.Everything]), Actor.System, Cancel);
        var made = app.CreateDefaultClient(held);
        made.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return made;
    }

    private Task<JsonNode> GetAsync(string path, HttpStatusCode status = HttpStatusCode.OK) =>
        SendAsync(HttpMethod.Get, path, null, status);

    private Task<JsonNode> PostAsync(string path, string? body = null, HttpStatusCode status = HttpStatusCode.OK, HttpClient? by = null) =>
        SendAsync(HttpMethod.Post, path, body, status, by);

    private async Task<JsonNode> SendAsync(
        HttpMethod method, string path, string? body, HttpStatusCode status = HttpStatusCode.OK, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await (by ?? client).SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        if (answer.StatusCode != status)
            unexpected.Add($"{method} {path}: {(int)answer.StatusCode} {text}");
        return text == "" ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>Whatever it answers, as long as the document has it.</summary>
    private async Task AnyAsync(string path) => (await client.PostAsync("/api/v1" + path, null, Cancel)).Dispose();

    private async Task<string> ReadAsync(string path)
    {
        var answer = await client.GetAsync("/api/v1" + path, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    private async Task<JsonNode> EndedAsync(string path, string state = "succeeded")
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 1200 && await timer.WaitForNextTickAsync(Cancel); i++)
        {
            var run = await GetAsync(path);
            if ((string)run["state"]! is "failed" or "cancelled")
                throw new InvalidOperationException(run.ToJsonString());
            if ((string)run["state"]! == state)
                return run;
        }

        throw new TimeoutException(path);
    }
}
