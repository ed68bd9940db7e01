using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>A campaign in force whose rules would be refused if they were saved today.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IsPriced">Whether orders are priced with it all the same; otherwise it gives nothing.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record RefusedCampaign(Guid Id, string Name, CampaignStatus Status, bool IsPriced, IReadOnlyList<RuleError> Errors);

/// <summary>Campaigns in force that a later version of the app would not take: none is dropped without a word.</summary>
public sealed class RefusedCampaigns(IDbContextFactory<AppDbContext> contexts, NotificationNotifier notifier, TimeProvider time)
{
    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<RefusedCampaign>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await FindAsync(context, cancellationToken)).Select(f => f.Refused)];
    }

    /// <summary>Tells each owner once about each version of a campaign, on however many nodes and however often this runs.</summary>
    public async Task TellOwnersAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (campaign, refused) in await FindAsync(context, cancellationToken))
        {
            var id = NoteId(campaign);
            if (await context.Notifications.AnyAsync(n => n.Id == id, cancellationToken)
                || !await context.Users.AnyAsync(u => u.Id == campaign.OwnerId && !u.Disabled, cancellationToken))
                continue;
            context.Notifications.Add(new Notification
            {
                Id = id,
                UserId = campaign.OwnerId,
                Code = refused.IsPriced ? "campaign-rules-refused" : "campaign-rules-unpriced",
                Subject = campaign.Name,
                Link = $"/campaigns/{campaign.Id}",
                Detail = string.Join("; ", refused.Errors.Take(3).Select(e => $"{e.Path}: {e.Message}")),
                CreatedAt = time.GetUtcNow().UtcDateTime,
            });
            try
            {
                await context.SaveChangesAsync(cancellationToken);
                notifier.Changed([campaign.OwnerId]);
            }
            catch (DbUpdateException)
            {
                // Another node has told them at the same moment.
                context.ChangeTracker.Clear();
                if (!await context.Notifications.AnyAsync(n => n.Id == id, cancellationToken))
                    throw;
            }
        }
    }

    private static async Task<IReadOnlyList<(Campaign Campaign, RefusedCampaign Refused)>> FindAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        var campaigns = await context.Campaigns.AsNoTracking().Where(c => CampaignBook.InForce.Contains(c.Status))
            .OrderBy(c => c.Name).ThenBy(c => c.Id).ToListAsync(cancellationToken);
        return
        [
            .. campaigns.Select(c => (Campaign: c, Judged: CampaignBook.Judge(c))).Where(c => c.Judged.Refused.Count > 0)
                .Select(c => (c.Campaign, new RefusedCampaign(c.Campaign.Id, c.Campaign.Name, c.Campaign.Status, c.Judged.Rules is not null, c.Judged.Refused))),
        ];
    }

    // The same for the same news, so that it cannot be told twice.
    private static Guid NoteId(Campaign campaign) => new(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"rules-refused:{campaign.Id}:{campaign.Version}:{campaign.OwnerId}"))).AsSpan(0, 16));
}
