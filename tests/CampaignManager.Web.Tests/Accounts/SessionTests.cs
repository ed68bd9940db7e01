using System.Net;
using System.Security.Claims;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Access;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class SessionTests(WebApp app) : IClassFixture<WebApp>, IAsyncLifetime
{
    private AnAccount zoe = null!;

    private SessionService Sessions => app.Services.GetRequiredService<SessionService>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => zoe = await AnAccount.NewAsync(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task SignOut_CopyOfTheCookie_OpensNothing()
    {
        var visitor = await Visitor.SignedInAsync(app, zoe.Email);
        var cookie = await CookieOfAsync(visitor);
        using var copy = Copy(cookie);
        Assert.Equal(HttpStatusCode.OK, (await copy.GetAsync("/", Cancel)).StatusCode);

        await visitor.PostFormAsync("/account/profile", [], to: "/account/sign-out");
        Assert.Equal(HttpStatusCode.Redirect, (await copy.GetAsync("/", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await copy.GetAsync("/api/v1/campaigns", Cancel)).StatusCode);
    }

    [Fact]
    public async Task SignOut_OpenPages_HearOfItAtOnceAndOthersDoNot()
    {
        var user = zoe.Id;
        var (mine, other) = (await OpenPageAsync(user), await OpenPageAsync(user));
        await Sessions.EndAsync(mine.Session, Cancel);
        Sessions.Tell([mine.Session]);
        Assert.False(await mine.IsSignedInAsync());
        Assert.True(await other.IsSignedInAsync());
        await mine.DisposeAsync();
        await other.DisposeAsync();
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("reset")]
    [InlineData("roles")]
    public async Task Admin_TakesRightsAway_EndsEverySessionAtOnce(string deed)
    {
        var visitor = await Visitor.SignedInAsync(app, zoe.Email);
        var id = zoe.Id;
        await using var page = await OpenPageAsync(id);
        var users = app.Services.GetRequiredService<UserService>();
        var admin = Actor.Of(await UserAsync("admin@demo"), "Ada", Roles.Admin);
        var outcome = deed switch
        {
            "disable" => await users.DisableAsync(id, admin, Cancel),
            "reset" => await users.ResetPasswordAsync(id, admin, Cancel),
            _ => await users.UpdateAsync(id, "Mia", [Roles.Manager], admin, Cancel),
        };
        Assert.True(outcome.Succeeded);
        Assert.False(await page.IsSignedInAsync());
        Assert.StartsWith("/account/sign-in", (await visitor.GetAsync("/")).Location);
    }

    [Fact]
    public async Task ChangePassword_OtherBrowsers_AreSignedOutAndThisOneGoesOn()
    {
        var (here, there) = (await Visitor.SignedInAsync(app, zoe.Email), await Visitor.SignedInAsync(app, zoe.Email));
        await here.PostFormAsync("/account/password", new()
        {
            ["_handler"] = "password",
            ["Input.Current"] = AccountPreparation.DemoPassword,
            ["Input.Wanted"] = "My-own-words-2026",
            ["Input.Again"] = "My-own-words-2026",
        });
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/")).Status);
        Assert.StartsWith("/account/sign-in", (await there.GetAsync("/")).Location);
    }

    [Fact]
    public async Task SaveProfile_SignedIn_KeepsTheSession()
    {
        var visitor = await Visitor.SignedInAsync(app, zoe.Email);
        var before = (await Sessions.ListAsync(zoe.Actor, Cancel)).Single().Id;
        await visitor.PostFormAsync("/account/profile",
            new() { ["_handler"] = "profile", ["Input.Name"] = "Mia M.", ["Input.Culture"] = "en", ["Input.Theme"] = "dark" });
        Assert.Equal(before, (await Sessions.ListAsync(zoe.Actor, Cancel)).Single().Id);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/")).Status);
    }

    [Fact]
    public async Task Profile_TwoSessions_ListsBothAndEndsTheOther()
    {
        var there = await Visitor.SignedInAsync(app, zoe.Email);
        var here = new Visitor(app);
        here.Client.DefaultRequestHeaders.UserAgent.ParseAdd(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");
        await here.SignInAsync(zoe.Email, AccountPreparation.DemoPassword);
        var page = WebUtility.HtmlDecode(await here.Client.GetStringAsync("/account/profile", Cancel));
        Assert.Contains("Chrome · Linux</strong> · this one", page);
        var other = page.Split("name=\"id\" value=\"")[1].Split('"')[0];
        await here.PostFormAsync("/account/profile", new() { ["id"] = other }, to: "/account/sessions/end");
        Assert.StartsWith("/account/sign-in", (await there.GetAsync("/")).Location);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/")).Status);

        var third = await Visitor.SignedInAsync(app, zoe.Email);
        await here.PostFormAsync("/account/profile", [], to: "/account/sessions/end");
        Assert.StartsWith("/account/sign-in", (await third.GetAsync("/")).Location);
        Assert.StartsWith("/account/sign-in", (await here.GetAsync("/")).Location);
    }

    [Fact]
    public async Task EndSession_OfSomebodyElse_ChangesNothing()
    {
        var victim = await Visitor.SignedInAsync(app, zoe.Email);
        var id = (await Sessions.ListAsync(zoe.Actor, Cancel)).Single().Id;
        var visitor = await Visitor.SignedInAsync(app, "manager@demo");
        await visitor.PostFormAsync("/account/profile", new() { ["id"] = id.ToString() }, to: "/account/sessions/end");
        Assert.Equal(HttpStatusCode.OK, (await victim.GetAsync("/")).Status);
    }

    [Fact]
    public async Task IsAlive_NotSeenForAWeekOrOfAnother_IsOver()
    {
        var user = zoe.Id;
        var session = await Sessions.StartAsync(user, "Chrome", "127.0.0.1", Cancel);
        Assert.True(await Sessions.IsAliveAsync(session, user, Cancel));
        Assert.False(await Sessions.IsAliveAsync(session, await UserAsync("admin@demo"), Cancel));
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
        {
            var longAgo = DateTime.SpecifyKind(new DateTime(2020, 1, 1), DateTimeKind.Utc);
            await context.SignInSessions.Where(s => s.UserId == zoe.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.SeenAt, longAgo), Cancel);
        }

        Assert.False(await Sessions.IsAliveAsync(session, user, Cancel));
        await Sessions.StartAsync(user, "Chrome", "127.0.0.1", Cancel);
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
            Assert.Equal(1, await context.SignInSessions.CountAsync(s => s.UserId == zoe.Id, Cancel));
    }

    private async Task<string> UserAsync(string email)
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        return (await context.Users.SingleAsync(u => u.UserName == email, Cancel)).Id;
    }

    private async Task<string> CookieOfAsync(Visitor visitor)
    {
        var response = await visitor.SignInAsync(zoe.Email, AccountPreparation.DemoPassword);
        return response.Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith(".AspNetCore.Identity.Application=", StringComparison.Ordinal)).Split(';')[0];
    }

    private HttpClient Copy(string cookie)
    {
        var client = app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return client;
    }

    /// <summary>What an open page knows of its person.</summary>
    private async Task<OpenPage> OpenPageAsync(string user)
    {
        var session = await Sessions.StartAsync(user, "Chrome", null, Cancel);
        var scope = app.Services.CreateAsyncScope();
        var state = (ServerAuthenticationStateProvider)scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        state.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, user), new(SessionCookie.Claim, session.ToString("N"))], "cookie")))));
        return new OpenPage(session, scope, state);
    }

    private sealed record OpenPage(Guid Session, AsyncServiceScope Scope, AuthenticationStateProvider State) : IAsyncDisposable
    {
        public async Task<bool> IsSignedInAsync() => (await State.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated;

        public ValueTask DisposeAsync() => Scope.DisposeAsync();
    }
}
