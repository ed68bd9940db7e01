using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// Epochs that begin or end without anybody's doing: campaigns that were launched before there were epochs get their first, campaigns without an end are cut after 28 days.
/// Each step is one conditional change, so that two nodes at once do it once.
/// </summary>
internal sealed class EpochTurns(IDbContextFactory<AppDbContext> contexts, DataLake lake, TimeProvider time)
{
    /// <summary>The longest epoch of a campaign without an end.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(28);

    /// <returns>How many epochs began.</returns>
    public async Task<int> TurnAsync(CancellationToken cancel) => await AdoptAsync(cancel) + await CutAsync(cancel);

    /// <summary>
    /// What stands goes on: exposures that are there were drawn with the campaign's salt and are its epoch 1. A live campaign without any is not measured, and nobody's arm changes,
    /// until a manager lets epoch 2 begin.
    /// </summary>
    internal async Task<int> AdoptAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var launched = await context.Campaigns.AsNoTracking()
            .Where(c => c.LaunchedAt != null && c.Origin == CampaignOrigin.App && !context.Set<ExperimentEpoch>().Any(e => e.ExperimentId == c.Id)).ToListAsync(cancel);
        if (launched.Count == 0)
            return 0;
        var exposed = Exposed();
        foreach (var campaign in launched)
        {
            var arms = EpochArm.Two(campaign.LaunchedHoldoutShare ?? 0);
            var over = campaign.Status is CampaignStatus.Ended or CampaignStatus.Archived;
            context.ExperimentEpochs.Add(new ExperimentEpoch
            {
                ExperimentId = campaign.Id,
                CampaignId = campaign.Id,
                Number = 1,
                VersionId = await LaunchVersionAsync(context, campaign, cancel),
                Salt = campaign.HoldoutSalt,
                ArmsJson = EpochArm.Write(arms),
                BeganAt = campaign.LaunchedAt!.Value,
                EndedAt = over ? campaign.EndsAt ?? campaign.UpdatedAt : null,
                Measured = exposed.Contains(campaign.Id) && EpochArm.CutsOf(arms).Compare,
                Adopted = true,
            });
        }

        try
        {
            return await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Another node was faster.
            return 0;
        }
    }

    private HashSet<Guid> Exposed()
    {
        if (!lake.HasRows(LakeTable.Exposures))
            return [];
        using var connection = lake.Open(threads: 1);
        return
        [
            .. connection.Query($"SELECT DISTINCT campaign_id FROM {lake.Source(LakeTable.Exposures)}", r => Guid.TryParse(r.GetString(0), out var id) ? id : Guid.Empty),
        ];
    }

    private static Task<Guid?> LaunchVersionAsync(AppDbContext context, Campaign campaign, CancellationToken cancel) => context.CampaignVersions
        .Where(v => v.CampaignId == campaign.Id && v.CreatedAt <= campaign.LaunchedAt).OrderByDescending(v => v.Number)
        .Select(v => (Guid?)v.Id).FirstOrDefaultAsync(cancel);

    private async Task<int> CutAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var before = now - Longest;
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var due = await context.ExperimentEpochs.AsNoTracking().Where(e => e.EndedAt == null && e.Measured && e.BeganAt <= before)
            .Join(context.Set<Campaign>().Where(c => c.Status == CampaignStatus.Live && c.EndsAt == null), e => e.CampaignId, c => c.Id, (e, c) => new { Epoch = e, c.Version })
            .ToListAsync(cancel);
        var cut = 0;
        foreach (var one in due)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            if (!await EpochBook.NextAsync(context, one.Epoch, null, one.Version, now, cancel))
                continue;
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            cut++;
        }

        return cut;
    }
}
