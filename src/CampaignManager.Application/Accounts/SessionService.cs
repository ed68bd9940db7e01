using System.Security.Cryptography;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

/// <param name="Device">Browser and system, in words.</param>
/// <param name="Address">Where it came from when it began.</param>
public sealed record SessionRow(Guid Id, string Device, string? Address, DateTime StartedAt, DateTime SeenAt);

/// <summary>
/// Who is signed in where. A session ends when its row goes: at signing out, with a new password, when the account is disabled or gets
/// other roles. The cookie is asked for at every request, and open pages hear of the end at once.
/// </summary>
public sealed class SessionService(IDbContextFactory<AppDbContext> contexts, INews news, TimeProvider time, ILogger<SessionService> logger)
{
    /// <summary>The topic under which the end of a session is told, by its id.</summary>
    public const string Ended = "session-ended";

    /// <summary>Not seen for so long, it is over.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    /// <returns>Its id: random, because it is a secret.</returns>
    public async Task<Guid> StartAsync(string userId, string device, string? address, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var session = new SignInSession
        {
            Id = new Guid(RandomNumberGenerator.GetBytes(16)),
            UserId = userId,
            Device = device,
            Address = address,
            StartedAt = now,
            SeenAt = now,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var over = now - Lasts;
        await context.SignInSessions.Where(s => s.SeenAt < over).ExecuteDeleteAsync(cancellationToken);
        context.SignInSessions.Add(session);
        await context.SaveChangesAsync(cancellationToken);
        return session.Id;
    }

    /// <summary>Whether it goes on, and is of a person who may be here.</summary>
    public async Task<bool> IsAliveAsync(Guid id, string userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = await context.SignInSessions
            .Where(s => s.Id == id && s.UserId == userId && context.Users.Any(u => u.Id == userId && !u.Disabled))
            .Select(s => (DateTime?)s.SeenAt).SingleOrDefaultAsync(cancellationToken);
        if (seen is not { } at || at + Lasts < now)
            return false;
        if (at + SeenEvery <= now)
        {
            await context.SignInSessions.Where(s => s.Id == id && s.SeenAt == at)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.SeenAt, now), cancellationToken);
        }

        return true;
    }

    /// <summary>Signing out. Whoever calls tells it (<see cref="Tell"/>).</summary>
    public async Task EndAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.SignInSessions.Where(s => s.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>One of the person's own, on another device; one that is over already is no error.</summary>
    public async Task<Outcome> EndAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.SignInSessions.Where(s => s.Id == id && s.UserId == actor.Id).ExecuteDeleteAsync(cancellationToken) == 0)
            return Outcome.Success;
        logger.LogInformation("Audit: {Actor} ({ActorId}) ended one of their sessions", actor.Name, actor.Id);
        Tell([id]);
        return Outcome.Success;
    }

    /// <summary>Signs a person out everywhere.</summary>
    public async Task EndAllAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ended = await EndAllAsync(context, actor.Id, cancellationToken);
        logger.LogInformation("Audit: {Actor} ({ActorId}) signed out everywhere ({Count} sessions)", actor.Name, actor.Id, ended.Count);
        Tell(ended);
    }

    /// <summary>A person's own, the last seen first.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        var over = time.GetUtcNow().UtcDateTime - Lasts;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SignInSessions.Where(s => s.UserId == actor.Id && s.SeenAt >= over)
            .OrderByDescending(s => s.SeenAt).ThenByDescending(s => s.StartedAt).ThenBy(s => s.Id)
            .Select(s => new SessionRow(s.Id, s.Device, s.Address, s.StartedAt, s.SeenAt)).Take(100).ToListAsync(cancellationToken);
    }

    /// <summary>Inside somebody's transaction; tell them (<see cref="Tell"/>) once it is committed.</summary>
    internal static async Task<IReadOnlyList<Guid>> EndAllAsync(AppDbContext context, string userId, CancellationToken cancellationToken)
    {
        var ids = await context.SignInSessions.Where(s => s.UserId == userId).Select(s => s.Id).ToListAsync(cancellationToken);
        await context.SignInSessions.Where(s => s.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        return ids;
    }

    /// <summary>Open pages of these sessions hear of their end.</summary>
    public void Tell(IReadOnlyList<Guid> ended)
    {
        foreach (var id in ended)
            news.Tell(Ended, id.ToString("N"));
    }
}
