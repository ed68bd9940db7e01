using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Demo;

/// <summary>What a run of <see cref="BuildDemoShopJob"/> builds. Frozen when the run is asked for, so that a run started again after a crash builds the same.</summary>
public sealed record BuildDemoShop(int Customers, long Seed, int Months, DateOnly End);

/// <summary>Whether there is a demo shop, and starting to build one.</summary>
public sealed class DemoShopService(
    DataLake lake, JobService jobs, IDbContextFactory<AppDbContext> contexts, IOptions<DemoOptions> options, IHostEnvironment environment, TimeProvider time)
{
    public const string JobKind = "build-demo-shop";
    internal const string ReadyFile = "demo/shop.json";

    /// <summary>What somebody types to have it removed.</summary>
    public const string Name = "Demo shop";

    private static readonly TimeSpan ShopOffset = TimeSpan.FromHours(8);

    /// <summary>The shop is whole: lake, campaigns, segments and features.</summary>
    public bool IsReady => File.Exists(lake.PathTo(ReadyFile));

    /// <summary>The newest run that builds the shop; null when none was ever asked for.</summary>
    public async Task<JobRun?> CurrentRunAsync(CancellationToken cancellationToken) =>
        (await jobs.ListAsync(JobKind, new PageRequest(1, 1), cancellationToken)).Items is [var newest, ..] ? newest : null;

    /// <summary>The demo shop is here, whole or in part: a shop's own data must not mix with it.</summary>
    public async Task<bool> IsPresentAsync(CancellationToken cancellationToken) => IsReady || await BegunAsync(cancellationToken);

    /// <summary>The run that takes the shop away; null while there is none.</summary>
    public async Task<JobRun?> RemovalAsync(CancellationToken cancellationToken) =>
        (await jobs.ListAsync(RemoveDemoShopJob.Kind, new PageRequest(1, 1), cancellationToken)).Items is [{ State: JobState.Queued or JobState.Running } run, ..] ? run : null;

    /// <summary>Takes the shop away with all that rests on it, in the background. Admins only.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="typed">The shop's name, so that nobody does it by mistake.</param>
    /// <param name="cancellationToken">Stops the asking, not the job.</param>
    public async Task<Outcome<Guid>> RemoveAsync(Actor actor, string typed, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin may remove the demo shop.");
        if (!string.Equals(typed.Trim(), Name, StringComparison.OrdinalIgnoreCase))
            return Failure.Conflict("demo-shop-name", $"Type the shop's name, '{Name}', to remove it.");
        if (await CurrentRunAsync(cancellationToken) is { State: JobState.Queued or JobState.Running })
            return Failure.Conflict("demo-shop-building", "The demo shop is being built. Wait until it is ready, or cancel the run.");
        if (await RemovalAsync(cancellationToken) is { } going)
            return going.Id;
        if (!await IsPresentAsync(cancellationToken))
            return Failure.Conflict("demo-shop-gone", "There is no demo shop.");
        return await jobs.StartAsync(RemoveDemoShopJob.Kind, new object(), actor, cancellationToken);
    }

    /// <summary>A build was asked for since the shop was last removed.</summary>
    private async Task<bool> BegunAsync(CancellationToken cancellationToken)
    {
        if (await CurrentRunAsync(cancellationToken) is not { } build)
            return false;
        var removed = await jobs.ListAsync(RemoveDemoShopJob.Kind, new PageRequest(1, 1), cancellationToken);
        return removed.Items is not [{ State: JobState.Succeeded } removal, ..] || removal.CreatedAt < build.CreatedAt;
    }

    /// <summary>Builds the shop in the background. Admins only.</summary>
    public async Task<Outcome<Guid>> StartAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin may build the demo shop.");
        if (await HasOwnDataAsync(cancellationToken))
            return Failure.Conflict("shop-not-empty", "The shop has data of its own; the demo shop would mix with it.");
        var settings = options.Value;
        var today = DateOnly.FromDateTime((time.GetUtcNow() + ShopOffset).DateTime);
        return await jobs.StartAsync(JobKind, new BuildDemoShop(settings.Customers, settings.Seed, settings.Months, settings.EndDate ?? today), actor, cancellationToken);
    }

    /// <summary>At start: builds the shop if that is wanted and nothing is there yet. A run that a crash broke off is resumed with the others.</summary>
    internal async Task StartIfFirstAsync(CancellationToken cancellationToken)
    {
        if (!(options.Value.Enabled ?? environment.IsDevelopment()) || IsReady || await CurrentRunAsync(cancellationToken) is not null)
            return;
        await StartAsync(Actor.System, cancellationToken);
    }

    private async Task<bool> HasOwnDataAsync(CancellationToken cancellationToken)
    {
        if (IsReady)
            return false;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var built = await BegunAsync(cancellationToken);
        return !built && (LakeTable.All.Any(lake.HasRows) || await context.Campaigns.AnyAsync(cancellationToken));
    }
}
