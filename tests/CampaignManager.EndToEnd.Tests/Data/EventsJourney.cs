using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Web.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>The script on a page of another origin, as a shop pastes it, and what arrives of it.</summary>
public sealed class EventsJourney(EmptyShop shop, Browser browser) : Journey(shop, browser), IClassFixture<EmptyShop>
{
    private readonly List<string> sent = [];
    private WebApplication site = default!;
    private CreatedApiKey key = default!;

    private string Other => site.Urls.First();

    /// <summary>The shop's own pages, on another port and so of another origin.</summary>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapFallback(() => Results.Content(
            $"<!doctype html><title>A shop</title>{Snippets.Page(Shop.Address.ToString(), key.Key).Replace("cm(\"view\"", "//", StringComparison.Ordinal)}", "text/html"));
        await site.StartAsync(Stop);
        var keys = Shop.Services.GetRequiredService<ApiKeyService>();
        key = (await keys.CreateAsync(new NewApiKey("web", [Scopes.Ingest]) { Origins = [Other] }, Actor.System, Stop)).Value;
    }

    [Fact]
    public async Task Script_OnAShopsPage_WaitsForConsent_KeepsNothing_AndEachEventArrivesOnce()
    {
        await SignInAsync(Roles.Admin, path: "/data/events");
        await See(Page.Locator("pre").First).ToContainTextAsync(key.Key);
        var visit = await VisitAsync();

        await visit.GotoAsync(Other + "/product");
        await visit.EvaluateAsync("""cm("view", { sku: "S-7" })""");
        await visit.EvaluateAsync("""dispatchEvent(new Event("pagehide"))""");
        Assert.Empty(sent);
        await visit.EvaluateAsync("""cm("consent", true)""");
        await ArrivedAsync("Product seen", "S-7");
        Assert.Empty(await visit.Context.CookiesAsync());
        Assert.Equal(0, await visit.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));

        var token = Token(Shop.Services.GetRequiredService<PersonTokens>().SecretOf(key.Id, 1));
        await visit.EvaluateAsync("""token => cm("identify", { customerId: "C-9", token })""", token);
        await ArrivedAsync("Who is who", "C-9");

        // Left at once: there is no time for an answer.
        await visit.EvaluateAsync("""cm("cart", { sku: "S-8", quantity: 1 })""");
        await visit.GotoAsync(Other + "/thanks");
        await ArrivedAsync("Into the cart", "S-8");

        for (var reload = 0; reload < 2; reload++)
        {
            await visit.EvaluateAsync("""cm("consent", true); cm("order", { orderId: "1001", lines: [{ sku: "S-8", quantity: 1, unitPrice: 9 }] })""");
            await ArrivedAsync("Order", "1001");
            await visit.ReloadAsync();
        }

        await See(Page.Locator("#events-seen tbody tr").Filter(new() { HasText = "1001" })).ToHaveCountAsync(1);
        await visit.Context.CloseAsync();
        await site.StopAsync(Stop);
    }

    [Fact]
    public async Task Script_WhenTheServerDoesNotAnswer_SendsTheSameAgain()
    {
        var visit = await VisitAsync();
        var failures = 1;
        await visit.RouteAsync("**/api/v1/events*", route => failures-- > 0 ? route.AbortAsync() : route.ContinueAsync());
        await visit.GotoAsync(Other + "/product");

        var again = visit.WaitForResponseAsync("**/api/v1/events*");
        await visit.EvaluateAsync("""cm("consent", true); cm("view", { sku: "S-5" })""");

        Assert.Equal(200, (await again).Status);
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0], sent[1]);
        await visit.Context.CloseAsync();
        await site.StopAsync(Stop);
    }

    private async Task<IPage> VisitAsync()
    {
        var visit = await ElsewhereAsync(new Uri(Other));
        visit.Request += (_, request) =>
        {
            if (request.Url.Contains("/api/v1/events", StringComparison.Ordinal) && request.PostData is { } body)
                sent.Add(body);
        };
        return visit;
    }

    private Task ArrivedAsync(string type, string what) =>
        See(Page.Locator("#events-seen tbody tr").Filter(new() { HasText = type }).Filter(new() { HasText = what })).ToBeVisibleAsync(new() { Timeout = 30_000 });

    private static string Token(string secret)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var head = "v1." + Url(JsonSerializer.SerializeToUtf8Bytes(new { sub = "C-9", iat = now, exp = now + 600, use = new[] { "identify" } }));
        return $"{head}.{Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(head)))}";
    }

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
