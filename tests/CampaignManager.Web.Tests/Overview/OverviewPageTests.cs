using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Overview;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Overview;

/// <summary>The page over the real services, on a folder of its own.</summary>
public sealed class OverviewPageTests : PageOverServices
{
    public OverviewPageTests() => Person.SetAuthorized("Max").SetRoles(Roles.Manager);

    [Fact]
    public async Task Page_EmptyShop_SaysWhatIsMissingAndWhereToStart()
    {
        var page = Context.Render<OverviewPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("No effect measured yet", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal("/data/import?kind=orders", page.Find(".empty-state a").GetAttribute("href"));
        Assert.Contains("Nothing is running", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".period"));
    }

    [Fact]
    public async Task Page_DemoShopUnderWay_ShowsItsProgressAndFollowsIt()
    {
        var run = await RunAsync(JobState.Running, "generate", 0.31);
        var page = Context.Render<OverviewPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("Customers, visits and orders", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("31%", page.Markup, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("[role=status]"));

        await ChangeAsync(run, JobState.Running, "features", 0.7);
        await page.WaitForAssertionAsync(() => Assert.Contains("Customer features", page.Markup, StringComparison.Ordinal), Patience);

        await ChangeAsync(run, JobState.Succeeded, "features", 1);
        await page.WaitForAssertionAsync(() => Assert.Contains("No effect measured yet", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("Building the demo shop", page.Markup, StringComparison.Ordinal);
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(20);

    private async Task<Guid> RunAsync(JobState state, string stage, double progress)
    {
        var run = new JobRun
        {
            Id = Guid.NewGuid(),
            Kind = DemoShopService.JobKind,
            Arguments = "{}",
            State = state,
            Stage = stage,
            Progress = progress,
            CreatedAt = new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        await using var database = await Contexts.CreateDbContextAsync();
        database.JobRuns.Add(run);
        await database.SaveChangesAsync();
        return run.Id;
    }

    private async Task ChangeAsync(Guid id, JobState state, string stage, double progress)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        await database.JobRuns.Where(r => r.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, state).SetProperty(r => r.Stage, stage).SetProperty(r => r.Progress, progress));
        Context.Services.GetRequiredService<JobNotifier>().Changed(id);
    }
}
