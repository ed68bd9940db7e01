using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class UserServiceTests : IAsyncLifetime
{
    private readonly WebApp app = new();
    private UserService users = null!;
    private UserList list = null!;
    private Actor admin = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        users = app.Services.GetRequiredService<UserService>();
        list = app.Services.GetRequiredService<UserList>();
        admin = Actor.Of(await IdAsync("admin@demo"), "Ada Admin", Roles.Admin);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Manager)]
    public async Task EveryOperation_NotAdmin_IsForbidden(string role)
    {
        var actor = Actor.Of("x", "x", role);
        var id = await IdAsync("marketer@demo");
        Outcome[] outcomes =
        [
            await users.CreateAsync(new NewUser("a@b.c", "A", [Roles.Marketer]), actor, Cancel),
            await users.UpdateAsync(id, "A", [Roles.Admin], actor, Cancel),
            await users.DisableAsync(id, actor, Cancel),
            await users.EnableAsync(id, actor, Cancel),
            await users.ResetPasswordAsync(id, actor, Cancel),
            await list.ListAsync(new PageRequest(), new UserFilter(), actor, Cancel),
        ];
        Assert.All(outcomes, o => Assert.Equal(FailureKind.Forbidden, o.Failure!.Kind));
    }

    [Fact]
    public async Task Create_Right_SignsInOnlyToChooseAPassword()
    {
        var issued = (await users.CreateAsync(new NewUser(" zoe@shop.example ", "Zoe", [Roles.Manager, Roles.Marketer], "zh-CN"), admin, Cancel)).Value;
        var zoe = await Visitor.SignedInAsync(app, "zoe@shop.example", issued.Password);
        Assert.Equal("/account/password", (await zoe.GetAsync("/")).Location);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await zoe.GetAsync("/api/v1/me")).Status);

        await zoe.PostFormAsync("/account/password", Password(issued.Password, "My-own-2026", "My-own-2026"));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await zoe.GetAsync("/")).Status);
        await Visitor.SignedInAsync(app, "zoe@shop.example", "My-own-2026");
    }

    [Theory]
    [InlineData("nonsense", "Zoe", Roles.Marketer, "email")]
    [InlineData("a b@c", "Zoe", Roles.Marketer, "email")]
    [InlineData("zoe@shop.example", " ", Roles.Marketer, "name")]
    [InlineData("zoe@shop.example", "Zoe", "", "roles")]
    [InlineData("zoe@shop.example", "Zoe", "Owner", "roles")]
    public async Task Create_NotRight_SaysWhichField(string email, string name, string role, string field)
    {
        var outcome = await users.CreateAsync(new NewUser(email, name, role == "" ? [] : [role]), admin, Cancel);
        Assert.Equal([field], outcome.Failure!.Errors!.Keys);
    }

    [Fact]
    public async Task Create_EmailTaken_IsConflict() =>
        Assert.Equal("email-taken", (await users.CreateAsync(new NewUser("Marketer@Demo", "M", [Roles.Marketer]), admin, Cancel)).Failure!.Code);

    [Fact]
    public async Task Admin_OwnAccount_KeepsItsRights()
    {
        await users.CreateAsync(new NewUser("second@shop.example", "Second", [Roles.Admin]), admin, Cancel);
        Assert.Equal("own-account", (await users.DisableAsync(admin.Id, admin, Cancel)).Failure!.Code);
        Assert.Equal("own-account", (await users.UpdateAsync(admin.Id, "Ada", [Roles.Manager], admin, Cancel)).Failure!.Code);
        Assert.Equal("own-account", (await users.ResetPasswordAsync(admin.Id, admin, Cancel)).Failure!.Code);
        Assert.True((await users.UpdateAsync(admin.Id, "Ada A.", [Roles.Admin, Roles.Manager], admin, Cancel)).Succeeded);
    }

    [Fact]
    public async Task LastAdmin_ByAnother_StaysAdmin()
    {
        var other = Actor.Of("key:1", "script", Roles.Admin);
        Assert.Equal("last-admin", (await users.DisableAsync(admin.Id, other, Cancel)).Failure!.Code);
        Assert.Equal("last-admin", (await users.UpdateAsync(admin.Id, "Ada", [Roles.Manager], other, Cancel)).Failure!.Code);
    }

    [Fact]
    public async Task TwoAdmins_DisableEachOtherAtOnce_OneRemains()
    {
        var second = (await users.CreateAsync(new NewUser("second@shop.example", "Second", [Roles.Admin]), admin, Cancel)).Value;
        await Task.WhenAll(
            users.DisableAsync(second.UserId, admin, Cancel),
            users.DisableAsync(admin.Id, Actor.Of(second.UserId, "Second", Roles.Admin), Cancel));
        var left = (await list.ListAsync(new PageRequest(), new UserFilter(Roles.Admin, Disabled: false), admin, Cancel)).Value;
        Assert.Equal(1, left.Total);
    }

    [Fact]
    public async Task Disable_SignedIn_CannotSignInAndTheCircuitEnds()
    {
        var id = await IdAsync("marketer@demo");
        await using var scope = app.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<AppUser>>().CreateAsync((await manager.FindByIdAsync(id))!);
        var session = await app.Services.GetRequiredService<SessionService>().StartAsync(id, "Chrome", null, Cancel);
        principal.Identities.First().AddClaim(new(SessionCookie.Claim, session.ToString("N")));
        Assert.True(await ValidAsync(principal));
        Assert.True((await users.DisableAsync(id, admin, Cancel)).Succeeded);
        Assert.False(await ValidAsync(principal));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await new Visitor(app).SignInAsync("marketer@demo", AccountPreparation.DemoPassword)).StatusCode);
        Assert.True((await users.EnableAsync(id, admin, Cancel)).Succeeded);
        await Visitor.SignedInAsync(app, "marketer@demo");
    }

    [Fact]
    public async Task Update_OtherRoles_EndTheSessions()
    {
        var id = await IdAsync("marketer@demo");
        var before = await StampAsync(id);
        await users.UpdateAsync(id, "Mia", [Roles.Marketer], admin, Cancel);
        Assert.Equal(before, await StampAsync(id));
        await users.UpdateAsync(id, "Mia", [Roles.Manager], admin, Cancel);
        Assert.NotEqual(before, await StampAsync(id));
        Assert.Equal([Roles.Manager], (await list.ListAsync(new PageRequest(Query: "mia"), new UserFilter(), admin, Cancel)).Value.Items.Single().Roles);
    }

    [Fact]
    public async Task SessionChecks_Interval_IsAtMostAMinute()
    {
        Assert.InRange(CircuitRevalidation.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.InRange(app.Services.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task ResetPassword_LockedOut_OpensWithTheNewOneOnly()
    {
        for (var i = 0; i < 5; i++)
            await new Visitor(app).SignInAsync("manager@demo", "wrong");
        var issued = (await users.ResetPasswordAsync(await IdAsync("manager@demo"), admin, Cancel)).Value;
        Assert.Equal(System.Net.HttpStatusCode.OK, (await new Visitor(app).SignInAsync("manager@demo", AccountPreparation.DemoPassword)).StatusCode);
        var manager = await Visitor.SignedInAsync(app, "manager@demo", issued.Password);
        Assert.Equal("/account/password", (await manager.GetAsync("/")).Location);
    }

    [Fact]
    public async Task List_FilterSortPage_InSqlOrder()
    {
        foreach (var name in (string[])["Bea", "Cem", "Abe"])
            await users.CreateAsync(new NewUser($"{name}@shop.example", name, [Roles.Marketer]), admin, Cancel);
        var found = (await list.ListAsync(new PageRequest(2, 2, "-name", "@shop"), new UserFilter(Roles.Marketer, false), admin, Cancel)).Value;
        Assert.Equal((3, "Abe"), (found.Total, found.Items.Single().Name));
        Assert.Empty((await list.ListAsync(new PageRequest(Query: "%"), new UserFilter(), admin, Cancel)).Value.Items);
    }

    private static Dictionary<string, string> Password(string current, string wanted, string again) =>
        new() { ["_handler"] = "password", ["Input.Current"] = current, ["Input.Wanted"] = wanted, ["Input.Again"] = again };

    private async Task<bool> ValidAsync(System.Security.Claims.ClaimsPrincipal principal)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await CircuitRevalidation.IsValidAsync(principal, scope.ServiceProvider, Cancel);
    }

    private async Task<string?> StampAsync(string id)
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        return (await context.Users.SingleAsync(u => u.Id == id, Cancel)).SecurityStamp;
    }

    private async Task<string> IdAsync(string email)
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        return (await context.Users.SingleAsync(u => u.UserName == email, Cancel)).Id;
    }
}
