using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Web.Tests.Campaigns.Predict;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>All customers of the demo shop, whose model looks at offers.</summary>
[Collection(TrainedApp.Shared)]
public sealed class ScoreRunsTests(TrainedApp app)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScoreRuns_DemoShop_ScoreEveryoneForTheNewestCampaignsOffer()
    {
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("scores", [Scopes.Models]), Actor.System, Token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        // Another test of the shared shop may have started one: a version scores once at a time.
        await EndedAsync(client, $"/api/v1/models/{app.ModelId}/score-runs");
        var started = await client.PostAsync($"/api/v1/models/{app.ModelId}/score-runs", null, Token);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);

        var run = await EndedAsync(client, started.Headers.Location!.ToString());
        Assert.Equal(("succeeded", 2000), (run.GetProperty("state").GetString(), run.GetProperty("customers").GetInt32()));
        Assert.False(string.IsNullOrEmpty(run.GetProperty("campaign").GetString()));

        // The offer of the reference is the newest campaign's, so the scores can be held against those of its held-out customers.
        var drift = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{app.ModelId}/drift", Token);
        Assert.Equal(JsonValueKind.Null, drift.GetProperty("unknown").ValueKind);
        Assert.DoesNotContain(drift.GetProperty("features").EnumerateArray(), f => f.GetProperty("feature").GetString()!.StartsWith("o_", StringComparison.Ordinal));
        var known = (await app.Services.GetRequiredService<ModelHealth>().OfShopAsync(Token))!;
        Assert.Equal((app.ModelId, drift.GetProperty("alarms").GetInt32(), false), (known.ModelId, known.Drifted, known.Stale));
    }

    private static async Task<JsonElement> EndedAsync(HttpClient client, string address)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 600 && await timer.WaitForNextTickAsync(Token); i++)
        {
            var runs = (await client.GetFromJsonAsync<JsonElement>(address, Token)).EnumerateArray().ToList();
            if (runs.Count == 0)
                return default;
            if (runs[0].GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled")
                return runs[0];
        }

        throw new TimeoutException("The run did not end in two minutes.");
    }
}
