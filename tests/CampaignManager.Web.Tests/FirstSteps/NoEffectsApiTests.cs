using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.FirstSteps;

/// <summary>A shop with orders alone: nothing that the API answers is an effect on its customers.</summary>
public sealed class NoEffectsApiTests
{
    private static readonly Regex Effects = new("uplift|incremental|\\broi\\b|增量|提升|投资回报", RegexOptions.IgnoreCase);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_OrdersOnly_SayWhoBuysAndNothingOfEffects()
    {
        await using var app = new WebApp();
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("all", [Scopes.Everything]), Actor.System, Stop);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        await BringOrdersAsync(client);
        var made = await (await client.PostAsJsonAsync("/api/v1/first-steps/experiment", new { percent = 10, margin = 50 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var campaign = made.GetProperty("campaignId").GetGuid();

        foreach (var path in (string[])["first-steps?percent=10&margin=50", "audiences", "campaigns", $"campaigns/{campaign}", "models", "training-runs", "imports", "customers/C1/segments", "settings"])
        {
            foreach (var language in (string[])["en", "zh-CN"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/" + path);
                request.Headers.AcceptLanguage.ParseAdd(language);
                var answer = await client.SendAsync(request, Stop);
                Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
                Assert.DoesNotMatch(Effects, await answer.Content.ReadAsStringAsync(Stop));
            }
        }

        foreach (var path in (string[])[$"campaigns/{campaign}/prediction", $"campaigns/{campaign}/suggestions", "segments/uplift:top10/customers.csv?reason=test", "audiences/uplift:top30/members?reason=test"])
            await RefusedAsync(await client.GetAsync("/api/v1/" + path, Stop), path);
        await RefusedAsync(await client.PostAsJsonAsync("/api/v1/score", new { customers = new[] { new { id = "C1" } } }, Stop), "score");
        // What is no rank by effects is unknown as before.
        Assert.Equal("segment-unknown", (await Problem.OfAsync(await client.GetAsync("/api/v1/segments/favourite:none/customers.csv?reason=test", Stop))).Code);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string path)
    {
        var problem = await Problem.OfAsync(answer);
        Assert.True((HttpStatusCode.NotFound, "no-effect-model") == (answer.StatusCode, problem.Code), $"{path}: {answer.StatusCode} {problem.Code}");
        Assert.Contains("not who buys because of an offer", problem.Detail, StringComparison.Ordinal);
    }

    private static async Task BringOrdersAsync(HttpClient client)
    {
        var csv = new StringBuilder("order_id,order_date,customer_id,total\n");
        for (var i = 0; i < 600; i++)
            csv.Append(CultureInfo.InvariantCulture, $"O{i},{new DateTime(2025, 1, 1).AddDays(i % 360):yyyy-MM-dd}T10:00:00Z,C{i % 130},{50 + (i % 7)}.00\n");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("orders"), "kind" },
            { new StringContent("""{ "currency": "CNY", "zone": "UTC" }"""), "mapping" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(csv.ToString())), "file", "orders.csv" },
        };
        var sent = await (await client.PostAsync("/api/v1/imports", form, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        await UntilAsync(client, $"imports/{sent.GetProperty("id").GetGuid()}", i => i.GetProperty("state").GetString() == "succeeded");
        await UntilAsync(client, "first-steps", s => s.GetProperty("described").GetBoolean());
    }

    private static async Task UntilAsync(HttpClient client, string path, Func<JsonElement, bool> reached)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 1_200 && await timer.WaitForNextTickAsync(Stop); i++)
        {
            if (reached(await client.GetFromJsonAsync<JsonElement>("/api/v1/" + path, Stop)))
                return;
        }

        throw new TimeoutException($"{path} did not come so far in two minutes.");
    }
}
