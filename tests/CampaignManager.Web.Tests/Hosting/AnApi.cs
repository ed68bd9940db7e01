using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>The API's frame alone, with routes made for the test, on a real database.</summary>
public sealed class AnApi : IAsyncDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-api-" + Guid.NewGuid().ToString("N"));
    private WebApplication app = null!;

    public ApiKeyService Keys => app.Services.GetRequiredService<ApiKeyService>();

    public IDbContextFactory<AppDbContext> Contexts => app.Services.GetRequiredService<IDbContextFactory<AppDbContext>>();

    public static async Task<AnApi> StartAsync(Action<RouteGroupBuilder> map, TimeProvider? time = null, int rateLimit = 0)
    {
        var api = new AnApi();
        Directory.CreateDirectory(api.folder);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(api.folder, "app.db"),
            ["Api:RateLimitPerMinute"] = rateLimit.ToString(),
        });
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddData(builder.Configuration).AddAccountServices(builder.Configuration);
        builder.Services.AddAccounts(builder.Environment, builder.Configuration);
        builder.Services.AddLocalization();
        builder.Services.AddRazorComponents();
        builder.Services.AddApi();
        api.app = builder.Build();
        api.app.UseApiProblems();
        api.app.UseAuthentication();
        api.app.UseAuthorization();
        api.app.UseAntiforgery();
        api.app.UseApi();
        map(api.app.MapApiGroup());
        api.app.MapUnknown();
        await api.app.Services.GetRequiredService<DatabasePreparation>().RunAsync(CancellationToken.None);
        await api.app.StartAsync();
        return api;
    }

    public async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var created = await Keys.CreateAsync(new NewApiKey("test", scopes), Actor.System, CancellationToken.None);
        var client = app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Value.Key);
        return client;
    }

    public HttpClient AnonymousClient() => app.GetTestClient();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await TestFolder.DeleteAsync(folder);
    }
}

/// <summary>A problem as a caller reads it.</summary>
public sealed record Problem(string? Title, int Status, string Detail, string Code, Dictionary<string, string[]>? Errors)
{
    public static async Task<Problem> OfAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (await response.Content.ReadFromJsonAsync<Problem>(JsonSerializerOptions.Web))!;
    }
}
