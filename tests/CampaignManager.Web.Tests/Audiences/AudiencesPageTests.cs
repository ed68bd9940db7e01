using System.Globalization;
using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Web.Audiences;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Audiences;

/// <summary>The list of segments over the real services, in a shop whose customers were scored by hand.</summary>
public sealed class AudiencesPageTests : PageOverServices
{
    public AudiencesPageTests()
    {
        Person.SetAuthorized("Mia").SetRoles(Roles.Marketer);
    }

    private DataLake Lake => Context.Services.GetRequiredService<DataLake>();

    private SegmentService Segments => Context.Services.GetRequiredService<SegmentService>();

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private Task<Guid> ModelAsync() => ScoredCustomers.ModelInUseAsync(Contexts);

    private async Task ScoreAsync(Guid model, double step = 0.01)
    {
        await ScoredCustomers.ScoreAsync(Lake, model, [.. Enumerable.Range(0, 20).Select(i => ($"C-{i:D2}", step * (i - 4)))]);
        await Segments.RankAsync(Cancel);
    }

    private void Know() => ScoredCustomers.LayFeatures(Lake, [.. Enumerable.Range(0, 20).Select(i => ($"C-{i:D2}", "active", (string?)null))]);

    private IRenderedComponent<AudiencesPage> Page() => Context.Render<AudiencesPage>();

    [Fact]
    public async Task NobodyScored_SaysHowToGetThem()
    {
        Know();
        await Segments.RankAsync(Cancel);
        await Segments.RankAsync(Cancel);
        Assert.Equal("/training", Page().WaitForElement("#not-scored a").GetAttribute("href"));
        var model = await ModelAsync();
        var hint = Page().WaitForElement("#not-scored");
        Assert.Contains("has not scored the customers", hint.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/models/{model}#score-runs", hint.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Scored_ListsThemInOrderWithSizeAndVersion()
    {
        Know();
        var model = await ModelAsync();
        await ScoreAsync(model);
        var page = Page();
        page.WaitForElement("#scored-by");
        var rows = page.FindAll(".segment-table tr").Where(r => r.TextContent.Contains("Uplift in", StringComparison.Ordinal) || r.TextContent.Contains("buy less", StringComparison.Ordinal))
            .Select(r => (r.QuerySelector(".cell-main > :first-child")!.TextContent, r.QuerySelector("td.num")!.TextContent));
        Assert.Equal([("Uplift in top 10%", "2"), ("Uplift in top 30%", "6"), ("Uplift in top 50%", "10"), ("Predicted to buy less because of a campaign", "4")], rows);
        Assert.Contains("By the scores of version 1.", page.Find("#scored-by").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/models/{model}", page.Find("#scored-by a").GetAttribute("href"));
        Assert.Contains("told by the holdout", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#not-scored, #scores-outdated, #scores-alike"));
        Assert.Contains("/campaigns?segment=uplift%3Atop30", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MadeAnewWhileOpen_ByAnImportsRun_SizesFollow()
    {
        Know();
        await Segments.RankAsync(Cancel);
        var page = Page();
        page.WaitForAssertion(() => Assert.Contains(Sizes(page), s => s == "20"));

        ScoredCustomers.LayFeatures(Lake, [.. Enumerable.Range(0, 35).Select(i => ($"C-{i:D2}", "active", (string?)null))]);
        await Segments.RankAsync(Cancel);
        await using (var context = await Contexts.CreateDbContextAsync(Cancel))
        {
            var run = new JobRun { Id = Guid.CreateVersion7(), Kind = "compute-features", Arguments = "{}", State = JobState.Succeeded };
            context.Add(run);
            await context.SaveChangesAsync(Cancel);
            Context.Services.GetRequiredService<JobNotifier>().Changed(run.Id);
        }

        page.WaitForAssertion(() => Assert.Contains(Sizes(page), s => s == "35"));
        Assert.Empty(Context.Services.GetRequiredService<MudBlazor.ISnackbar>().ShownSnackbars);
    }

    private static IEnumerable<string> Sizes(IRenderedComponent<AudiencesPage> page) => page.FindAll(".segment-table td.num").Select(c => c.TextContent);

    [Fact]
    public async Task AnotherVersionInUse_SaysWhoseTheMembersStillAre()
    {
        Know();
        await ScoreAsync(await ModelAsync());
        var second = await ModelAsync();
        var page = Page();
        var warning = page.WaitForElement("#scores-outdated");
        Assert.Contains("the members are those by version 1", warning.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/models/{second}#score-runs", warning.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task AVersionThatTellsNobodyApart_SaysThatTheOrderSaysNothing()
    {
        Know();
        await ScoreAsync(await ModelAsync(), step: 1e-10);
        Assert.Contains("found no difference between customers", Page().WaitForElement("#scores-alike").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChineseReader_ReadsTheirNames()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        Know();
        await ScoreAsync(await ModelAsync());
        var page = Page();
        Assert.Contains("版本 1", page.WaitForElement("#scored-by").TextContent, StringComparison.Ordinal);
        Assert.Contains("增量前30%", page.Markup, StringComparison.Ordinal);
    }
}
