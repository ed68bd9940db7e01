using System.Globalization;
using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Uplift;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>What the Predict tab shows while there is nothing to predict with, over the real services.</summary>
public sealed class WaitingForModelTests : PageOverServices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int ready;

    [Fact]
    public async Task ANewShop_IsFollowedFromItsBuildingThroughTheTrainingToTheModel()
    {
        var building = await RunAsync(DemoShopService.JobKind, JobState.Running, JobStage.Features);
        var tab = Render(Roles.Marketer);
        await tab.WaitForAssertionAsync(() => Assert.Contains("The demo shop is being built", tab.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("Customer features", tab.Markup, StringComparison.Ordinal);
        Assert.Matches(@"40\s?%", tab.Markup);

        var training = await RunAsync(TrainModelJob.Kind, JobState.Queued, null);
        await EndAsync(building, JobState.Succeeded);
        await tab.WaitForAssertionAsync(() => Assert.Contains("A model is being trained", tab.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal($"/training/{training}", tab.Find("a").GetAttribute("href"));
        Assert.Equal(0, ready);

        await EndAsync(training, JobState.Succeeded);
        await tab.UntilAsync(() => Assert.Equal(1, ready));
    }

    [Fact]
    public async Task ATrainingThatFails_SaysWhyAndLeadsToIt()
    {
        var training = await RunAsync(TrainModelJob.Kind, JobState.Running, JobStage.Evaluating);
        var tab = Render(Roles.Marketer);
        await tab.WaitForAssertionAsync(() => Assert.Contains("Evaluating", tab.Markup, StringComparison.Ordinal), Patience);

        await EndAsync(training, JobState.Failed, "No past campaign has ended.");
        await tab.WaitForAssertionAsync(() => Assert.Contains("No past campaign has ended.", tab.Find(".empty-state").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal($"/training/{training}", tab.Find(".empty-state a").GetAttribute("href"));
        Assert.Equal(0, ready);
    }

    [Fact]
    public async Task AChineseReader_FollowsAJobOfAnotherLanguage_StaysInChinese()
    {
        var training = await RunAsync(TrainModelJob.Kind, JobState.Running, JobStage.Training);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        var tab = Render(Roles.Marketer);
        await tab.WaitForAssertionAsync(() => Assert.Contains("训练", tab.Find(".run-head strong").TextContent, StringComparison.Ordinal), Patience);

        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        await ReportAsync(training, JobStage.Evaluating);
        await tab.WaitForAssertionAsync(() => Assert.Equal("评估", tab.Find(".run-head strong").TextContent), Patience);
        Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.CurrentUICulture);
    }

    [Theory]
    [InlineData(Roles.Marketer, false)]
    [InlineData(Roles.Admin, true)]
    public async Task NothingUnderWay_OnlyAnAdminIsSentToTraining(string role, bool sent)
    {
        var tab = Render(role);
        await tab.WaitForAssertionAsync(() => Assert.Contains("No model has learnt from this shop yet", tab.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal(sent, tab.FindAll("a[href='/training']").Count == 1);
        Assert.Equal(!sent, tab.Markup.Contains("An admin can train one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ModelsPage_FirstTrainingUnderWay_ShowsItInsteadOfAskingForAnother()
    {
        var training = await RunAsync(TrainModelJob.Kind, JobState.Running, JobStage.Training);
        Person.SetAuthorized("Ada").SetRoles(Roles.Admin);
        var page = Context.Render<ModelsPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("A model is being trained", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains($"/training/{training}", page.FindAll("main a, .waiting-for-model a").Select(a => a.GetAttribute("href")));
        Assert.Empty(page.FindAll(".empty-state"));
    }

    private IRenderedComponent<WaitingForModel> Render(string role)
    {
        Person.SetAuthorized("Mia").SetRoles(role);
        return Context.Render<WaitingForModel>(p => p.Add(w => w.Ready, () => { ready++; }));
    }

    private async Task<Guid> RunAsync(string kind, JobState state, JobStage? stage)
    {
        var now = Context.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var run = new JobRun { Id = Guid.NewGuid(), Kind = kind, Arguments = "{}", State = state, Stage = stage?.Name(), Progress = 0.4, CreatedAt = now, StartedAt = now };
        await using var database = await Contexts.CreateDbContextAsync();
        database.JobRuns.Add(run);
        await database.SaveChangesAsync();
        return run.Id;
    }

    private async Task ReportAsync(Guid id, JobStage stage)
    {
        await using (var database = await Contexts.CreateDbContextAsync())
            await database.JobRuns.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Stage, stage.Name()));
        Context.Services.GetRequiredService<JobNotifier>().Changed(id);
    }

    private async Task EndAsync(Guid id, JobState state, string? error = null)
    {
        await using (var database = await Contexts.CreateDbContextAsync())
            await database.JobRuns.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.State, state).SetProperty(r => r.Error, error));
        Context.Services.GetRequiredService<JobNotifier>().Changed(id);
    }
}
