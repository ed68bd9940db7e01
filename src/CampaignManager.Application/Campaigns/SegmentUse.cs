using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>Campaigns that name a segment: for whom, for whom not, or with goods of their own for it.</summary>
public sealed class SegmentUse(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    public const string AudienceChanged = "audience-changed";

    private static readonly CampaignStatus[] Assigning = [CampaignStatus.Live, CampaignStatus.Paused];

    public async Task<IReadOnlyList<NamingCampaign>> NamingAsync(string segment, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // The text finds candidates, the rules decide: a note may stand there in the same letters.
        var pattern = Like.Contains($"\"{segment}\"");
        var rows = await context.Campaigns.AsNoTracking().Where(c => c.Status != CampaignStatus.Archived && EF.Functions.Like(c.RulesJson, pattern, Like.Escape))
            .OrderBy(c => c.Name).ThenBy(c => c.Id).Select(c => new { c.Id, c.Name, c.Status, c.RulesJson }).ToListAsync(cancellationToken);
        return [.. rows.Where(c => Names(RulesJson.Read(c.RulesJson), segment)).Select(c => new NamingCampaign(c.Id, c.Name, Assigning.Contains(c.Status)))];
    }

    public void Note(AppDbContext context, IReadOnlyList<NamingCampaign> campaigns, string audience, Actor actor)
    {
        foreach (var campaign in campaigns)
            context.AddActivity(campaign.Id, AudienceChanged, audience, actor, time.GetUtcNow());
    }

    private static bool Names(CampaignRules rules, string segment) =>
        rules.Audience.AnyOf.Contains(segment) || rules.Audience.NoneOf.Contains(segment) || rules.Scope.PerSegment.Any(s => s.Segment == segment);
}
