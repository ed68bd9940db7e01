using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Data;

/// <summary>An export that is complete for its time, by a script: what it lacks is listed, goes once confirmed, and comes back with undo.</summary>
public sealed class CompleteExportsApiTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_ListedConfirmedAndUndone()
    {
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("files", [Scopes.Data]), Actor.System, Stop);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        await EndedAsync(client, await UploadAsync(client, 1, 2, 3, 4));
        var later = await UploadAsync(client, 1, 4);
        await EndedAsync(client, later);

        var missing = await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{later}/missing", Stop);
        Assert.Equal(("kiosk", 2), (missing.GetProperty("source").GetString(), missing.GetProperty("count").GetInt32()));
        var first = missing.GetProperty("first")[0];
        Assert.Equal(("O-2", "JPY", 1200m), (first.GetProperty("orderId").GetString(), first.GetProperty("currency").GetString(), first.GetProperty("total").GetDecimal()));

        var wrong = await Problem.OfAsync(await RemoveAsync(client, later, 1));
        Assert.Equal((409, "missing-changed"), (wrong.Status, wrong.Code));
        var removing = await RemoveAsync(client, later, 2);
        Assert.Equal(HttpStatusCode.Accepted, removing.StatusCode);
        var removal = (await removing.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        Assert.Equal(2, (await EndedAsync(client, removal)).GetProperty("written").GetInt32());
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{later}/missing", Stop)).GetProperty("count").GetInt32());

        (await client.PostAsync($"/api/v1/imports/{removal}/undo", null, Stop)).EnsureSuccessStatusCode();
        await EndedAsync(client, removal, "undone");
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{later}/missing", Stop)).GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/imports/{Guid.NewGuid()}/missing", Stop)).StatusCode);
    }

    private static Task<HttpResponseMessage> RemoveAsync(HttpClient client, Guid import, int count) =>
        client.PostAsJsonAsync($"/api/v1/imports/{import}/missing/remove", new { count }, Stop);

    private static async Task<Guid> UploadAsync(HttpClient client, params int[] orders)
    {
        var csv = "order_id,order_date,customer_id,currency,sku,quantity,price,total\n" + string.Concat(orders.Select(o => $"O-{o},2025-11-0{o} 10:00:00,c,JPY,A,1,1200,1200\n"));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("orders"), "kind" }, { new StringContent("plain"), "template" }, { new StringContent("Asia/Tokyo"), "zone" }, { new StringContent("kiosk"), "source" },
            { new StringContent(csv), "file", "orders.csv" },
        };
        var answer = await client.PostAsync("/api/v1/imports", form, Stop);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private static async Task<JsonElement> EndedAsync(HttpClient client, Guid import, string state = "succeeded")
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 0; ; tries++)
        {
            var found = await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{import}", Stop);
            if (found.GetProperty("state").GetString() == state)
                return found;
            Assert.True(tries < 2400 && found.GetProperty("state").GetString() is not ("failed" or "waiting"), found.ToString());
            await timer.WaitForNextTickAsync(Stop);
        }
    }
}
