using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

/// <summary>An entry as admins read it.</summary>
public sealed record AuditRow(Guid Id, DateTime At, string ActorName, AuditAction Action, string Subject, string? Reason);

/// <summary>
/// What left the house and who was granted what. A list of customers is written down before its first byte leaves; where that fails nothing leaves.
/// </summary>
public sealed class AuditLog(IDbContextFactory<AppDbContext> contexts, TimeProvider time, ILogger<AuditLog> logger)
{
    public const int LongestReason = 500;

    public const string ReasonNeeded = "reason-needed";

    /// <summary>Lets a list of customers leave: only to whoever may see customers, and of people only with a reason.</summary>
    /// <param name="what">Which list.</param>
    /// <param name="subject">Of what: a segment's key, a model's id.</param>
    /// <param name="reason">Why. A program's key may do without: what it calls for is its own business's to say.</param>
    /// <param name="byPerson">Whether a person asks, and not a key.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Outcome> LeaveAsync(AuditAction what, string subject, string? reason, bool byPerson, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesCustomers)
            return Failure.Forbidden("Only admins and whoever they grant it see customers.");
        var said = reason?.Trim() is { Length: > 0 } text ? text : null;
        if (said is null && byPerson)
            return Failure.Invalid("reason", "Say what the list is for: it is kept with your name for the admins.") with { Code = ReasonNeeded };
        if (said is { Length: > LongestReason } || said?.IsOneLine() == false)
            return Failure.Invalid("reason", $"A reason is one line of at most {LongestReason} characters.");
        await WriteAsync(what, subject, said, actor, cancellationToken);
        return Outcome.Success;
    }

    public async Task WriteAsync(AuditAction what, string subject, string? reason, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.AuditEntries.Add(Entry(what, subject, reason, actor, time.GetUtcNow()));
        await context.SaveChangesAsync(cancellationToken);
        logger.LogInformation("Audit: {Actor} ({ActorId}) {Action} {Subject}", actor.Name, actor.Id, what, subject);
    }

    internal static AuditEntry Entry(AuditAction what, string subject, string? reason, Actor actor, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        At = at.UtcDateTime,
        ActorId = actor.Id,
        ActorName = actor.Name,
        Action = what,
        Subject = subject,
        Reason = reason,
    };

    /// <summary>The newest first.</summary>
    public async Task<Outcome<Paged<AuditRow>>> ListAsync(PageRequest page, AuditAction? what, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin reads the audit log.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var entries = context.AuditEntries.AsNoTracking();
        if (what is { } action)
            entries = entries.Where(e => e.Action == action);
        if (page.Query?.Trim() is { Length: > 0 } text)
        {
            var pattern = Like.Contains(text);
            entries = entries.Where(e => EF.Functions.Like(e.ActorName, pattern, Like.Escape) || EF.Functions.Like(e.Subject, pattern, Like.Escape)
                || EF.Functions.Like(e.Reason!, pattern, Like.Escape));
        }

        var sorted = page is { SortKey: "at", Descending: false } ? entries.OrderBy(e => e.At).ThenBy(e => e.Id) : entries.OrderByDescending(e => e.At).ThenByDescending(e => e.Id);
        var rows = await sorted.Skip(page.Skip).Take(page.Take).Select(e => new AuditRow(e.Id, e.At, e.ActorName, e.Action, e.Subject, e.Reason)).ToListAsync(cancellationToken);
        return new Paged<AuditRow>(rows, await entries.CountAsync(cancellationToken));
    }
}
