using Bunit;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Shared.Runs;

/// <summary>What a component does that watches runs.</summary>
public sealed class RunWatcherTests : BunitContext
{
    private readonly JobNotifier notifier = new();

    public RunWatcherTests() => Services.AddSingleton(notifier);

    [Fact]
    public async Task RunChanged_WorkThrows_ReachesTheErrorBoundary()
    {
        var run = Guid.NewGuid();
        var page = Render<ErrorBoundary>(p => p
            .AddChildContent<Watching>(w => w.Add(x => x.Runs, [run]).Add(x => x.Work, _ => throw new InvalidOperationException("It broke.")))
            .Add(x => x.ErrorContent, fault => builder => builder.AddContent(0, "Fault: " + fault.Message)));

        notifier.Changed(run);

        await page.UntilAsync(() => Assert.Equal("Fault: It broke.", page.Markup));
    }

    [Fact]
    public async Task RunChanged_OnlyWatchedOnes_AreTold()
    {
        var (mine, other) = (Guid.NewGuid(), Guid.NewGuid());
        List<Guid> told = [];
        var page = Render<Watching>(p => p.Add(x => x.Runs, [mine]).Add(x => x.Work, run => Note(told, run)));

        notifier.Changed(other);
        notifier.Changed(mine);
        await page.UntilAsync(() => Assert.Equal([mine], told));

        page.Render(p => p.Add(x => x.Runs, [other]));
        notifier.Changed(mine);
        notifier.Changed(other);
        await page.UntilAsync(() => Assert.Equal([mine, other], told));
    }

    [Fact]
    public async Task RunChanged_AfterTheComponentIsGone_TellsNobody()
    {
        var run = Guid.NewGuid();
        List<Guid> told = [];
        Render<Watching>(p => p.Add(x => x.Runs, [run]).Add(x => x.Work, changed => Note(told, changed)));

        await DisposeComponentsAsync();
        notifier.Changed(run);

        Assert.Equal([], told);
    }

    private static Task Note(List<Guid> told, Guid run)
    {
        told.Add(run);
        return Task.CompletedTask;
    }

    private sealed class Watching : RunWatcher
    {
        [Parameter]
        public Guid[] Runs { get; set; } = [];

        [Parameter]
        public Func<Guid, Task> Work { get; set; } = _ => Task.CompletedTask;

        protected override void OnParametersSet() => Watch(Runs.Select(r => (Guid?)r));

        protected override Task RunChangedAsync(Guid runId) => Work(runId);

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "watching");
    }
}
