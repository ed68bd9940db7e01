using System.Security.Cryptography;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Webhooks;

/// <summary>A webhook as people write it.</summary>
public sealed record WebhookDraft(string? Url, string? Description, IReadOnlyList<string?>? Topics, bool Active = true);

/// <summary>The only time the secret is seen.</summary>
public sealed record WebhookSecret(Guid Id, string Secret);

/// <param name="Pending">Deliveries still on their way.</param>
/// <param name="Failed">Deliveries given up.</param>
public sealed record WebhookRow(
    Guid Id, string Url, string? Description, IReadOnlyList<string> Topics, bool Active, int Version, string CreatedBy, DateTime CreatedAt, int Pending, int Failed, DateTime? LastAttemptAt, int? LastStatus);

/// <summary>Addresses that are told of what happens: managed by admins.</summary>
public sealed class WebhookService(
    IDbContextFactory<AppDbContext> contexts, WebhookSecrets secrets, WebhookSender sender, IOptions<WebhookOptions> options,
        TimeProvider time, ILogger<WebhookService> logger)
{
    public const int MostWebhooks = 50;
    public const int LongestDescription = 200;

    private static readonly Failure NotAdmin = Failure.Forbidden("Only an admin manages webhooks.");

    public async Task<Outcome<IReadOnlyList<WebhookRow>>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Outcome<IReadOnlyList<WebhookRow>>.Of(await RowsAsync(context, context.Webhooks, cancellationToken));
    }

    public async Task<Outcome<WebhookRow>> GetAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await RowsAsync(context, context.Webhooks.Where(w => w.Id == id), cancellationToken)) is [var row] ? row : Failure.NotFound("The webhook");
    }

    public async Task<Outcome<WebhookSecret>> CreateAsync(WebhookDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        if (Check(draft) is { Count: > 0 } errors)
            return Failure.Invalid(errors);
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Webhooks.CountAsync(cancellationToken) >= MostWebhooks)
            return Failure.Conflict("webhooks-many", "There are 50 webhooks already. Delete one that is no longer needed.");
        var (id, secret) = (Guid.CreateVersion7(now), NewSecret());
        var webhook = new Webhook
        {
            Id = id,
            Url = draft.Url!.Trim(),
            Description = Described(draft),
            Topics = Joined(draft),
            Secret = secrets.Protect(id, secret),
            Active = draft.Active,
            CreatedBy = actor.Name,
            CreatedAt = now.UtcDateTime,
        };
        context.Webhooks.Add(webhook);
        await context.SaveChangesAsync(cancellationToken);
        logger.LogInformation("Audit: {Actor} ({ActorId}) made webhook {WebhookId} to {Url}", actor.Name, actor.Id, webhook.Id, webhook.Url);
        return new WebhookSecret(webhook.Id, secret);
    }

    /// <summary>Replaces it over the version the caller has seen (null: over whatever is there). What was on its way while it was not active goes on when it is again.</summary>
    public async Task<Outcome> SaveAsync(Guid id, WebhookDraft draft, int? expectedVersion, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        if (Check(draft) is { Count: > 0 } errors)
            return Failure.Invalid(errors);
        var (url, description, topics) = (draft.Url!.Trim(), Described(draft), Joined(draft));
        return await ChangeAsync(id, expectedVersion, "changed", actor, s => s.SetProperty(w => w.Url, url).SetProperty(w => w.Description, description).SetProperty(w => w.Topics, topics)
            .SetProperty(w => w.Active, draft.Active).SetProperty(w => w.Version, w => w.Version + 1), cancellationToken);
    }

    /// <summary>A new secret; the old one signs nothing from now on.</summary>
    public async Task<Outcome<WebhookSecret>> RotateAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        var secret = NewSecret();
        var kept = secrets.Protect(id, secret);
        var changed = await ChangeAsync(id, null, "gave a new secret to", actor, s => s.SetProperty(w => w.Secret, kept)
            .SetProperty(w => w.Version, w => w.Version + 1), cancellationToken);
        return changed.Succeeded ? new WebhookSecret(id, secret) : changed.Failure;
    }

    /// <summary>It goes with its log.</summary>
    public async Task<Outcome> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Webhooks.Where(w => w.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
            return Failure.NotFound("The webhook");
        logger.LogInformation("Audit: {Actor} ({ActorId}) deleted webhook {WebhookId}", actor.Name, actor.Id, id);
        return Outcome.Success;
    }

    /// <summary>Sends a test message now, also to an address that is not active, and tells what came of it.</summary>
    public async Task<Outcome<SentMessage>> TestAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Webhooks.AnyAsync(w => w.Id == id, cancellationToken))
            return Failure.NotFound("The webhook");
        var delivery = context.AddMessage(WebhookTopics.Test, $"test:{Guid.CreateVersion7(now)}", new { message = "It works.", sentBy = actor.Name }, now, [id])[0];
        await context.SaveChangesAsync(cancellationToken);
        return await SendAsync(delivery, cancellationToken);
    }

    /// <summary>Sends a message again, with the same id, and tells what came of it. After a failure it goes on trying as with a new one.</summary>
    public async Task<Outcome<SentMessage>> RedeliverAsync(Guid id, Guid deliveryId, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return NotAdmin;
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.WebhookDeliveries.AnyAsync(d => d.Id == deliveryId && d.WebhookId == id, cancellationToken))
            return Failure.NotFound("The delivery");
        // One that waits for its next attempt has it now; one that is being sent this moment keeps its claim.
        await context.WebhookDeliveries.Where(d => d.Id == deliveryId && (d.State != DeliveryState.Pending || d.ClaimId == null || d.NextAttemptAt <= now))
            .ExecuteUpdateAsync(s => s.SetProperty(d => d.State, DeliveryState.Pending).SetProperty(d => d.Attempts, 0).SetProperty(d => d.NextAttemptAt, now), cancellationToken);
        return await SendAsync(deliveryId, cancellationToken);
    }

    private async Task<Outcome<SentMessage>> SendAsync(Guid deliveryId, CancellationToken cancellationToken)
    {
        if (await sender.DeliverAsync(deliveryId, cancellationToken) is { } sent)
            return sent;
        return Failure.Conflict("sending", "This message is being sent at this moment. Look again.");
    }

    private async Task<Outcome> ChangeAsync(
        Guid id, int? expectedVersion, string verb, Actor actor, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Webhook>> set, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await context.Webhooks.Where(w => w.Id == id && (expectedVersion == null || w.Version == expectedVersion)).ExecuteUpdateAsync(set, cancellationToken);
        if (changed == 0)
        {
            return await context.Webhooks.AnyAsync(w => w.Id == id, cancellationToken)
                ? new Failure(FailureKind.Stale, "stale", "Somebody changed the webhook in the meantime. Load it again and repeat the change.")
                : Failure.NotFound("The webhook");
        }

        logger.LogInformation("Audit: {Actor} ({ActorId}) {Verb} webhook {WebhookId}", actor.Name, actor.Id, verb, id);
        return Outcome.Success;
    }

    private Dictionary<string, string[]> Check(WebhookDraft draft)
    {
        var errors = new Dictionary<string, string[]>();
        switch (WebhookAddress.Judge(draft.Url, options.Value.AllowPrivateAddresses))
        {
            case AddressVerdict.NoAddress:
                errors["url"] = ["Write an address that begins with https:// or http://, at most 500 characters, without a password."];
                break;
            case AddressVerdict.Private:
                errors["url"] = ["This address lies in a private network. Webhooks:AllowPrivateAddresses would allow it."];
                break;
        }

        if (draft.Description?.Trim().Length > LongestDescription)
            errors["description"] = ["At most 200 characters."];
        else if (draft.Description?.Trim().IsOneLine() == false)
            errors["description"] = [OneLine.Rule];
        if (draft.Topics is not { Count: > 0 })
            errors["events"] = [$"Choose at least one of: {string.Join(", ", WebhookTopics.All)}."];
        else if (draft.Topics.FirstOrDefault(t => t is null || !WebhookTopics.All.Contains(t)) is var unknown && draft.Topics.Any(t => t is null || !WebhookTopics.All.Contains(t)))
            errors["events"] = [$"There is no event '{unknown}'. Events are: {string.Join(", ", WebhookTopics.All)}."];
        return errors;
    }

    private static string? Described(WebhookDraft draft) => draft.Description?.Trim() is { Length: > 0 } text ? text : null;

    private static string Joined(WebhookDraft draft) => $" {string.Join(' ', WebhookTopics.All.Where(draft.Topics!.Contains))} ";

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static async Task<IReadOnlyList<WebhookRow>> RowsAsync(AppDbContext context, IQueryable<Webhook> webhooks, CancellationToken cancellationToken)
    {
        var rows = await webhooks.AsNoTracking().OrderBy(w => w.CreatedAt).ThenBy(w => w.Id).Select(w => new
        {
            Webhook = w,
            Pending = context.Set<WebhookDelivery>().Count(d => d.WebhookId == w.Id && d.State == DeliveryState.Pending),
            Failed = context.Set<WebhookDelivery>().Count(d => d.WebhookId == w.Id && d.State == DeliveryState.Failed),
            Last = context.Set<WebhookDelivery>().Where(d => d.WebhookId == w.Id && d.LastAttemptAt != null).OrderByDescending(d => d.LastAttemptAt).Select(d => new { d.LastAttemptAt, d.LastStatus }).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        return [.. rows.Select(r => new WebhookRow(
            r.Webhook.Id, r.Webhook.Url, r.Webhook.Description, r.Webhook.Topics.Split(' ', StringSplitOptions.RemoveEmptyEntries), r.Webhook.Active, r.Webhook.Version, r.Webhook.CreatedBy, r.Webhook.CreatedAt,
            r.Pending, r.Failed, r.Last?.LastAttemptAt, r.Last?.LastStatus))];
    }
}
