using System.Security.Cryptography;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// Begins and ends the quarters of the global holdout as the admin's setting says. A new quarter draws others, so every live campaign that is measured begins a new epoch with
/// it: nobody is in an epoch half in and half out.
/// </summary>
internal sealed class GlobalHoldoutTurns(IDbContextFactory<AppDbContext> contexts, SettingsService settings, TimeProvider time)
{
    private const int Months = 3;

    /// <returns>Whether a quarter began or was ended.</returns>
    public async Task<bool> TurnAsync(CancellationToken cancel)
    {
        var percent = (await settings.GetAsync(cancel)).GlobalHoldoutPercent;
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var last = await context.GlobalHoldouts.AsNoTracking().OrderByDescending(h => h.Id).FirstOrDefaultAsync(cancel);
        if (percent == 0)
            return last?.EndsAt > now && await context.GlobalHoldouts.Where(h => h.Id == last.Id && h.EndsAt > now).ExecuteUpdateAsync(s => s.SetProperty(h => h.EndsAt, now), cancel) > 0;
        // A share that an admin changes counts from the next quarter on: within one nobody comes in or leaves.
        if (last is not null && now < last.EndsAt + GlobalHoldout.Pause)
            return false;
        try
        {
            return await BeginAsync(context, (last?.Id ?? 0) + 1, (double)percent / 100, now, cancel);
        }
        catch (DbUpdateException)
        {
            // Another node was faster.
            return false;
        }
    }

    private static async Task<bool> BeginAsync(AppDbContext context, int id, double share, DateTime now, CancellationToken cancel)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        context.GlobalHoldouts.Add(new GlobalHoldout { Id = id, Salt = RandomNumberGenerator.GetHexString(32, lowercase: true), Share = share, BeganAt = now, EndsAt = now.AddMonths(Months) });
        await context.SaveChangesAsync(cancel);
        var running = await context.ExperimentEpochs.AsNoTracking().Where(e => e.EndedAt == null && e.Measured)
            .Join(context.Set<Campaign>().Where(c => c.Status == CampaignStatus.Live || c.Status == CampaignStatus.Paused), e => e.CampaignId, c => c.Id, (e, c) => new { Epoch = e, c.Version })
            .ToListAsync(cancel);
        foreach (var one in running)
            await EpochBook.NextAsync(context, one.Epoch, null, one.Version, now, cancel);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}
