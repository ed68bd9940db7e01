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

        var (started, ended) = (0, 0);
        foreach (var campaign in over)
        {
            // Never live because nobody was up to start it: it ends all the same, and its log says why.
            var code = campaign.Status == CampaignStatus.Approved ? "missed" : "ended-on-time";
            if (await transitions.AdvanceAsync(campaign.Id, CampaignAction.End, code, "campaign-ended", cancellationToken))
                ended++;
        }

        foreach (var id in due)
        {
            if (await transitions.AdvanceAsync(id, CampaignAction.Launch, "went-live", "campaign-live", cancellationToken))
                started++;
        }

        return new AdvancedCampaigns(started, ended);
    }
}
