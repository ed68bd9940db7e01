using System.Text.Json;
using System.Text.RegularExpressions;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Hosting;

public sealed partial class ApiDocumentTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_EveryRoute_IsThereWithSummaryScopeAndScheme()
    {
        using var document = JsonDocument.Parse(await app.CreateClient().GetStringAsync("/openapi/v1.json", Cancel));
        Assert.Equal("bearer", document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        var paths = document.RootElement.GetProperty("paths");
        var routes = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith(Api.Prefix, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var path = Constraint().Replace(route.RoutePattern.RawText!, "{$1}").TrimEnd('/');
            Assert.True(paths.TryGetProperty(path, out var item), $"{path} is missing in the document");
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var operation = item.GetProperty(method.ToLowerInvariant());
                Assert.True(operation.TryGetProperty("summary", out _), $"{method} {path} has no summary");
                Assert.True(operation.TryGetProperty("security", out _), $"{method} {path} names no scheme");
                if (route.Metadata.GetMetadata<ScopeRequirement>() is { Scope: var scope })
                    Assert.Contains($"`{scope}`", operation.GetProperty("description").GetString());
            }
        }
    }

    [Fact]
    public async Task Document_ClosedSets_ListTheirNames()
    {
        using var document = JsonDocument.Parse(await app.CreateClient().GetStringAsync("/openapi/v1.json", Cancel));
        var limits = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Limits").GetProperty("properties").GetProperty("onBudgetShort");
        if (limits.TryGetProperty("$ref", out var link))
            limits = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(link.GetString()!.Split('/')[^1]);
        Assert.Equal("string", limits.GetProperty("type").GetString());
        Assert.Equal(["reject", "partial"], limits.GetProperty("enum").EnumerateArray().Select(n => n.GetString()));
    }

    [Fact]
    public async Task Docs_Page_LoadsNothingFromElsewhere()
    {
        var client = app.CreateClient();
        var page = await client.GetStringAsync("/docs/", Cancel);
        Assert.DoesNotContain("://", page);
        var scripts = Script().Matches(page).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
            Assert.True((await client.GetAsync("/docs/" + script, Cancel)).IsSuccessStatusCode, script);
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex("src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
