using System.Globalization;
using System.Text.Json;
using Bunit;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns.Replay;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.Replay;

public sealed class ReplayTabTests : IAsyncLifetime
{
    // A job runs, on a machine that has other work.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly WebApp app = new();

    public ReplayTabTests() => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Tab_EmptyThenReplayed_ShowsFiguresThresholdsAndTables()
    {
        ReplayShop.Stock(app);
        var draft = await ReplayShop.DraftAsync(app);
        await using var circuit = Circuit();
        var tab = Render(circuit, draft);
        tab.WaitForElement(".empty-state", Patience);
        await tab.PressAsync(".replay-start");
        tab.WaitForElement("#replay-discount", Patience);

        Assert.Equal(("¥30", "1"), (tab.Find("#replay-discount").TextContent, tab.Find("#replay-reached").TextContent));
        Assert.Contains("6.1% of ¥490", tab.Find(".replay-tiles").TextContent);
        Assert.Equal(["¥200", "1", "1", "1", "¥10"], Row(tab, "#replay-thresholds", 0));
        Assert.Equal(["Shoes", "1", "1", "¥30", "12.0%"], Row(tab, "#replay-categories", 0));
        Assert.Contains("1 of 4 orders were not priced:", tab.Find(".replay-skipped").TextContent);
        Assert.Contains("1 without lines", tab.Find(".replay-skipped").TextContent);
        // 20 of budget, and the one order, two days before the newest, costs 30.
        Assert.Contains("The budget of ¥20 would have been gone after 28 of 30 days.", tab.Find(".replay-budget").TextContent);
        Assert.Contains("Nobody buys more, less or otherwise", tab.Find(".replay-notes").TextContent);

        await tab.DrawnAsync();
        var drawn = JsonDocument.Parse((string)circuit.JSInterop.Invocations["charts.show"][^1].Arguments[1]!).RootElement;
        Assert.Equal("histogram", drawn.GetProperty("kind").GetString());
        Assert.Equal((200, "¥200"), (drawn.GetProperty("marks")[0].GetProperty("at").GetDouble(), drawn.GetProperty("marks")[0].GetProperty("text").GetString()));
        Assert.Equal([("control", 50L), ("control", 190), ("treated", 250)], drawn.GetProperty("bins").EnumerateArray().Where(b => b.GetProperty("count").GetInt64() > 0)
            .Select(b => (b.GetProperty("role").GetString()!, (long)b.GetProperty("from").GetDouble())));

        // Every table can be kept.
        await tab.PressAsync("button[aria-label='Download as CSV: Around the thresholds']");
        Assert.EndsWith("\n200,1,1,1,10\n", (string)circuit.JSInterop.Invocations["app.saveText"][^1].Arguments[1]!);
    }

    [Fact]
    public async Task Tab_OpenedAgain_ShowsWhatIsKeptAndThatTheRulesHaveChanged()
    {
        ReplayShop.Stock(app);
        var draft = await ReplayShop.DraftAsync(app);
        await ReplayShop.ReplayAsync(app, draft);
        await using var circuit = Circuit();
        var tab = Render(circuit, draft);
        tab.WaitForElement("#replay-discount", Patience);
        Assert.Empty(tab.FindAll(".replay-stale, .empty-state"));

        Assert.True((await app.Services.GetRequiredService<CampaignService>().SaveAsync(draft, new CampaignDraft("Tried", ReplayShop.Rules(50)), 1, ReplayShop.Mia, Cancel)).Succeeded);
        tab.Render(p => p.Add(t => t.Version, 2));
        tab.WaitForElement(".replay-stale", Patience);
        Assert.Contains("version 1", tab.Find(".replay-stale").TextContent);
        Assert.Equal("¥30", tab.Find("#replay-discount").TextContent);
        await tab.PressAsync(".replay-again");
        tab.WaitForAssertion(() => Assert.Equal("¥50", tab.Find("#replay-discount").TextContent), Patience);
        Assert.Empty(tab.FindAll(".replay-stale"));

        // Other days have not been replayed.
        await tab.PressAsync(".replay-head .mud-toggle-item", "7 days");
        tab.WaitForElement(".empty-state", Patience);
    }

    [Fact]
    public async Task Tab_BesideAnotherCampaign_SaysWhereTheyMeet()
    {
        ReplayShop.Stock(app);
        var other = await ReplayShop.DraftAsync(app, new CampaignRules { Offer = new PercentOff { Tiers = [new PercentTier(null, 10)] }, Combining = new Combining { Priority = 1 } });
        var transitions = app.Services.GetRequiredService<CampaignTransitions>();
        Assert.True((await transitions.SubmitAsync(other, ReplayShop.Mia, Cancel)).Succeeded);
        Assert.True((await transitions.ApproveAsync(other, null, Max, Cancel)).Succeeded);
        var draft = await ReplayShop.DraftAsync(app);
        await ReplayShop.ReplayAsync(app, draft);
        await using var circuit = Circuit();
        var tab = Render(circuit, draft);
        tab.WaitForElement("#replay-overlaps", Patience);

        // 250 less 25 still reaches 200.
        Assert.Equal(("1", "¥30"), (tab.Find("#replay-meet").TextContent, tab.Find("#replay-extra").TextContent));
        Assert.Equal(["Tried", "Approved", "1", "1", "0", "0", "0", "¥30 + ¥25", "¥30 + ¥25"], Row(tab, "#replay-overlaps", 0));
        Assert.Equal($"/campaigns/{other}", tab.Find("section[aria-labelledby='replay-overlaps'] tbody a").GetAttribute("href"));
    }

    [Fact]
    public async Task Tab_LastRunFailed_SaysWhy()
    {
        var draft = await ReplayShop.DraftAsync(app);
        var replays = app.Services.GetRequiredService<ReplayService>();
        var run = (await replays.StartAsync(draft, 30, ReplayShop.Mia, Cancel)).Value;
        await ReplayShop.EndedAsync(app, run);
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
        {
            context.CampaignReplays.RemoveRange(context.CampaignReplays);
            var row = context.JobRuns.Single(r => r.Id == run);
            (row.State, row.Error) = (JobState.Failed, "The lake is not there.");
            await context.SaveChangesAsync(Cancel);
        }

        await using var circuit = Circuit();
        var tab = Render(circuit, draft);
        tab.WaitForElement(".replay-ended", Patience);
        Assert.Contains("The lake is not there.", tab.Find(".replay-ended").TextContent);
        tab.WaitForElement(".replay-start", Patience);
    }

    private static Application.Accounts.Actor Max => Application.Accounts.Actor.Of("max", "Max", Application.Accounts.Roles.Manager);

    private static string[] Row(IRenderedComponent<ReplayTab> tab, string title, int row) =>
        [.. tab.FindAll($"section[aria-labelledby='{title[1..]}'] tbody tr")[row].Children.Select(c => c.TextContent.Trim())];

    private ACircuit Circuit() => new(app, ReplayShop.Mia);

    private static IRenderedComponent<ReplayTab> Render(ACircuit circuit, Guid campaign) =>
        circuit.Render<ReplayTab>(p => p.Add(t => t.CampaignId, campaign).Add(t => t.Version, 1).Add(t => t.Budget, 2_000));
}
