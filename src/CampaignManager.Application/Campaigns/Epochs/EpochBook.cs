using System.Security.Cryptography;
using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns.Epochs;

/// <summary>Begins and ends the epochs of campaigns, in the transaction of whoever changes the campaign, who saves.</summary>
public static class EpochBook
{
    /// <summary>The first epoch of a campaign that goes live: drawn with the campaign's own salt.</summary>
    /// <param name="heldOut">Share held out, as frozen at launch.</param>
    internal static async Task LaunchAsync(AppDbContext context, Campaign campaign, double heldOut, DateTime now, CancellationToken cancel)
    {
        if (await context.ExperimentEpochs.AnyAsync(e => e.ExperimentId == campaign.Id, cancel))
            return;
        var arms = EpochArm.Two(heldOut);
        context.ExperimentEpochs.Add(new ExperimentEpoch
        {
            ExperimentId = campaign.Id,
            CampaignId = campaign.Id,
            Number = 1,
            VersionId = await VersionAsync(context, campaign.Id, campaign.Version, cancel),
            Salt = campaign.HoldoutSalt,
            ArmsJson = EpochArm.Write(arms),
            BeganAt = now,
            Measured = EpochArm.CutsOf(arms).Compare,
        });
    }

    /// <summary>Ends the running epoch, if there is one.</summary>
    internal static Task<int> EndAsync(AppDbContext context, Guid experiment, DateTime now, CancellationToken cancel) =>
        context.ExperimentEpochs.Where(e => e.ExperimentId == experiment && e.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(e => e.EndedAt, now), cancel);

    /// <summary>Ends the running epoch and begins the next with a new salt.</summary>
    /// <param name="arms">Of the next; null: as they were.</param>
    /// <param name="running">The epoch that the caller saw running.</param>
    /// <returns>False: another one runs by now, nothing was changed.</returns>
    public static async Task<bool> NextAsync(
        AppDbContext context, ExperimentEpoch running, IReadOnlyList<EpochArm>? arms, int version, DateTime now, CancellationToken cancel)
    {
        var ended = await context.ExperimentEpochs.Where(e => e.Id == running.Id && e.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.EndedAt, now), cancel);
        if (ended == 0)
            return false;
        arms ??= EpochArm.Read(running.ArmsJson);
        context.ExperimentEpochs.Add(new ExperimentEpoch
        {
            ExperimentId = running.ExperimentId,
            CampaignId = running.CampaignId,
            Number = running.Number + 1,
            VersionId = running.CampaignId is { } campaign ? await VersionAsync(context, campaign, version, cancel) : null,
            Salt = RandomNumberGenerator.GetHexString(32, lowercase: true),
            ArmsJson = EpochArm.Write(arms),
            BeganAt = now,
            Measured = EpochArm.CutsOf(arms).Compare,
        });
        return true;
    }

    /// <summary>
    /// Call where a launched campaign gets new rules: what is given, on which goods or to how many is another experiment, which begins an epoch with a new draw and moves everybody at
    /// once. A later end or a larger budget is not.
    /// </summary>
    /// <returns>Whether another epoch began.</returns>
    public static async Task<bool> FollowAsync(AppDbContext context, Guid campaign, CampaignRules before, CampaignRules after, int version, DateTime now, CancellationToken cancel)
    {
        var share = after.Experiment.HoldoutPercent;
        var moved = share != before.Experiment.HoldoutPercent;
        if (!moved && JsonSerializer.Serialize(before.Offer, RulesJson.Options) == JsonSerializer.Serialize(after.Offer, RulesJson.Options)
            && JsonSerializer.Serialize(before.Scope, RulesJson.Options) == JsonSerializer.Serialize(after.Scope, RulesJson.Options))
            return false;
        var running = await context.ExperimentEpochs.AsNoTracking().SingleOrDefaultAsync(e => e.ExperimentId == campaign && e.EndedAt == null, cancel);
        return running is not null && await NextAsync(context, running, moved ? EpochArm.Two((double)share / 100) : null, version, now, cancel);
    }

    /// <summary>The version whose rules are in force.</summary>
    public static Task<Guid?> VersionAsync(AppDbContext context, Guid campaign, int version, CancellationToken cancel) =>
        context.CampaignVersions.Where(v => v.CampaignId == campaign && v.Number <= version).OrderByDescending(v => v.Number)
            .Select(v => (Guid?)v.Id).FirstOrDefaultAsync(cancel);
}
