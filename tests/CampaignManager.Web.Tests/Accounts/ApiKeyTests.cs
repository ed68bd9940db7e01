using System.Net;
using System.Net.Http.Headers;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Access;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class ApiKeyTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));
    private AnApi api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => api = await AnApi.StartAsync(Map, clock);

    public async ValueTask DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task Call_WithoutKey_Answers401AsProblem()
    {
        var response = await api.AnonymousClient().GetAsync("/api/v1/data", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("unauthorized", (await Problem.OfAsync(response)).Code);
    }

    [Theory]
    [InlineData("cm_0123456789012345678901234567890123456789012")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Call_UnknownKey_Answers401(string key)
    {
        var client = api.AnonymousClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/data", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("data", HttpStatusCode.OK)]
    [InlineData("all", HttpStatusCode.OK)]
    [InlineData("models", HttpStatusCode.Forbidden)]
    [InlineData("campaigns", HttpStatusCode.Forbidden)]
    public async Task Call_ByScope_IsOpenOrForbidden(string scope, HttpStatusCode expected)
    {
        var response = await (await api.ClientAsync(scope)).GetAsync("/api/v1/data", Cancel);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
            Assert.Contains("'data'", (await Problem.OfAsync(response)).Detail);
    }

    [Theory]
    [InlineData("campaigns", "Manager Marketer")]
    [InlineData("offers", "Marketer")]
    [InlineData("data", "Admin")]
    [InlineData("all", "Admin Manager Marketer")]
    public async Task Actor_OfKey_HasItsNameAndTheRolesOfItsScopes(string scope, string roles)
    {
        var answer = await (await api.ClientAsync(scope)).GetStringAsync("/api/v1/me", Cancel);
        Assert.Equal($"test:{roles}", answer.Trim('"'));
    }

    [Fact]
    public async Task Key_Revoked_IsRefused()
    {
        var created = (await api.Keys.CreateAsync(new NewApiKey("shop", ["data"]), Actor.System, Cancel)).Value;
        var client = api.AnonymousClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/data", Cancel)).StatusCode);
        Assert.True((await api.Keys.RevokeAsync(created.Id, Actor.System, Cancel)).Succeeded);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/data", Cancel)).StatusCode);
        Assert.True((await api.Keys.RevokeAsync(created.Id, Actor.System, Cancel)).Succeeded);
        Assert.Equal(FailureKind.NotFound, (await api.Keys.RevokeAsync(Guid.NewGuid(), Actor.System, Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task Key_Stored_OnlyAsHash()
    {
        var created = (await api.Keys.CreateAsync(new NewApiKey("shop", ["data"]), Actor.System, Cancel)).Value;
        await using var context = await api.Contexts.CreateDbContextAsync(Cancel);
        var row = await context.ApiKeys.SingleAsync(k => k.Id == created.Id, Cancel);
        Assert.Equal(46, created.Key.Length);
        Assert.StartsWith(row.Prefix, created.Key);
        Assert.Equal(64, row.Hash.Length);
        Assert.DoesNotContain(created.Key[row.Prefix.Length..], row.Hash + row.Prefix + row.Name);
    }

    [Fact]
    public async Task LastUse_IsWrittenAtMostOnceAMinute()
    {
        var client = await api.ClientAsync("data");
        var first = clock.GetUtcNow().UtcDateTime;
        await client.GetAsync("/api/v1/data", Cancel);
        clock.Advance(TimeSpan.FromSeconds(59));
        await client.GetAsync("/api/v1/data", Cancel);
        Assert.Equal(first, await LastUseAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        await client.GetAsync("/api/v1/data", Cancel);
        Assert.Equal(clock.GetUtcNow().UtcDateTime, await LastUseAsync());
    }

    [Theory]
    [InlineData("", "data", "name")]
    [InlineData("shop", "", "scopes")]
    [InlineData("shop", "everything", "scopes")]
    public async Task Create_NotRight_SaysWhere(string name, string scopes, string path)
    {
        var outcome = await api.Keys.CreateAsync(new NewApiKey(name, scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Actor.System, Cancel);
        Assert.Contains(path, outcome.Failure!.Errors!.Keys);
    }

    [Theory]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Manager)]
    public async Task Service_NotAdmin_Refuses(string role)
    {
        var actor = Actor.Of("1", "someone", role);
        Assert.Equal(FailureKind.Forbidden, (await api.Keys.CreateAsync(new NewApiKey("shop", ["data"]), actor, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await api.Keys.RevokeAsync(Guid.NewGuid(), actor, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await api.Keys.ListAsync(new PageRequest(), actor, Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task List_SearchSortPage_InOrder()
    {
        foreach (var name in (string[])["b 50%", "a", "c 50x"])
            await api.Keys.CreateAsync(new NewApiKey(name, ["data"]), Actor.System, Cancel);
        var sorted = (await api.Keys.ListAsync(new PageRequest(1, 2, "-name"), Actor.System, Cancel)).Value;
        Assert.Equal((3, "c 50x", "b 50%"), (sorted.Total, sorted.Items[0].Name, sorted.Items[1].Name));
        var found = (await api.Keys.ListAsync(new PageRequest(Query: "50%"), Actor.System, Cancel)).Value;
        Assert.Equal("b 50%", Assert.Single(found.Items).Name);
    }

    [Fact]
    public async Task Call_OverTheLimit_Answers429WithRetryAfter()
    {
        await using var limited = await AnApi.StartAsync(Map, rateLimit: 2);
        var client = await limited.ClientAsync("data");
        var other = await limited.ClientAsync("data");
        await client.GetAsync("/api/v1/data", Cancel);
        await client.GetAsync("/api/v1/data", Cancel);
        var third = await client.GetAsync("/api/v1/data", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("too-many-calls", (await Problem.OfAsync(third)).Code);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/v1/data", Cancel)).StatusCode);
    }

    private static void Map(RouteGroupBuilder group)
    {
        group.MapGroup("/data").RequireScope(Scopes.Data).MapGet("/", () => "data");
        group.MapGet("/me", (HttpContext http) => $"{http.ApiActor().Name}:{string.Join(' ', http.ApiActor().Roles.Order())}");
    }

    private async Task<DateTime?> LastUseAsync()
    {
        await using var context = await api.Contexts.CreateDbContextAsync(Cancel);
        return (await context.ApiKeys.SingleAsync(Cancel)).LastUsedAt;
    }
}
