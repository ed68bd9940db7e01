using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>The app on the provider named, with keys to make campaigns live and to redeem them over HTTP.</summary>
public sealed class OfferShop : WebApp
{
    private DatabaseOptions? postgres;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The test's own clock; null for the system's.</summary>
    public FakeTimeProvider? Clock { get; private init; }

    public static async Task<OfferShop> StartAsync(string provider, PostgresServer server, FakeTimeProvider? clock = null)
    {
        var shop = new OfferShop { Clock = clock };
        if (provider == DatabaseOptions.PostgreSql)
            shop.postgres = await server.NewDatabaseAsync();
        return shop;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Webhooks:AllowPrivateAddresses", "true");
        if (postgres is { } options)
        {
            builder.UseSetting("Database:Provider", options.Provider);
            builder.UseSetting("Database:ConnectionString", options.ConnectionString);
        }

        if (Clock is { } clock)
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(clock));
    }

    public async Task<HttpClient> KeyAsync(params string[] scopes) => await KeyAsync(false, scopes);

    public async Task<HttpClient> KeyAsync(bool sandbox, params string[] scopes)
    {
        var created = await Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("shop", scopes, sandbox), Actor.System, Stop);
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Value.Key);
        return client;
    }

    /// <summary>Made, submitted, approved by another and launched; without a holdout unless it says so.</summary>
    public async Task<string> LiveAsync(string body)
    {
        return await LiveAsync(await KeyAsync(Scopes.Campaigns), await KeyAsync(Scopes.Campaigns), body);
    }

    public static async Task<string> LiveAsync(HttpClient maker, HttpClient judge, string body)
    {
        var campaign = JsonNode.Parse(body)!.AsObject();
        campaign["experiment"] ??= JsonNode.Parse("""{ "holdoutPercent": 0, "attributionDays": 14 }""");
        var id = (string)(await OkAsync(await PostAsync(maker, "/campaigns", campaign.ToJsonString())))["id"]!;
        await OkAsync(await PostAsync(maker, $"/campaigns/{id}/submit", null));
        await OkAsync(await PostAsync(judge, $"/campaigns/{id}/approve", null));
        await OkAsync(await PostAsync(judge, $"/campaigns/{id}/launch", null));
        return id;
    }

    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string? body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request, Stop);
    }

    public static async Task<JsonObject> OkAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return text == "" ? [] : JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The problem's code; fails on any other status.</summary>
    public static async Task<JsonObject> RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(code, (string?)problem["code"]);
        return problem;
    }

    /// <summary>One line of one SKU.</summary>
    public static string Cart(decimal price, string? customer = null, string? code = null, decimal shipping = 0) => new JsonObject
    {
        ["currency"] = "CNY",
        ["customer"] = new JsonObject { ["id"] = customer },
        ["codes"] = code is null ? [] : new JsonArray(code),
        ["shipping"] = shipping,
        ["lines"] = new JsonArray(new JsonObject { ["id"] = "1", ["sku"] = "S-1", ["categories"] = new JsonArray("shoes"), ["quantity"] = 1, ["unitPrice"] = price }),
    }.ToJsonString();

    public static string Redeem(string cart, string order, decimal? expected = null)
    {
        var body = new JsonObject { ["cart"] = JsonNode.Parse(cart), ["orderId"] = order };
        if (expected is { } total)
            body["expectedTotal"] = total;
        return body.ToJsonString();
    }
}
