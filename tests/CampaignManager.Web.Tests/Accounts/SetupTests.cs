using System.Net;
using System.Text.RegularExpressions;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Accounts;

public sealed partial class SetupTests : IAsyncLifetime
{
    private readonly ProductionApp app = new();
    private string code = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SetupService Setup => app.Services.GetRequiredService<SetupService>();

    public ValueTask InitializeAsync()
    {
        code = Code().Match(app.Services.GetRequiredService<AccountPreparation>().SignInHint).Value;
        Assert.NotEqual("", code);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/account/sign-in")]
    [InlineData("/users")]
    [InlineData("/jobs")]
    [InlineData("/no/such/page")]
    public async Task EveryPage_NobodyYet_LeadsToSetup(string path) => Assert.Equal("/account/setup", (await new Visitor(app).GetAsync(path)).Location);

    [Theory]
    [InlineData("/healthz", HttpStatusCode.OK)]
    [InlineData("/api/v1/me", HttpStatusCode.Unauthorized)]
    [InlineData("/css/app.css", HttpStatusCode.OK)]
    public async Task Machines_NobodyYet_GetTheirAnswer(string path, HttpStatusCode expected) => Assert.Equal(expected, (await new Visitor(app).GetAsync(path)).Status);

    [Theory]
    [InlineData("/css/app.css")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js")]
    public async Task Assets_InProductionFromTheBuildsOutput_AreServed(string path) =>
        Assert.NotEmpty(await new Visitor(app).Client.GetByteArrayAsync(path, Cancel));

    [Fact]
    public async Task Setup_RightCode_MakesTheAdminOnceAndOpensTheApp()
    {
        var visitor = new Visitor(app);
        var response = await visitor.PostFormAsync("/account/setup", Form(code));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/users")).Status);
        Assert.False(Setup.Needed);
        Assert.Equal("setup-done", (await Setup.CreateAdminAsync(Admin(code, "late@shop.example"), Cancel)).Failure!.Code);
        Assert.StartsWith("/account/sign-in", (await new Visitor(app).GetAsync("/account/setup")).Location);
    }

    [Fact]
    public async Task Setup_WrongCode_SaysSoAndMakesNobody()
    {
        var visitor = new Visitor(app);
        var response = await visitor.PostFormAsync("/account/setup", Form("AAAA-BBBB-CCCC-DDDD"));
        Assert.Contains("not the code in the log", await response.Content.ReadAsStringAsync(Cancel));
        Assert.True(Setup.Needed);
    }

    [Fact]
    public async Task Setup_FiveWrongCodes_LockEvenTheRightOneForAMinute()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(FailureKind.Forbidden, (await Setup.CreateAdminAsync(Admin("wrong", "a@shop.example"), Cancel)).Failure!.Kind);
        Assert.Equal("setup-locked", (await Setup.CreateAdminAsync(Admin(code, "a@shop.example"), Cancel)).Failure!.Code);
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await Setup.CreateAdminAsync(Admin(code, "a@shop.example"), Cancel)).Succeeded);
    }

    [Fact]
    public async Task Setup_TwoAtOnce_OneWins()
    {
        var outcomes = await Task.WhenAll(
            Task.Run(() => Setup.CreateAdminAsync(Admin(code, "a@shop.example"), Cancel), Cancel),
            Task.Run(() => Setup.CreateAdminAsync(Admin(code, "b@shop.example"), Cancel), Cancel));
        Assert.Single(outcomes, o => o.Succeeded);
        await using var scope = app.Services.CreateAsyncScope();
        Assert.Single(await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().GetUsersInRoleAsync(Roles.Admin));
    }

    [Theory]
    [InlineData("a@shop.example", "weak", "PasswordTooShort")]
    [InlineData("nonsense", "Long-enough-1", "invalid")]
    [InlineData("a@demo", "Long-enough-1", "invalid")]
    public async Task Setup_NotRight_KeepsTheCode(string email, string password, string expected)
    {
        Assert.Equal(expected, (await Setup.CreateAdminAsync(Admin(code, email) with { Password = password }, Cancel)).Failure!.Code);
        Assert.True((await Setup.CreateAdminAsync(Admin(code.ToLowerInvariant(), "a@shop.example"), Cancel)).Succeeded);
    }

    [Fact]
    public async Task DemoAccounts_DatabaseOnceUsedInDevelopment_AreLocked()
    {
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            await users.CreateAsync(new AppUser { UserName = "admin@demo", Email = "admin@demo", DisplayName = "Ada" }, AccountPreparation.DemoPassword);
        }

        await app.Services.GetRequiredService<AccountPreparation>().RunAsync(Cancel);
        Assert.True(Setup.Needed);
        await Setup.CreateAdminAsync(Admin(Code().Match(app.Services.GetRequiredService<AccountPreparation>().SignInHint).Value, "a@shop.example"), Cancel);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            Assert.True(await users.IsLockedOutAsync((await users.FindByNameAsync("admin@demo"))!));
        }

        await Visitor.SignedInAsync(app, "a@shop.example", "Long-enough-1");
    }

    [Fact]
    public async Task SignInPage_InProduction_ShowsNoDemoAccounts()
    {
        await Setup.CreateAdminAsync(Admin(code, "a@shop.example"), Cancel);
        Assert.DoesNotContain("@demo", await new Visitor(app).Client.GetStringAsync("/account/sign-in", Cancel));
    }

    private static FirstAdmin Admin(string code, string email) => new(code, email, "First", "Long-enough-1", "en");

    private static Dictionary<string, string> Form(string code) => new()
    {
        ["_handler"] = "setup",
        ["Input.Code"] = code,
        ["Input.Name"] = "First",
        ["Input.Email"] = "first@shop.example",
        ["Input.Password"] = "Long-enough-1",
    };

    [GeneratedRegex("[A-Z0-9]{4}(-[A-Z0-9]{4}){3}")]
    private static partial Regex Code();

    private sealed class ProductionApp : WebApp
    {
        public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));

        protected override string Environment => "Production";

        protected override void ConfigureWebHost(Microsoft.AspNetCore.Hosting.IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        }
    }
}
