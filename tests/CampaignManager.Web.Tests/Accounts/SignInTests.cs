using System.Net;
using CampaignManager.Web.Access;
using CampaignManager.Web.Tests.Hosting;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class SignInTests : IAsyncLifetime
{
    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("marketer@demo", "wrong")]
    [InlineData("nobody@demo", "demo-Shop-2026")]
    public async Task SignIn_Wrong_SaysTheSameForBoth(string email, string password)
    {
        var response = await new Visitor(app).SignInAsync(email, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("E-mail or password is not right.", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task SignIn_FirstTimeInAChineseBrowser_SpeaksChineseFromThenOn()
    {
        var first = new Visitor(app);
        first.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        await first.SignInAsync("manager@demo", AccountPreparation.DemoPassword);
        Assert.Contains("lang=\"zh-CN\"", await first.Client.GetStringAsync("/", Cancel), StringComparison.Ordinal);

        // The person's own from here on, whatever browser they come with.
        var second = new Visitor(app);
        second.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        await second.SignInAsync("manager@demo", AccountPreparation.DemoPassword);
        Assert.Contains("lang=\"zh-CN\"", await second.Client.GetStringAsync("/", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_FiveWrong_LocksEvenTheRightPassword()
    {
        var visitor = new Visitor(app);
        for (var i = 0; i < 5; i++)
            await visitor.SignInAsync("marketer@demo", "wrong");
        var response = await visitor.SignInAsync("marketer@demo", AccountPreparation.DemoPassword);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Too many tries", await response.Content.ReadAsStringAsync(Cancel));
        await Visitor.SignedInAsync(app, "manager@demo");
    }

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-out")]
    [InlineData("/account/preferences")]
    public async Task Post_WithoutToken_IsRefused(string path)
    {
        var visitor = await Visitor.SignedInAsync(app, "marketer@demo");
        var response = await visitor.PostAsync(path, new() { ["_handler"] = "sign-in", ["culture"] = "zh-CN", ["Input.Email"] = "marketer@demo" });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/")).Status);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    public async Task SignIn_ForeignReturnUrl_StaysHere(string returnUrl)
    {
        var visitor = new Visitor(app);
        var response = await visitor.PostFormAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl), new()
        {
            ["_handler"] = "sign-in",
            ["Input.Email"] = "marketer@demo",
            ["Input.Password"] = AccountPreparation.DemoPassword,
        });
        Assert.Equal("/", new Uri(new Uri("http://localhost"), response.Headers.Location!).PathAndQuery);
        Assert.Equal("localhost", new Uri(new Uri("http://localhost"), response.Headers.Location!).Host);
    }

    [Fact]
    public async Task Profile_SavedThenSignedOut_KeepsAndLeadsToSignIn()
    {
        var visitor = await Visitor.SignedInAsync(app, "marketer@demo");
        await visitor.PostFormAsync("/account/profile", Profile("Mia M.", "zh-CN", "dark"));
        var page = await visitor.Client.GetStringAsync("/account/profile", Cancel);
        Assert.Contains("个人资料", WebUtility.HtmlDecode(page));
        Assert.Contains("Mia M.", page);
        var token = page.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        await visitor.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = token });
        Assert.StartsWith("/account/sign-in", (await visitor.GetAsync("/")).Location);
    }

    [Theory]
    [InlineData("wrong", "My-own-2026", "My-own-2026", "The current password is not right.")]
    [InlineData("demo-Shop-2026", "My-own-2026", "My-own-2027", "not the same")]
    [InlineData("demo-Shop-2026", "short1A", "short1A", "at least 10 characters")]
    [InlineData("demo-Shop-2026", "all-small-letters-1", "all-small-letters-1", "needs a capital letter")]
    [InlineData("demo-Shop-2026", "demo-Shop-2026", "demo-Shop-2026", "is the old one")]
    public async Task ChangePassword_NotRight_SaysWhyAndChangesNothing(string current, string wanted, string again, string sentence)
    {
        var visitor = await Visitor.SignedInAsync(app, "marketer@demo");
        var response = await visitor.PostFormAsync("/account/password", new()
        {
            ["_handler"] = "password",
            ["Input.Current"] = current,
            ["Input.Wanted"] = wanted,
            ["Input.Again"] = again,
        });
        Assert.Contains(sentence, await response.Content.ReadAsStringAsync(Cancel));
        await Visitor.SignedInAsync(app, "marketer@demo");
    }

    private static Dictionary<string, string> Profile(string name, string culture, string theme) =>
        new() { ["_handler"] = "profile", ["Input.Name"] = name, ["Input.Culture"] = culture, ["Input.Theme"] = theme };
}
