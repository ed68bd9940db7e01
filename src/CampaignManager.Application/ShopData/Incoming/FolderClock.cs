using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>Looks into the watched folder: has whole files taken, and puts away those whose import has ended.</summary>
public sealed class FolderClock(
    IDbContextFactory<AppDbContext> contexts, WatchedFolder folder, ImportViews list, JobService jobs, IOptions<IncomingOptions> options,
    TimeProvider time, ILogger<FolderClock> logger) : Clock(time, logger)
{
    /// <summary>Names the looks as a schedule's occurrences, so that of all nodes one starts a run.</summary>
    private static readonly Guid Looks = new("5e1f2a90-6c6b-4f0e-9d6a-3f1f0e0b7a11");

    protected override TimeSpan Period => TimeSpan.FromSeconds(options.Value.LookSeconds);

    protected override string Failed => "The look into the watched folder failed";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => folder.IsOn ? base.ExecuteAsync(stoppingToken) : Task.CompletedTask;

    protected override Task TickAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <returns>The run that was started; null: none was needed.</returns>
    public async Task<Guid?> LookAsync(CancellationToken cancellationToken)
    {
        if (!folder.IsOn)
            return null;
        var left = await PutAwayAsync(cancellationToken);
        var quiet = folder.Look();
        if (quiet.Count == 0 && !left)
            return null;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var atIt = context.JobRuns.Where(r => r.Kind == TakeFilesJob.Kind && (r.State == JobState.Queued || r.State == JobState.Running));
        if (await atIt.AnyAsync(cancellationToken))
            return null;
        var look = TimeSpan.FromSeconds(options.Value.LookSeconds).Ticks;
        var due = new DateTime(Time.GetUtcNow().UtcTicks / look * look, DateTimeKind.Utc);
        return await jobs.StartDueAsync(TakeFilesJob.Kind, new TakeFiles(quiet), Actor.System, Looks, due, cancellationToken);
    }

    /// <returns>Whether something was taken and nothing has come of it: its worker died.</returns>
    private async Task<bool> PutAwayAsync(CancellationToken cancel)
    {
        var left = false;
        foreach (var entry in folder.Taken())
        {
            var import = await list.FindAsync(entry.Id, cancel);
            switch (import?.State)
            {
                case null or ImportState.Uploaded:
                    left = true;
                    break;
                case ImportState.Succeeded or ImportState.Undone:
                    folder.Done(entry);
                    break;
                case ImportState.Failed or ImportState.Cancelled:
                    folder.Refuse(
                        entry, import.RefusalCode ?? import.State.ToString().ToLowerInvariant(), import.Error ?? "The import was cancelled.");
                    break;
                default:
                    // At work, or it waits for an answer.
                    break;
            }
        }

        return left;
    }
}
