using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using RunPage = CampaignManager.Web.Shared.Runs.RunPage;

namespace CampaignManager.Web.Tests.Jobs;

/// <summary>A kind of job is declared beside the job, and everything that speaks of a kind means one that is registered.</summary>
public sealed class JobKindsTests(WebApp app) : IClassFixture<WebApp>
{
    private IReadOnlyList<JobKind> Kinds => [.. app.Services.GetServices<JobKind>()];

    [Fact]
    public void Kinds_Registered_AreRunByAJobEach()
    {
        Assert.InRange(Kinds.Count, 11, 200);
        Assert.Equal(Kinds.Count, Kinds.Select(k => k.Name).Distinct(StringComparer.Ordinal).Count());
        using var scope = app.Services.CreateScope();
        Assert.All(Kinds, kind => Assert.NotNull(scope.ServiceProvider.GetKeyedService<IJob>(kind.Name)));
    }

    [Fact]
    public void Schedules_PagesAndEditors_SpeakOfRegisteredKinds()
    {
        var known = Kinds.Select(k => k.Name).ToList();
        Assert.Empty(app.Services.GetRequiredService<SchedulableJobs>().Kinds.Except(known));
        Assert.Empty(app.Services.GetServices<RunPage>().Select(p => p.Kind).Except(known));
        Assert.Empty(app.Services.GetServices<ScheduleEditor>().Select(e => e.Kind).Except(known));
    }

    [Fact]
    public void Stages_DeclaredAnywhere_BelongToAKind() => Assert.Equal(
        DeclaredStages.Names.Order(StringComparer.Ordinal),
        Kinds.SelectMany(k => k.Stages).Select(s => s.Name()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
