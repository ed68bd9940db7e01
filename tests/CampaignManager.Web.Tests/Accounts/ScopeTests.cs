using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

/// <summary>What a scope opens: code, document and docs/api.md say the same.</summary>
public sealed class ScopeTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scopes_InCodeDocumentAndGuide_AreTheSame()
    {
        var guide = RowsOfTheGuide();
        var used = new HashSet<string>();
        foreach (var (method, path, operation) in (await ADocument.OfAsync(app.CreateClient(), Cancel)).Operations)
        {
            var said = Together(operation.GetProperty("security")[0].GetProperty("bearer").EnumerateArray().Select(s => s.GetString()!));
            var call = $"{method.ToUpperInvariant()} {path[Api.Prefix.Length..]}";
            var row = guide.Where(r => Fits(r.Route, call)).MaxBy(r => r.Route.Length);
            Assert.True(row.Scope == said, $"{call}: docs/api.md says {row.Scope ?? "nothing"}, the document {said}.");
            Assert.Equal(said, CodeSays(method, path));
            used.Add(row.Route);
        }

        Assert.Equal(guide.Select(r => r.Route).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/webhooks")]
    [InlineData("POST", "/webhooks")]
    [InlineData("PUT", "/settings")]
    public async Task WebhooksAndSettings_CampaignsAndDataTogether_Answer403(string method, string path)
    {
        using var client = await ClientAsync(false, Scopes.Campaigns, Scopes.Data);
        using var request = new HttpRequestMessage(new HttpMethod(method), Api.Prefix + path);
        if (method != "GET")
            request.Content = Json();
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request, Cancel)).StatusCode);
    }

    [Fact]
    public async Task SandboxKey_EveryChange_IsRefusedButRedemptionsAndPrices()
    {
        using var client = await ClientAsync(true, Scopes.Everything);
        List<string> open = [];
        foreach (var (method, path, operation) in (await ADocument.OfAsync(app.CreateClient(), Cancel))
            .Operations.Where(o => o.Method != "get"))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method),
                Regex.Replace(path, @"\{[^}]*\}", Guid.Empty.ToString()))
            { Content = Json() };
            if (operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content")
                .TryGetProperty("multipart/form-data", out _))
                request.Content = new MultipartFormDataContent { { new StringContent("{}"), "mapping" } };
            using var answer = await client.SendAsync(request, Cancel);
            if (answer.StatusCode == HttpStatusCode.Forbidden)
                Assert.Equal(SandboxGate.Code, (await Problem.OfAsync(answer)).Code);
            else
                open.Add($"{method} {path[Api.Prefix.Length..]}");
        }

        Assert.Equal(
            [
                "post /decisions", "post /offers/quote", "post /offers/simulate", "post /redemptions", "post /redemptions/{id}/cancel",
                    "post /redemptions/{id}/confirm",
                "post /redemptions/{id}/extend", "post /redemptions/{id}/refunds", "post /score",
            ],
            open.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Api.Prefix + "/campaigns", Cancel)).StatusCode);
    }

    private static StringContent Json() => new("{}", Encoding.UTF8, "application/json");

    private async Task<HttpClient> ClientAsync(bool sandbox, params string[] scopes)
    {
        var key = (await app.Services.GetRequiredService<ApiKeyService>()
            .CreateAsync(new NewApiKey("test", scopes, sandbox), Actor.System, Cancel)).Value.Key;
        var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private string CodeSays(string method, string path) => app.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>()
        .Single(e => Regex.Replace(e.RoutePattern.RawText!, ":[^}]*", "").TrimEnd('/') == path.TrimEnd('/')
            && e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(method.ToUpperInvariant()))
        .Metadata.GetOrderedMetadata<ScopeRequirement>() is var needed && needed.Any(s => s.Scope == Scopes.Everything)
            ? Scopes.Everything : Together(needed.Select(s => s.Scope));

    private static string Together(IEnumerable<string> scopes) => string.Join(" + ", scopes) is { Length: > 0 } all ? all : "any";

    private static bool Fits(string route, string call)
    {
        var (method, path) = route.Split(' ') is [var m, var p] ? (m, p) : ("", route);
        return (method == "" || call.StartsWith(method + " ", StringComparison.Ordinal))
            && (path.Contains('{', StringComparison.Ordinal) ? call.Split(' ')[1] == path : (call.Split(' ')[1] + "/").StartsWith(path + "/", StringComparison.Ordinal));
    }

    /// <summary>The table "routes | scope".</summary>
    private static List<(string Route, string Scope)> RowsOfTheGuide()
    {
        var lines = File.ReadLines(Path.Combine(Top(), "docs", "api.md")).SkipWhile(l => l != "| routes | scope |").Skip(2)
            .TakeWhile(l => l.StartsWith('|'));
        return [.. from line in lines
                   let cells = line.Trim('|', ' ').Split(" | ")
                   from Match route in Regex.Matches(cells[0], "`([^`]+)`")
                   select (route.Groups[1].Value, cells[1].Replace("`", "", StringComparison.Ordinal).Trim())];
    }

    private static string Top()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
