using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Overview.Loop;
using CampaignManager.Web.Access;
using CampaignManager.Web.Overview.Loop;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Customers;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Overview;

/// <summary>The page over the real services, on a folder of its own.</summary>
public sealed class LoopPageTests : PageOverServices
{
    private static readonly DateTime Now = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Page_EmptyShop_HasEightStagesAndSaysWhereToBegin()
    {
        Person.SetAuthorized("Max").SetRoles(Roles.Manager);
        var page = Context.Render<LoopPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(8, page.FindAll("#loop > li[data-stage]").Count), Patience);
        Assert.Equal(Enum.GetNames<LoopStage>(), page.FindAll("#loop > li[data-stage]").Select(li => li.GetAttribute("data-stage")));
        var data = page.Find("[data-stage=Data]");
        Assert.Contains("No data yet", data.TextContent, StringComparison.Ordinal);
        Assert.Equal("/data/import?kind=orders", data.QuerySelector("[data-trouble=no-data] a")!.GetAttribute("href"));
        await page.WaitForAssertionAsync(() => Assert.Contains("1 thing needs a hand", page.Find(".page-head").TextContent, StringComparison.Ordinal), Patience);
        Assert.Contains("Nothing yet", page.Find("[data-stage=Models]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OldDataAndNoFeatures_AnAdminMendsWithOneClick()
    {
        await AShop.LayAsync(Context.Services);
        Person.SetAuthorized("Ada").SetRoles(Roles.Admin);
        var page = Context.Render<LoopPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(8, page.FindAll("#loop > li").Count(li => li.HasAttribute("data-stage"))), Patience);
        Assert.NotEmpty(page.FindAll("[data-trouble=old-data]"));
        Assert.Contains("6 orders", page.Find("[data-stage=Data]").TextContent, StringComparison.Ordinal);
        page.Find("[data-trouble=no-features] button").Click();

        await page.WaitForAssertionAsync(() => Assert.Contains("Started", page.Find("[data-trouble=no-features] button").TextContent, StringComparison.Ordinal), Patience);
        Assert.True(page.Find("[data-trouble=no-features] button").HasAttribute("disabled"));
        await using var database = await Contexts.CreateDbContextAsync(Cancel);
        Assert.Single(await database.JobRuns.AsNoTracking().Where(r => r.Kind == "compute-features").ToListAsync(Cancel));
    }

    [Fact]
    public async Task Page_ForAManager_LeadsButStartsNothing()
    {
        await AShop.LayAsync(Context.Services);
        Person.SetAuthorized("Max").SetRoles(Roles.Manager);
        var page = Context.Render<LoopPage>();

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[data-trouble=no-features] a")), Patience);
        Assert.Empty(page.FindAll("#loop button"));
        var loop = Context.Services.GetRequiredService<LoopService>();
        var refused = await loop.MendAsync(LoopAction.ComputeFeatures, Actor.Of("max", "Max", Roles.Manager), Cancel);
        Assert.Equal(Application.FailureKind.Forbidden, refused.Failure!.Kind);
    }

    [Fact]
    public async Task Page_ARunThatFailed_IsTheStagesTroubleAndLeadsToTheRun()
    {
        var run = new JobRun { Id = Guid.NewGuid(), Kind = "train-model", Arguments = "{}", State = JobState.Failed, CreatedAt = Now, FinishedAt = Now.AddMinutes(5) };
        await using (var database = await Contexts.CreateDbContextAsync(Cancel))
        {
            database.JobRuns.Add(new JobRun { Id = Guid.NewGuid(), Kind = "train-model", Arguments = "{}", State = JobState.Succeeded, CreatedAt = Now.AddDays(-1), FinishedAt = Now.AddDays(-1) });
            database.JobRuns.Add(run);
            await database.SaveChangesAsync(Cancel);
        }

        Person.SetAuthorized("Max").SetRoles(Roles.Manager);
        var page = Context.Render<LoopPage>();

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[data-stage=Models] [data-trouble=run-failed]")), Patience);
        Assert.Contains("Wrong", page.Find("[data-stage=Models] .mud-chip").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/training/{run.Id}", page.Find("[data-trouble=run-failed] a").GetAttribute("href"));
    }

    [Fact]
    public async Task ReadAsync_ForAMarketer_TellsNothing()
    {
        var loop = Context.Services.GetRequiredService<LoopService>();
        Assert.Empty(await loop.ReadAsync(Actor.Of("mia", "Mia", Roles.Marketer), Cancel).ToListAsync(Cancel));
    }

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private static TimeSpan Patience => TimeSpan.FromSeconds(20);
}
