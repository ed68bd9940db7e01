using CampaignManager.Web.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CampaignManager.EndToEnd.Tests.Hosting;

/// <summary>
/// One person's way through the app in a browser. An error in the browser's console, an uncaught script error or an answer of the 500 kind
/// fails the journey; a failed one leaves a screenshot in TestResults.
/// </summary>
public abstract class Journey(RunningShop shop, Browser browser) : IAsyncLifetime
{
    private readonly List<string> faults = [];
    private readonly List<string> expected = [];
    private IBrowserContext context = default!;

    protected RunningShop Shop => shop;

    protected IPage Page { get; private set; } = default!;

    /// <summary>A complaint that belongs to the journey, e.g. the 404 of a page that is not there.</summary>
    protected void ExpectFault(string part) => expected.Add(part);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => await OpenAsync();

    /// <summary>A fresh browser profile; closes the one before.</summary>
    protected async Task OpenAsync(int width = 1280, string culture = "en", ColorScheme scheme = ColorScheme.Light)
    {
        if (context is not null)
            await context.CloseAsync();
        context = await browser.OpenAsync(shop.Address, width, culture, scheme);
        context.SetDefaultTimeout(15_000);
        Page = await context.NewPageAsync();
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add($"console: {message.Text} ({message.Location})");
        };
        Page.PageError += (_, error) => faults.Add("script: " + error);
        Page.Response += (_, response) =>
        {
            if (response.Status >= 500)
                faults.Add($"{response.Status} from {response.Url}");
        };
    }

    /// <summary>A page in a browser profile of somebody else, whose complaints are their own.</summary>
    protected async Task<IPage> ElsewhereAsync(Uri address) => await (await browser.OpenAsync(address, 1280, "en", ColorScheme.Light)).NewPageAsync();

    /// <summary>Through the sign-in form, as the demo account of the role, to a page that is ready for clicks.</summary>
    protected async Task SignInAsync(string role, string culture = "en", string theme = "light", string path = "/")
    {
        var account = AccountPreparation.DemoAccounts.Single(a => a.Role == role);
        await shop.PrepareUserAsync(account.Email, culture, theme);
        await Page.GotoAsync("/account/sign-in?ReturnUrl=" + Uri.EscapeDataString(path));
        await SubmitSignInAsync(account.Email, AccountPreparation.DemoPassword);
        await ReadyAsync();
    }

    protected async Task SubmitSignInAsync(string email, string password)
    {
        await Page.Locator("#email").FillAsync(email);
        await Page.Locator("#password").FillAsync(password);
        await Page.Locator("form.account-form button[type=submit]").ClickAsync();
    }

    protected async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    /// <summary>Clicks before the circuit is up are lost, so the page carries a marker.</summary>
    protected Task ReadyAsync() => Page.Locator("body[data-interactive]").WaitForAsync();

    /// <summary>Picks a value in a select by its label.</summary>
    protected async Task ChooseAsync(string label, string value)
    {
        var list = Page.Locator(".mud-popover-open .mud-list-item");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = label, Exact = true }).ClickAsync();
        await list.Filter(new() { HasText = value }).First.ClickAsync();
        await Expect(list).ToHaveCountAsync(0);
    }

    protected static ILocatorAssertions See(ILocator locator) => Expect(locator);

    protected static IPageAssertions See(IPage page) => Expect(page);

    protected ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (context is null)
            return;
        faults.RemoveAll(fault => expected.Exists(fault.Contains));
        if (TestContext.Current.TestState?.Result == TestResult.Failed || faults.Count > 0)
            await PictureAsync();
        await context.CloseAsync();
        Assert.True(faults.Count == 0, "The browser complained:\n" + string.Join('\n', faults));
    }

    private async Task PictureAsync()
    {
        var test = TestContext.Current.TestMethod?.MethodName ?? "journey";
        var path = Path.Combine(Top(), "TestResults", "EndToEnd", $"{GetType().Name}.{test}.png");
        await Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        TestContext.Current.SendDiagnosticMessage("Screenshot: {0}", path);
    }

    protected static string Top()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
                return folder.FullName;
        }

        return AppContext.BaseDirectory;
    }
}
