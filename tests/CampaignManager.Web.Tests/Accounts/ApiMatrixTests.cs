using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

/// <summary>Key × route, over every route there is: found in the app, so that a new one cannot be forgotten.</summary>
public sealed partial class ApiMatrixTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<(string Method, string Path, ScopeRequirement? Scope, string Body)> Calls => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.StartsWith(Api.Prefix, StringComparison.Ordinal))
        .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (
            method,
            Parameter().Replace(e.RoutePattern.RawText!, m => m.Value.Contains("guid") || m.Value.Contains("id", StringComparison.OrdinalIgnoreCase) ? "00000000-0000-0000-0000-000000000001" : "1"),
            e.Metadata.GetMetadata<ScopeRequirement>(),
            e.Metadata.GetMetadata<IAcceptsMetadata>() is { ContentTypes: [var type, ..] } ? type : "application/json")));

    [Fact]
    public void Routes_All_NeedAScope() =>
        Assert.Equal(["/api/v1/me/"], Calls.Where(c => c.Scope is null).Select(c => c.Path.TrimEnd('/') + "/").Distinct());

    [Fact]
    public async Task Routes_Anonymous_Answer401() => await EachAsync(app.CreateClient(), (_, _) => HttpStatusCode.Unauthorized);

    [Fact]
    public async Task Routes_KeyOfAnotherScope_Answer403()
    {
        foreach (var scope in Scopes.All.Where(s => s != Scopes.Everything))
        {
            var created = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey(scope, [scope]) { Origins = scope == Scopes.Ingest ? ["https://shop.example"] : [] }, Actor.System, Cancel);
            var client = app.CreateClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Value.Key);
            await EachAsync(client, (_, needed) => (needed is null && scope != Scopes.Ingest) || needed?.Scope == scope || needed?.Instead == scope ? null : HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task ChangingRoutes_SignedInWithoutKey_Answer401()
    {
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        await EachAsync(admin.Client, (method, _) => method == "GET" ? null : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task ReadingData_Marketer_Answers403()
    {
        var marketer = await Visitor.SignedInAsync(app, "marketer@demo");
        await EachAsync(marketer.Client, (method, scope) => method != "GET" ? HttpStatusCode.Unauthorized : scope?.Scope is Scopes.Data or Scopes.Customers ? HttpStatusCode.Forbidden : null);
    }

    private async Task EachAsync(HttpClient client, Func<string, ScopeRequirement?, HttpStatusCode?> expect)
    {
        foreach (var (method, path, scope, body) in Calls)
        {
            if (expect(method, scope) is not { } expected)
                continue;
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method != "GET")
                request.Content = new StringContent("{}", new MediaTypeHeaderValue(body));
            var response = await client.SendAsync(request, Cancel);
            Assert.True(response.StatusCode == expected, $"{method} {path}: expected {expected}, got {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
