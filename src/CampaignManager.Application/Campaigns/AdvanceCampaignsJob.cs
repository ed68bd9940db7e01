using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

public sealed record AdvancedCampaigns(int Started, int Ended);

/// <summary>
/// Starts approved campaigns at their start and ends campaigns at their end, also those whose moment passed while the app was down. Runs twice or at once
/// without harm: each move finds its row in the state it expects, or does nothing.
/// </summary>
public sealed class AdvanceCampaignsJob(IDbContextFactory<AppDbContext> contexts, CampaignTransitions transitions, TimeProvider time) : IJob
{
    public const string Kind = "advance-campaigns";

    public static readonly JobKind Declared = new(Kind);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken) => await AdvanceAsync(cancellationToken);

    public async Task<AdvancedCampaigns> AdvanceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var over = await context.Campaigns.AsNoTracking()
            .Where(c => c.EndsAt <= now && (c.Status == CampaignStatus.Approved || c.Status == CampaignStatus.Live || c.Status == CampaignStatus.Paused))
            .Select(c => new { c.Id, c.Status }).ToListAsync(cancellationToken);
        var due = await context.Campaigns.AsNoTracking()
            .Where(c => c.Status == CampaignStatus.Approved && c.StartsAt <= now && (c.EndsAt == null || c.EndsAt > now))
            .Select(c => c.Id).ToListAsync(cancellationToken);

        // Never live because nobody was up to start it: it ends all the same, and its log says why.
        var moves = over.Select(c => (c.Id, Action: CampaignAction.End, Code: c.Status == CampaignStatus.Approved ? "missed" : "ended-on-time", Notice: "campaign-ended"))
            .Concat(due.Select(id => (Id: id, Action: CampaignAction.Launch, Code: "went-live", Notice: "campaign-live")));
        var (started, ended) = (0, 0);
        List<Exception> faults = [];
        foreach (var move in moves)
        {
            try
            {
                if (!await transitions.AdvanceAsync(move.Id, move.Action, move.Code, move.Notice, cancellationToken))
                    continue;
                _ = move.Action == CampaignAction.Launch ? started++ : ended++;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                // One that cannot be moved must not hold up the others.
                faults.Add(new InvalidOperationException($"Campaign {move.Id} could not be moved: {move.Action}.", fault));
            }
        }

        if (faults.Count > 0)
            throw new AggregateException(faults);
        return new AdvancedCampaigns(started, ended);
    }
}
