using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class PasswordSignInTests(PasswordSignInTests.ListeningApp app) : IClassFixture<PasswordSignInTests.ListeningApp>,
    IAsyncLifetime
{
    private const string Password = AccountPreparation.DemoPassword;
    private AnAccount zoe = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => zoe = await AnAccount.NewAsync(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("unknown")]
    [InlineData("wrong")]
    [InlineData("disabled")]
    [InlineData("locked")]
    public async Task SignIn_Refused_SaysDoesAndTakesTheSameWhateverTheReason(string reason)
    {
        var email = reason == "unknown" ? "nobody@demo" : zoe.Email;
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
        {
            var users = context.Users.Where(u => u.Id == zoe.Id);
            if (reason == "disabled")
                await users.ExecuteUpdateAsync(s => s.SetProperty(u => u.Disabled, true), Cancel);
            if (reason == "locked")
                await users.ExecuteUpdateAsync(s => s.SetProperty(u => u.LockoutEnd, DateTimeOffset.MaxValue), Cancel);
        }

        app.Hasher.Looked = 0;
        app.Waits.Clear();
        var response = await new Visitor(app).SignInAsync(email, reason == "wrong" ? "Not-this-2026" : Password);
        var page = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal("E-mail or password is not right. Too many tries lock an account for ten minutes.",
            Regex.Match(page, "role=\"alert\">([^<]*)").Groups[1].Value);
        Assert.Equal(1, app.Hasher.Looked);
        Assert.Equal([PasswordSignIn.RefusalTakes], app.Waits);
        Assert.Contains(app.Log.Audit, l => l.Contains(email, StringComparison.Ordinal)
            && l.Contains("was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_Lockout_IsAnAuditLine()
    {
        for (var i = 0; i < 5; i++)
            await new Visitor(app).SignInAsync(zoe.Email, "wrong");
        Assert.Contains(app.Log.Audit, l => l.Contains(zoe.Email, StringComparison.Ordinal)
            && l.Contains("is locked until", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_ManyAccountsFromOneAddress_IsRefusedEvenWithARightPassword()
    {
        await using var strict = new ListeningApp { FailuresPerAddress = 3 };
        for (var i = 0; i < 3; i++)
            await new Visitor(strict).SignInAsync($"nobody{i}@demo", Password);
        Assert.Equal(HttpStatusCode.OK, (await new Visitor(strict).SignInAsync("admin@demo", Password)).StatusCode);
        Assert.Contains(strict.Log.Audit, l => l.Contains("admin@demo", StringComparison.Ordinal)
            && l.Contains("too many tries from this address", StringComparison.Ordinal));
    }

    [Fact]
    public void Limit_AfterTenMinutesOrAnotherNetwork_Forgets()
    {
        var time = new FakeTimeProvider();
        var limit = new SignInLimit(Options.Create(new SignInLimitOptions { FailuresPerAddress = 2 }), time);
        var address = SignInLimit.AddressOf(IPAddress.Parse("2001:db8:1:2:3:4:5:6"));
        limit.Note(address);
        Assert.False(limit.IsOver(address));
        limit.Note(SignInLimit.AddressOf(IPAddress.Parse("2001:db8:1:2::ffff")));
        Assert.True(limit.IsOver(address));
        limit.Forgive(address);
        Assert.True(limit.IsOver(address));
        Assert.False(limit.IsOver(SignInLimit.AddressOf(IPAddress.Parse("2001:db8:1:3::1"))));
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.False(limit.IsOver(address));
    }

    [Fact]
    public async Task ChangePassword_FiveWrongCurrentOnes_LocksAndTheRightOneWaits()
    {
        var visitor = await Visitor.SignedInAsync(app, zoe.Email);
        for (var i = 0; i < 5; i++)
            await ChangeAsync(visitor, "wrong");
        Assert.Contains("Too many tries", await ChangeAsync(visitor, Password));
        Assert.Equal(HttpStatusCode.OK, (await new Visitor(app).SignInAsync(zoe.Email, Password)).StatusCode);
        Assert.Equal(5, app.Log.Audit.Count(l => l.Contains(zoe.Id, StringComparison.Ordinal)
            && l.Contains("gave a wrong current password", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Password2026")]
    [InlineData("P4ssw0rd!!1")]
    [InlineData("Qwertyuiop1")]
    [InlineData("Welcome-2026")]
    [InlineData("1234567Aa890")]
    [InlineData("Marketer2026")]
    [InlineData("Zoe-Marketer-1")]
    [InlineData("Liverpool1Liverpool1")]
    public async Task ChangePassword_ToACommonOne_IsRefused(string wanted)
    {
        var visitor = await Visitor.SignedInAsync(app, zoe.Email);
        Assert.Contains("tried first", await ChangeAsync(visitor, Password, wanted));
    }

    [Theory]
    [InlineData("Korrekt-Pferd-9")]
    [InlineData("满减Ab12满减cd")]
    [InlineData("Kp4w-x7Qm-Zt2h-bN8r")]
    public void IsCommon_OneOfOnesOwn_IsFine(string password) =>
        Assert.False(CommonPasswords.IsCommon(password, new AppUser { DisplayName = "Mia Marketer", Email = "marketer@demo" }));

    [Theory]
    [InlineData("Mia\nAudit: Ada (1) made webhook 2")]
    [InlineData("Mia\u2028Audit: x")]
    [InlineData("Mia\u202Eadmin")]
    [InlineData("Mia\0")]
    public async Task Names_WithControlCharacters_AreRefusedEverywhere(string name)
    {
        var admin = Actor.Of("ada", "Ada", Roles.Admin);
        var users = app.Services.GetRequiredService<UserService>();
        var keys = app.Services.GetRequiredService<ApiKeyService>();
        Assert.Equal(["name"], (await users.CreateAsync(new NewUser("m@shop.example", name, [Roles.Marketer]), admin, Cancel))
            .Failure!.Errors!.Keys);
        Assert.Equal(["name"], (await users.UpdateAsync(zoe.Id, name, [Roles.Marketer], admin, Cancel)).Failure!.Errors!.Keys);
        Assert.Equal(["name"], (await keys.CreateAsync(new NewApiKey(name, [Scopes.Data]), admin, Cancel)).Failure!.Errors!.Keys);
        var profile = app.Services.GetRequiredService<ProfileService>();
        Assert.Equal(["name"], (await profile.SaveAsync(name, "en", "dark", zoe.Actor)).Failure!.Errors!.Keys);
    }

    private static async Task<string> ChangeAsync(Visitor visitor, string current, string wanted = "My-own-words-2026")
    {
        var response = await visitor.PostFormAsync("/account/password", new()
        {
            ["_handler"] = "password",
            ["Input.Current"] = current,
            ["Input.Wanted"] = wanted,
            ["Input.Again"] = wanted,
        });
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Keeps its log, counts looks at passwords, and does not really wait for refusals.</summary>
    public sealed class ListeningApp : WebApp
    {
        public int FailuresPerAddress { get; init; }

        internal LogLines Log { get; } = new();

        internal CountingHasher Hasher { get; } = new();

        public List<TimeSpan> Waits { get; } = [];

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("SignIn:FailuresPerAddress", FailuresPerAddress.ToString(CultureInfo.InvariantCulture));
            builder.ConfigureLogging(logging => logging.AddProvider(Log));
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(new QuickTime(Waits))
                .AddSingleton<IPasswordHasher<AppUser>>(Hasher));
        }
    }

    internal sealed class CountingHasher : PasswordHasher<AppUser>
    {
        public int Looked { get; set; }

        public override string HashPassword(AppUser user, string password)
        {
            Looked++;
            return base.HashPassword(user, password);
        }

        public override PasswordVerificationResult VerifyHashedPassword(AppUser user, string hashedPassword, string providedPassword)
        {
            Looked++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    private sealed class QuickTime(List<TimeSpan> waits) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != PasswordSignIn.RefusalTakes)
                return base.CreateTimer(callback, state, dueTime, period);
            waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }
}
