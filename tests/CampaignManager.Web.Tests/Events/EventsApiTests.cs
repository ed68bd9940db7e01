using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Events;

/// <summary>Events over HTTP: who may send them, as what, and what is answered.</summary>
public sealed class EventsApiTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", "[%,{}]")]
    [InlineData("application/x-ndjson", "%\n{}\n")]
    [InlineData("text/plain; charset=utf-8", "[%,{}]")]
    public async Task Post_ArrayOrLines_AnswersWhatBecameOfEach(string type, string body)
    {
        var client = await ClientAsync(Scopes.Data);
        var id = Guid.NewGuid();
        body = body.Replace("%", $$"""{"eventId":"{{id}}","type":"view","customerId":"C","sku":"S","at":"2026-11-01T18:00:00+08:00"}""", StringComparison.Ordinal);

        var answer = await SendAsync(client, body, type);
        var again = await SendAsync(client, body, type);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((1, 0), (said.GetProperty("accepted").GetInt32(), said.GetProperty("duplicates").GetInt32()));
        var rejected = Assert.Single(said.GetProperty("rejected").EnumerateArray());
        Assert.Equal((1, "no-id", "[1].eventId"),
            (rejected.GetProperty("index").GetInt32(), rejected.GetProperty("code").GetString(), rejected.GetProperty("path").GetString()));
        said = await again.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((0, 1), (said.GetProperty("accepted").GetInt32(), said.GetProperty("duplicates").GetInt32()));
    }

    [Theory]
    [InlineData(Scopes.Offers, "application/json", "[]", HttpStatusCode.Forbidden)]
    [InlineData(Scopes.Data, "application/x-www-form-urlencoded", "[]", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(Scopes.Data, "application/json", "[", HttpStatusCode.BadRequest)]
    [InlineData(Scopes.Data, "application/json", "", HttpStatusCode.BadRequest)]
    public async Task Post_WithoutTheRightOrEvents_IsRefused(string scope, string type, string body, HttpStatusCode status) =>
        Assert.Equal(status, (HttpStatusCode)(await Problem.OfAsync(await SendAsync(await ClientAsync(scope), body, type))).Status);

    private async Task<HttpClient> ClientAsync(string scope)
    {
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("events", [scope]), Actor.System, Stop);
        var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string body, string type)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return client.PostAsync("/api/v1/events", content, Stop);
    }
}
