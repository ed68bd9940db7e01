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

    /// <summary>Adds to a transaction of somebody else's, who calls <see cref="Announce"/> once it is committed.</summary>
    /// <param name="context">Saved by its owner.</param>
    /// <param name="role">Whom it concerns.</param>
    /// <param name="except">People who have it already.</param>
    /// <returns>Who is told.</returns>
    internal async Task<IReadOnlyList<string>> AddForRoleAsync(
        AppDbContext context, string role, string code, string subject, string link, string? detail, IReadOnlySet<string> except, CancellationToken cancellationToken)
    {
        var people = (await context.UserRoles
            .Join(context.Roles.Where(r => r.Name == role), ur => ur.RoleId, r => r.Id, (ur, _) => ur.UserId)
            .Join(context.Users.Where(u => !u.Disabled), id => id, u => u.Id, (id, _) => id)
            .ToListAsync(cancellationToken)).Where(id => !except.Contains(id)).ToList();
        context.Notifications.AddRange(New(people, code, subject, link, detail));
        return people;
    }

    /// <summary>Rings the bells of people for whom something was added.</summary>
    internal void Announce(IReadOnlyCollection<string> people) => notifier.Changed(people);

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
        var old = (time.GetUtcNow() - ReadAreKeptFor).UtcDateTime;
        context.Notifications.AddRange(New(people, code, subject, link, detail));
        await context.SaveChangesAsync(cancellationToken);
        await context.Notifications.Where(n => n.ReadAt < old).ExecuteDeleteAsync(cancellationToken);
        notifier.Changed(people);
    }

    private IEnumerable<Notification> New(IEnumerable<string> people, string code, string subject, string link, string? detail)
    {
        var now = time.GetUtcNow();
        return people.Select(id => new Notification
        {
            Id = Guid.CreateVersion7(now),
            UserId = id,
            Code = code,
            Subject = subject.Length > 200 ? subject[..199] + "…" : subject,
            Link = link,
            Detail = detail?.Length > 1000 ? detail[..999] + "…" : detail,
            CreatedAt = now.UtcDateTime,
        });
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
