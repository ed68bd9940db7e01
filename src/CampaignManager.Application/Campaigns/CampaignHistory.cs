using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

public sealed record CampaignActivityRow(long Id, DateTime At, string ActorName, string Code, string? Detail);

public sealed record CampaignVersionRow(int Number, DateTime CreatedAt, string ActorName, string? Reason, CampaignRules Rules);

/// <summary>What happened to a campaign, newest first.</summary>
public sealed class CampaignHistory(IDbContextFactory<AppDbContext> contexts)
{
    public async Task<Paged<CampaignActivityRow>> ActivityAsync(Guid campaignId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.CampaignActivities.AsNoTracking().Where(a => a.CampaignId == campaignId);
        var items = await rows.OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Skip(page.Skip).Take(page.Take)
            .Select(a => new CampaignActivityRow(a.Id, a.At, a.ActorName, a.Code, a.Detail)).ToListAsync(cancellationToken);
        return new Paged<CampaignActivityRow>(items, await rows.CountAsync(cancellationToken));
    }

    /// <summary>Versions as people made them: saves of the editor by itself are told as one for each sitting.</summary>
    public async Task<Paged<CampaignVersionRow>> VersionsAsync(Guid campaignId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // The editor saves as one types: of one sitting the last version is what a person means.
        var rows = context.CampaignVersions.AsNoTracking().Where(v => v.CampaignId == campaignId
            && (v.Sitting == null || !context.Set<CampaignVersion>().Any(later => later.CampaignId == campaignId && later.Sitting == v.Sitting && later.Number > v.Number)));
        var items = await rows.OrderByDescending(v => v.Number).ThenBy(v => v.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        return new Paged<CampaignVersionRow>(
            [.. items.Select(v => new CampaignVersionRow(v.Number, v.CreatedAt, v.ActorName, v.Reason, RulesJson.Read(v.RulesJson)))],
            await rows.CountAsync(cancellationToken));
    }

    /// <summary>The rules in force at a version; null when the campaign or the version is not known. Not every version changed the rules.</summary>
    public async Task<CampaignRules?> RulesAtAsync(Guid campaignId, int version, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var json = await context.CampaignVersions.AsNoTracking().Where(v => v.CampaignId == campaignId && v.Number <= version)
            .OrderByDescending(v => v.Number).Select(v => v.RulesJson).FirstOrDefaultAsync(cancellationToken);
        return json is null ? null : RulesJson.Read(json);
    }
}
