using System.Text.Json;
using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>How a run of training ended, and what comes next.</summary>
public sealed class TrainingRunPageTests : PageOverServices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly MetricInterval Some = new(0.1, 0.05, 0.15), None = new(null, null, null);

    [Theory]
    [InlineData(Roles.Admin, true)]
    [InlineData(Roles.Marketer, false)]
    public async Task Cancelled_SaysThatNothingWasKeptAndOffersAnother(string role, bool offered)
    {
        var page = Render(role, await RunAsync(JobState.Cancelled));

        await page.WaitForAssertionAsync(() => Assert.Contains("Nothing of it was kept", page.Find("#run-cancelled").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(offered ? ["/training?start=true"] : [], page.FindAll("#train-again").Select(a => a.GetAttribute("href")));
        Assert.Empty(page.FindAll(".run-stages [aria-current]"));
        Assert.Empty(page.FindAll(".run-stages .now"));
    }

    [Fact]
    public async Task Done_SaysOfEachArmWhetherCustomersDiffer()
    {
        ModelMetrics[] arms = [Metrics("mail", Some, ModelMetrics.Detected), Metrics("sms", None, ModelMetrics.NotDetected)];
        var page = Render(Roles.Admin, await RunAsync(JobState.Succeeded, new TrainModelResult(Guid.NewGuid(), arms[0], arms, false)));

        await page.WaitForAssertionAsync(() => Assert.Equal(2, page.FindAll(".mud-alert-message").Count), Patience);
        Assert.StartsWith("mail · Customers differ", page.FindAll(".mud-alert-message")[0].TextContent.Trim(), StringComparison.Ordinal);
        Assert.StartsWith("sms · No detectable difference", page.FindAll(".mud-alert-message")[1].TextContent.Trim(), StringComparison.Ordinal);
        // Where there is no normalised score the area stands under its own name.
        Assert.StartsWith("Qini · mail", page.FindAll(".tile-label")[0].TextContent.Trim(), StringComparison.Ordinal);
        Assert.StartsWith("Qini area, per treated customer · sms", page.FindAll(".tile-label")[1].TextContent.Trim(), StringComparison.Ordinal);
    }

    private static ModelMetrics Metrics(string arm, MetricInterval qini, string verdict) => new(arm, qini, qini, Some, Some, Some, Some, Some, 0.1, null, 0.5, verdict);

    private IRenderedComponent<TrainingRunPage> Render(string role, Guid id)
    {
        Person.SetAuthorized("Ada").SetRoles(role);
        Context.Render<MudBlazor.MudPopoverProvider>();
        return Context.Render<TrainingRunPage>(p => p.Add(r => r.RunId, id));
    }

    private async Task<Guid> RunAsync(JobState state, TrainModelResult? result = null)
    {
        var now = Context.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var run = new JobRun
        {
            Id = Guid.NewGuid(),
            Kind = TrainModelJob.Kind,
            Arguments = JsonSerializer.Serialize(new TrainingRequest(Outcome: "converted", Learner: "s"), JsonSerializerOptions.Web),
            State = state,
            Stage = JobStage.Training.Name(),
            Progress = 0.4,
            CreatedAt = now,
            StartedAt = now,
            FinishedAt = now,
            Result = result is null ? null : JsonSerializer.Serialize(result, JsonSerializerOptions.Web),
        };
        await using var database = await Contexts.CreateDbContextAsync();
        database.JobRuns.Add(run);
        await database.SaveChangesAsync();
        return run.Id;
    }
}
