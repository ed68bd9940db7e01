using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Campaigns.Replay;

public sealed class ReplayApiTests : IAsyncDisposable
{
    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Replay_Draft_Is202ThenItsStateAndResultInMajorUnits()
    {
        ReplayShop.Stock(app);
        var draft = await ReplayShop.DraftAsync(app);
        var client = await ClientAsync(Scopes.Campaigns);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/campaigns/{draft}/replay?days=7", Cancel)).StatusCode);

        var started = await client.PostAsJsonAsync($"/api/v1/campaigns/{draft}/replay", new { days = 7 }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var run = (Guid)(await JsonAsync(started))["id"]!;
        Assert.Equal($"/api/v1/campaigns/{draft}/replay/{run}", started.Headers.Location!.ToString());
        Assert.Equal(JobState.Succeeded, (await ReplayShop.EndedAsync(app, run)).State);

        foreach (var address in (string[])[$"{draft}/replay/{run}", $"{draft}/replay?days=7"])
        {
            var answer = await JsonAsync(await client.GetAsync("/api/v1/campaigns/" + address, Cancel));
            Assert.Equal(("succeeded", 1.0, 7, 1, false), ((string)answer["state"]!, (double)answer["progress"]!, (int)answer["days"]!, (int)answer["version"]!, (bool)answer["stale"]!));
            var result = answer["result"]!;
            Assert.Equal((4, 3, 1, 30m, 30m, 490m), ((int)result["ordersRead"]!, (int)result["orders"]!, (int)result["ordersReached"]!, (decimal)result["discount"]!, (decimal)result["averageDiscount"]!, (decimal)result["goods"]!));
            Assert.Equal(1, (int)result["skipped"]!["without-lines"]!);
            Assert.Equal(2, (int)result["reasons"]!["below-threshold"]!);
            var threshold = Assert.Single(result["baskets"]!["thresholds"]!.AsArray())!;
            Assert.Equal((200m, 1, 1, 1, 10m), ((decimal)threshold["at"]!, (int)threshold["crossed"]!, (int)threshold["near"]!, (int)threshold["veryNear"]!, (decimal)threshold["missingOnAverage"]!));
            Assert.Equal(("shoes", 30m), ((string)result["categories"]![0]!["key"]!, (decimal)result["categories"]![0]!["discount"]!));
        }

        // The rules change: the figures stay, and say so.
        var changed = await client.PutAsJsonAsync($"/api/v1/campaigns/{draft}", new { name = "Tried", offer = new { type = "freeShipping" } }, Cancel);
        Assert.True(changed.IsSuccessStatusCode);
        Assert.True((bool)(await JsonAsync(await client.GetAsync($"/api/v1/campaigns/{draft}/replay?days=7", Cancel)))["stale"]!);
    }

    [Fact]
    public async Task Replay_BadDaysUnknownIdsAndOtherCampaigns_AreRefusedAndStartNothing()
    {
        var draft = await ReplayShop.DraftAsync(app);
        var client = await ClientAsync(Scopes.Campaigns);
        foreach (var days in (int[])[0, -1, 731])
        {
            var bad = await client.PostAsJsonAsync($"/api/v1/campaigns/{draft}/replay", new { days }, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
            Assert.Contains("days", (await Problem.OfAsync(bad)).Errors!.Keys);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync($"/api/v1/campaigns/{draft}/replay", new { days = "many" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync($"/api/v1/campaigns/{Guid.NewGuid()}/replay", new { days = 7 }, Cancel)).StatusCode);
        Assert.Equal(0, (await app.Services.GetRequiredService<JobService>().ListAsync("replay-campaign", new Application.PageRequest(), Cancel)).Total);

        // A run is its campaign's own.
        var run = (Guid)(await JsonAsync(await client.PostAsJsonAsync($"/api/v1/campaigns/{draft}/replay", new { }, Cancel)))["id"]!;
        var other = await ReplayShop.DraftAsync(app);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/campaigns/{other}/replay/{run}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/api/v1/campaigns/{other}/replay/{run}/cancel", null, Cancel)).StatusCode);
        await ReplayShop.EndedAsync(app, run);
        Assert.Equal(30, (int)(await JsonAsync(await client.GetAsync($"/api/v1/campaigns/{draft}/replay/{run}", Cancel)))["days"]!);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/v1/campaigns/{draft}/replay/{run}/cancel", null, Cancel)).StatusCode);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("replayer", scopes), Actor.System, Cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }
}
