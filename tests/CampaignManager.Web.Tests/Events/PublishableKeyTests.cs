using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Events;

/// <summary>A key that anybody can read: what it opens, from where, how often, and who says who somebody is.</summary>
public sealed class PublishableKeyTests(WebApp app) : IClassFixture<WebApp>
{
    private const string Page = "https://shop.example";

    private const string View = """{"eventId":"#","type":"view","anonymousId":"b-1","sku":"S","at":"2026-11-01T18:00:00Z"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ApiKeyService Keys => app.Services.GetRequiredService<ApiKeyService>();

    private PersonTokens Tokens => app.Services.GetRequiredService<PersonTokens>();

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task Post_FromAPageItNames_IsTaken_WithTheKeyInTheAddressToo()
    {
        var key = await KeyAsync();

        var byHeader = await SendAsync(key.Key, View);
        var byAddress = await SendAsync(key.Key, View, inAddress: true, type: "text/plain");

        foreach (var answer in (HttpResponseMessage[])[byHeader, byAddress])
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(Page, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
            Assert.Contains("Origin", answer.Headers.Vary);
            Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("accepted").GetInt32());
        }
    }

    [Theory]
    [InlineData("https://other.example")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example:8443")]
    [InlineData("https://shop.example.evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Post_FromAnotherPage_IsRefused(string? origin)
    {
        var answer = await SendAsync((await KeyAsync()).Key, View, origin);
        Assert.Equal((403, "origin-not-allowed"), ((int)answer.StatusCode, (await Problem.OfAsync(answer)).Code));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Asked_BeforeACall_OnlyPagesOfAKeyInUseAreLetThrough()
    {
        var key = await KeyAsync("https://asked.example");
        var answer = await AskAsync("https://asked.example");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("https://asked.example", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("POST", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync("https://nobody.example")).StatusCode);

        Assert.True((await Keys.RevokeAsync(key.Id, Actor.System, Stop)).Succeeded);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync("https://asked.example")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(key.Key, View, "https://asked.example")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/me")]
    [InlineData("GET", "/api/v1/imports")]
    [InlineData("GET", "/api/v1/campaigns")]
    [InlineData("POST", "/api/v1/offers/quote")]
    public async Task Key_ForAnythingElse_IsRefused(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? JsonContent.Create(new { }) : null };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await KeyAsync()).Key);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.CreateClient().SendAsync(request, Stop)).StatusCode);
        // In an address a key opens events alone.
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().GetAsync($"/api/v1/me?key={(await KeyAsync()).Key}", Stop)).StatusCode);
    }

    [Fact]
    public async Task SecretKey_InAnAddress_IsNoKey()
    {
        var secret = await Keys.CreateAsync(new NewApiKey("server", [Scopes.Data]), Actor.System, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(secret.Value.Key, View, inAddress: true)).StatusCode);
    }

    [Fact]
    public async Task Post_MoreOftenThanTheKeyAllows_Answers429WithWhenToComeAgain()
    {
        var key = (await KeyAsync(calls: 20)).Key;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(key, View)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(key, View)).StatusCode);

        var answer = await SendAsync(key, View);

        Assert.Equal((429, "too-many-calls"), ((int)answer.StatusCode, (await Problem.OfAsync(answer)).Code));
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(Page, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("{\"sub\":\"C-1\",\"iat\":-5,\"exp\":600,\"use\":[\"recommend\",\"identify\"]}", null)]
    [InlineData("{\"sub\":\"C-1\",\"iat\":-5,\"exp\":896,\"use\":[\"identify\"]}", "15 minutes")]
    [InlineData("{\"sub\":\"C-1\",\"iat\":-700,\"exp\":-1,\"use\":[\"identify\"]}", "expired")]
    [InlineData("{\"sub\":\"C-1\",\"iat\":300,\"exp\":600,\"use\":[\"identify\"]}", "ahead")]
    [InlineData("{\"sub\":\"C-1\",\"iat\":-5,\"exp\":600,\"use\":[\"recommend\"]}", "'identify'")]
    [InlineData("{\"sub\":\"C-1\",\"iat\":-5,\"exp\":600}", "claims")]
    [InlineData("{\"sub\":\" \",\"iat\":-5,\"exp\":600,\"use\":[\"identify\"]}", "nobody")]
    [InlineData("{\"sub\":\"C-2\",\"iat\":-5,\"exp\":600,\"use\":[\"identify\"]}", "another customer")]
    public async Task Identify_WithASignedToken_IsTakenWhileItHolds(string claims, string? why)
    {
        var key = await KeyAsync();
        foreach (var offset in (int[])[-5, -700, 300, 600, 896, -1])
            claims = claims.Replace($":{offset},", $":{Now + offset},", StringComparison.Ordinal).Replace($":{offset}}}", $":{Now + offset}}}", StringComparison.Ordinal);
        await IdentifiedAsync(key.Key, Signed(Tokens.SecretOf(key.Id, 1), claims), why);
    }

    [Fact]
    public async Task Identify_WithoutAGoodSignature_IsRejected()
    {
        var (key, other) = (await KeyAsync(), await KeyAsync());
        var claims = $$"""{"sub":"C-1","iat":{{Now}},"exp":{{Now + 300}},"use":["identify"]}""";
        var good = Signed(Tokens.SecretOf(key.Id, 1), claims);
        await IdentifiedAsync(key.Key, null, "there is none");
        await IdentifiedAsync(key.Key, "v1.e30", "form");
        await IdentifiedAsync(key.Key, "v2" + good[2..], "form");
        await IdentifiedAsync(key.Key, good[..^4] + "AAAA", "signature");
        await IdentifiedAsync(key.Key, Signed(Tokens.SecretOf(other.Id, 1), claims), "signature");
        await IdentifiedAsync(key.Key, "v1." + Url("""{"sub":"C-1"}""") + good[good.LastIndexOf('.')..], "signature");
        await IdentifiedAsync(key.Key, good, null);

        Assert.Equal(2, (await Keys.RotateTokenSecretAsync(key.Id, Actor.System, Stop)).Value);
        await IdentifiedAsync(key.Key, good, "signature");
        await IdentifiedAsync(key.Key, Signed(Tokens.SecretOf(key.Id, 2), claims), null);
    }

    [Fact]
    public async Task ChangePages_OfAKey_IsInForceAtOnce()
    {
        var key = await KeyAsync("https://before.example");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(key.Key, View, "https://before.example")).StatusCode);

        Assert.True((await Keys.ChangePagesAsync(key.Id, ["https://After.example", "https://after.example:443/"], 30, Actor.System, Stop)).Succeeded);

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(key.Key, View, "https://before.example")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync("https://before.example")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync("https://after.example")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(key.Key, View, "https://after.example")).StatusCode);
        var shown = (await Keys.ListAsync(new PageRequest(1, 200, null), Actor.System, Stop)).Value.Items.Single(k => k.Id == key.Id);
        Assert.Equal(("https://after.example", 30), (shown.Origins, shown.CallsPerMinute));
    }

    [Fact]
    public async Task ChangePages_ToNone_OrOfAnotherKey_IsRefusedAndChangesNothing()
    {
        var key = await KeyAsync();
        Assert.Contains("origins", (await Keys.ChangePagesAsync(key.Id, ["shop.example"], 30, Actor.System, Stop)).Failure!.Errors!.Keys);
        Assert.Contains("callsPerMinute", (await Keys.ChangePagesAsync(key.Id, [Page], 0, Actor.System, Stop)).Failure!.Errors!.Keys);
        Assert.Equal(FailureKind.Forbidden, (await Keys.ChangePagesAsync(key.Id, [Page], 30, Actor.Of("m", "Mia", Roles.Marketer), Stop)).Failure!.Kind);
        var secret = await Keys.CreateAsync(new NewApiKey("server", [Scopes.Data]), Actor.System, Stop);
        Assert.Equal(FailureKind.NotFound, (await Keys.ChangePagesAsync(secret.Value.Id, [Page], 30, Actor.System, Stop)).Failure!.Kind);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(key.Key, View)).StatusCode);
    }

    [Fact]
    public async Task Refused_FromAnotherPage_IsCounted()
    {
        var refusals = app.Services.GetRequiredService<EventRefusals>();
        async Task<long> OfAsync(string code) => (await refusals.LastDaysAsync(Stop)).Where(r => r is { From: RefusedFrom.Page, Field: null } && r.Code == code).Sum(r => r.Times);
        var (other, fast) = (await OfAsync("origin-not-allowed"), await OfAsync("too-many-calls"));

        await SendAsync((await KeyAsync()).Key, View, "https://nowhere.example");
        await AskAsync("https://nowhere.example");
        var key = (await KeyAsync(calls: 10)).Key;
        await SendAsync(key, View);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(key, View)).StatusCode);

        Assert.True(await OfAsync("origin-not-allowed") >= other + 2);
        Assert.True(await OfAsync("too-many-calls") > fast);
    }

    [Theory]
    [InlineData("origins")]
    [InlineData("origins", "shop.example")]
    [InlineData("origins", "https://shop.example/cart")]
    [InlineData("origins", "https://*.example")]
    [InlineData("origins", "ftp://shop.example")]
    public async Task Create_WithoutPages_IsRefused(string path, params string[] origins) => Assert.Contains(
        path, (await Keys.CreateAsync(new NewApiKey("web", [Scopes.Ingest]) { Origins = origins }, Actor.System, Stop)).Failure!.Errors!.Keys);

    [Fact]
    public async Task Create_WithAnotherScope_IsRefused()
    {
        foreach (var request in (NewApiKey[])[new("web", [Scopes.Ingest, Scopes.Data]), new("web", [Scopes.Ingest], Sandbox: true)])
            Assert.Contains("scopes", (await Keys.CreateAsync(request with { Origins = [Page] }, Actor.System, Stop)).Failure!.Errors!.Keys);
        Assert.Contains("origins", (await Keys.CreateAsync(new NewApiKey("server", [Scopes.Data]) { Origins = [Page] }, Actor.System, Stop)).Failure!.Errors!.Keys);
        Assert.Equal(FailureKind.Forbidden, (await Keys.RotateTokenSecretAsync((await KeyAsync()).Id, Actor.Of("m", "Mia", Roles.Marketer), Stop)).Failure!.Kind);
    }

    private async Task<CreatedApiKey> KeyAsync(string origin = Page, int calls = IngestKey.UsualCalls) =>
        (await Keys.CreateAsync(new NewApiKey("web", [Scopes.Ingest]) { Origins = [origin], CallsPerMinute = calls }, Actor.System, Stop)).Value;

    private async Task IdentifiedAsync(string key, string? token, string? why)
    {
        var said = token is null ? "" : $",\"token\":\"{token}\"";
        var answer = await SendAsync(key, $$"""{"eventId":"#","type":"identify","customerId":"C-1","anonymousId":"b-1","at":"2026-11-01T18:00:00Z"{{said}}}""");
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(why is null ? 1 : 0, receipt.GetProperty("accepted").GetInt32());
        if (why is null)
            return;
        var rejected = Assert.Single(receipt.GetProperty("rejected").EnumerateArray());
        Assert.Equal(("token-needed", "[0].token"), (rejected.GetProperty("code").GetString(), rejected.GetProperty("path").GetString()));
        Assert.Contains(why, rejected.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string Signed(string secret, string claims)
    {
        var head = "v1." + Url(claims);
        return $"{head}.{Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(head)))}";
    }

    private static string Url(string text) => Url(Encoding.UTF8.GetBytes(text));

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private Task<HttpResponseMessage> AskAsync(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/events");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return app.CreateClient().SendAsync(request, Stop);
    }

    private Task<HttpResponseMessage> SendAsync(string key, string body, string? origin = Page, bool inAddress = false, string type = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events" + (inAddress ? $"?key={key}" : ""))
        {
            Content = new StringContent(body.Replace("#", Guid.NewGuid().ToString(), StringComparison.Ordinal), Encoding.UTF8, type),
        };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (!inAddress)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return app.CreateClient().SendAsync(request, Stop);
    }
}
