using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>Who may own a draft, and handing one over.</summary>
public sealed class DraftOwners(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    private static readonly string[] Staff = [Roles.Marketer, Roles.Manager, Roles.Admin];

    /// <summary>People with a role who can sign in, by name.</summary>
    public async Task<IReadOnlyList<CampaignOwner>> CandidatesAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Users.AsNoTracking()
            .Where(u => !u.Disabled && context.UserRoles.Any(m => m.UserId == u.Id && context.Roles.Any(r => r.Id == m.RoleId && Staff.Contains(r.Name))))
            .OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Select(u => new CampaignOwner(u.Id, u.DisplayName)).Take(PageRequest.MaxPageSize).ToListAsync(cancellationToken);
    }

    /// <summary>Gives a draft to somebody else. A marketer who does so can no longer edit it.</summary>
    /// <returns>The campaign's version after it.</returns>
    public async Task<Outcome<int>> HandOverAsync(Guid id, string ownerId, int expectedVersion, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if ((await CandidatesAsync(cancellationToken)).FirstOrDefault(o => o.Id == ownerId) is not { } owner)
            return Failure.Invalid("owner", "Choose somebody who can sign in.") with { Code = "owner-unknown" };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        if (CampaignLifecycle.Check(CampaignAction.Edit, campaign.Status, CampaignView.StakeOf(campaign), actor) is { } refused)
            return refused;
        if (campaign.OwnerId == ownerId)
            return campaign.Version;
        var saved = await context.Campaigns.Where(c => c.Id == id && c.Status == CampaignStatus.Draft && c.Version == expectedVersion).ExecuteUpdateAsync(
            s => s.SetProperty(c => c.OwnerId, owner.Id).SetProperty(c => c.OwnerName, owner.Name).SetProperty(c => c.Version, expectedVersion + 1)
                .SetProperty(c => c.LastEditedById, actor.Id).SetProperty(c => c.UpdatedAt, now.UtcDateTime),
            cancellationToken);
        if (saved == 0)
            return CampaignService.Stale();
        context.AddActivity(id, "handed-over", owner.Name, actor, now);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return expectedVersion + 1;
    }
}
