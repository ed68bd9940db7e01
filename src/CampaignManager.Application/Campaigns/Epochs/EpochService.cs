using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns.Epochs;

/// <summary>An epoch as people see it.</summary>
public sealed record EpochRow(int Number, DateTime BeganAt, DateTime? EndedAt, bool Measured, bool Adopted, IReadOnlyList<EpochArm> Arms)
{
    /// <summary>A manager may let the next begin, in which customers are drawn anew and the effect is measured.</summary>
    public bool WaitsForMeasuring => EndedAt is null && !Measured && Adopted && EpochArm.CutsOf(Arms).Compare;
}

/// <summary>Reads a campaign's epochs, and begins the one that waits for a person.</summary>
public sealed class EpochService(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    public async Task<IReadOnlyList<EpochRow>> ListAsync(Guid campaign, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        return [.. (await context.ExperimentEpochs.AsNoTracking().Where(e => e.CampaignId == campaign).OrderBy(e => e.Number).ToListAsync(cancel)).Select(Row)];
    }

    /// <summary>
    /// A live campaign from before there were exposures begins to be measured: a new epoch with a new draw. Who is held out changes with it, so only a manager may, and knowing it.
    /// </summary>
    public async Task<Outcome> BeginMeasuringAsync(Guid campaign, Actor actor, CancellationToken cancel)
    {
        if (!actor.IsAny(Roles.Manager, Roles.Admin))
            return Failure.Forbidden("Only a manager may do this: begin to measure.");
        var at = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var row = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaign, cancel);
        if (row is null)
            return Failure.NotFound("The campaign");
        var running = await context.ExperimentEpochs.AsNoTracking().SingleOrDefaultAsync(e => e.CampaignId == campaign && e.EndedAt == null, cancel);
        if (row.Status is not (CampaignStatus.Live or CampaignStatus.Paused) || running is null || !Row(running).WaitsForMeasuring)
            return Failure.Conflict("nothing-to-begin", "The campaign is measured already, has ended, or holds nobody out.");
        if (!await EpochBook.NextAsync(context, running, null, row.Version, at.UtcDateTime, cancel))
            return CampaignService.Stale();
        context.AddActivity(campaign, "measuring-began", null, actor, at);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return Outcome.Success;
    }

    private static EpochRow Row(ExperimentEpoch e) => new(e.Number, e.BeganAt, e.EndedAt, e.Measured, e.Adopted, EpochArm.Read(e.ArmsJson));
}
