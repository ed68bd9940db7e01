using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Notifications;

public sealed record NotificationRow(Guid Id, string Code, string Subject, string Link, string? Detail, DateTime CreatedAt, bool Read);

/// <summary>The newest notifications of a person, and how many of all they have not read.</summary>
public sealed record Inbox(IReadOnlyList<NotificationRow> Items, int Unread);

/// <summary>
/// What waits for people. Texts are resources named by the code (<c>NotificationTexts</c>), with the subject as {0} and the detail as {1}, so
/// everyone reads them in their own language.
/// </summary>
public sealed class NotificationService(IDbContextFactory<AppDbContext> contexts, NotificationNotifier notifier, TimeProvider time)
{
    private static readonly TimeSpan ReadAreKeptFor = TimeSpan.FromDays(60);

    /// <summary>Tells everyone with a role; <paramref name="exceptUserId"/> leaves out who caused it.</summary>
    public async Task NotifyRoleAsync(
        string role, string code, string subject, string link, string? detail, CancellationToken cancellationToken, string? exceptUserId = null)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await context.UserRoles
            .Join(context.Roles.Where(r => r.Name == role), ur => ur.RoleId, r => r.Id, (ur, _) => ur.UserId)
            .Join(context.Users.Where(u => !u.Disabled && u.Id != exceptUserId), id => id, u => u.Id, (id, _) => id)
            .ToListAsync(cancellationToken);
        await AddAsync(context, people, code, subject, link, detail, cancellationToken);
    }

    /// <summary>Tells one person; nobody when the id is a key's or of someone who left.</summary>
    public async Task NotifyUserAsync(string userId, string code, string subject, string link, string? detail, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await context.Users.Where(u => u.Id == userId && !u.Disabled).Select(u => u.Id).ToListAsync(cancellationToken);
        await AddAsync(context, people, code, subject, link, detail, cancellationToken);
    }

    /// <summary>The actor's own; nobody reads another's.</summary>
    public async Task<Inbox> ListAsync(Actor actor, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = context.Notifications.AsNoTracking().Where(n => n.UserId == actor.Id);
        var items = await mine.OrderByDescending(n => n.CreatedAt).ThenByDescending(n => n.Id).Take(Math.Clamp(take, 1, 100))
            .Select(n => new NotificationRow(n.Id, n.Code, n.Subject, n.Link, n.Detail, n.CreatedAt, n.ReadAt != null))
            .ToListAsync(cancellationToken);
        return new Inbox(items, await mine.CountAsync(n => n.ReadAt == null, cancellationToken));
    }

    /// <summary>Marks one of the actor's own as read; all of them when <paramref name="id"/> is null.</summary>
    public async Task MarkReadAsync(Guid? id, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Notifications.Where(n => n.UserId == actor.Id && n.ReadAt == null && (id == null || n.Id == id))
            .ExecuteUpdateAsync(s => s.SetProperty(n => n.ReadAt, now), cancellationToken);
        notifier.Changed([actor.Id]);
    }

    private async Task AddAsync(
        AppDbContext context, List<string> people, string code, string subject, string link, string? detail, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var old = (now - ReadAreKeptFor).UtcDateTime;
        context.Notifications.AddRange(people.Select(id => new Notification
        {
            Id = Guid.CreateVersion7(now),
            UserId = id,
            Code = code,
            Subject = subject.Length > 200 ? subject[..199] + "…" : subject,
            Link = link,
            Detail = detail?.Length > 1000 ? detail[..999] + "…" : detail,
            CreatedAt = now.UtcDateTime,
        }));
        await context.SaveChangesAsync(cancellationToken);
        await context.Notifications.Where(n => n.ReadAt < old).ExecuteDeleteAsync(cancellationToken);
        notifier.Changed(people);
    }
}

public static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<NotificationNotifier>();
        services.AddSingleton<NotificationService>();
        return services;
    }
}
