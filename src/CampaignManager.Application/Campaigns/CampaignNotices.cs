using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>
/// What a change leaves behind in its own transaction, so that neither is there without the other: a line in the log, and notes to the people
/// for whom something waits.
/// </summary>
internal static class CampaignNotices
{
    private static readonly TimeSpan OneStretch = TimeSpan.FromMinutes(30);

    public static void AddActivity(this AppDbContext context, Guid campaignId, string code, string? detail, Actor actor, DateTimeOffset at) =>
        context.CampaignActivities.Add(new CampaignActivity
        {
            CampaignId = campaignId,
            At = at.UtcDateTime,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Code = code,
            Detail = detail,
        });

    /// <summary>
    /// The editor saves every few seconds; its log reads "changed the draft" once for a stretch of work. True when the newest line already says so, brought up to date.
    /// </summary>
    public static async Task<bool> RetellActivityAsync(
        this AppDbContext context, Guid campaignId, string code, string? detail, Actor actor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var newest = await context.CampaignActivities.AsNoTracking().Where(a => a.CampaignId == campaignId).OrderByDescending(a => a.At).ThenByDescending(a => a.Id).FirstOrDefaultAsync(cancellationToken);
        if (newest is null || newest.ActorId != actor.Id || newest.At < at.UtcDateTime - OneStretch)
            return false;
        // Just made: that it was then filled in goes without saying.
        if (newest.Code == "created")
            return true;
        if (newest.Code != code)
            return false;
        await context.CampaignActivities.Where(a => a.Id == newest.Id).ExecuteUpdateAsync(
            s => s.SetProperty(a => a.At, at.UtcDateTime).SetProperty(a => a.Detail, detail ?? newest.Detail), cancellationToken);
        return true;
    }

    /// <summary>A note to one person; to nobody when the id is a key's or of someone who left.</summary>
    public static async Task NotifyAsync(
        this AppDbContext context, string userId, string code, Campaign campaign, string? detail, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await context.Users.AnyAsync(u => u.Id == userId && !u.Disabled, cancellationToken))
            context.Add(userId, code, campaign, detail, at);
    }

    /// <summary>After the commit: open pages of the people noted look again.</summary>
    public static void RingBells(this AppDbContext context, NotificationNotifier notifier) =>
        notifier.Changed([.. context.Notifications.Local.Select(n => n.UserId).Distinct()]);

    /// <summary>Notes to every manager who may decide: not to those with a stake in the campaign, nor to who asked.</summary>
    public static async Task NotifyManagersAsync(
        this AppDbContext context, string code, Campaign campaign, CampaignStake stake, string? detail, Actor actor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var managers = await (
            from user in context.Users
            join membership in context.UserRoles on user.Id equals membership.UserId
            join role in context.Roles on membership.RoleId equals role.Id
            where role.Name == Roles.Manager && !user.Disabled
            select user.Id).Distinct().ToListAsync(cancellationToken);
        foreach (var manager in managers.Where(m => m != actor.Id && !stake.IsHeldBy(m)))
            context.Add(manager, code, campaign, detail, at);
    }

    private static void Add(this AppDbContext context, string userId, string code, Campaign campaign, string? detail, DateTimeOffset at) =>
        context.Notifications.Add(new Notification
        {
            Id = Guid.CreateVersion7(at),
            UserId = userId,
            Code = code,
            Subject = campaign.Name,
            Link = $"/campaigns/{campaign.Id}",
            Detail = detail,
            CreatedAt = at.UtcDateTime,
        });
}
