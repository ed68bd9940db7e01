using System.Collections.Concurrent;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Webhooks;

/// <summary>
/// Delivers what is due. Each delivery is claimed by a conditional update, so that of several nodes one sends it; who dies while sending loses the claim after a while and
/// another sends it again: at least once, with an id by which a receiver knows the second.
/// </summary>
public sealed class WebhookSender(
    IDbContextFactory<AppDbContext> contexts, WebhookHttp http, WebhookSecrets secrets, TimeProvider time, ILogger<WebhookSender> logger)
{
    /// <summary>After the first attempt, the second, ... One more attempt than there are waits: a day in all.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
    ];

    /// <summary>Longer than an address may take to answer: a claim this old is a dead node's.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private const int AtOnce = 50;
    private const int Parallel = 4;

    private readonly ConcurrentDictionary<Guid, bool> lines = new();

    /// <summary>Delivers what is due and waits for all of it.</summary>
    /// <returns>How many attempts were made.</returns>
    public async Task<int> DeliverDueAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll((await DueAsync(cancellationToken)).Select(webhook => DeliverAllAsync(webhook, cancellationToken)))).Sum();

    /// <summary>
    /// Begins with what is due and waits for nothing: each address has its own line, so that those that do not answer keep only themselves
    /// waiting.
    /// </summary>
    public async Task BeginDueAsync(CancellationToken cancellationToken)
    {
        foreach (var webhook in await DueAsync(cancellationToken))
        {
            if (lines.TryAdd(webhook, true))
                _ = Task.Run(() => LineAsync(webhook, cancellationToken), CancellationToken.None);
        }
    }

    private async Task LineAsync(Guid webhook, CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAllAsync(webhook, cancellationToken);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
                logger.LogError(exception, "Delivering to webhook {WebhookId} failed", webhook);
        }
        finally
        {
            lines.TryRemove(webhook, out _);
        }
    }

    /// <summary>Webhooks that have something due.</summary>
    private async Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Webhooks
            .Where(w => w.Active && context.Set<WebhookDelivery>()
                .Any(d => d.WebhookId == w.Id && d.State == DeliveryState.Pending && d.NextAttemptAt <= now))
            .Select(w => w.Id).ToListAsync(cancellationToken);
    }

    private async Task<int> DeliverAllAsync(Guid webhook, CancellationToken cancellationToken)
    {
        var made = 0;
        while (true)
        {
            var now = time.GetUtcNow().UtcDateTime;
            List<Guid> due;
            await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            {
                due = await context.WebhookDeliveries.Where(d => d.WebhookId == webhook && d.State == DeliveryState.Pending
                    && d.NextAttemptAt <= now)
                    .OrderBy(d => d.NextAttemptAt).ThenBy(d => d.Id).Select(d => d.Id).Take(AtOnce).ToListAsync(cancellationToken);
            }

            await System.Threading.Tasks.Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, async (id, stop) =>
            {
                if (await DeliverAsync(id, stop) is not null)
                    Interlocked.Increment(ref made);
            });
            if (due.Count < AtOnce)
                return made;
        }
    }

    /// <summary>One attempt now; null when it is not due, or somebody else's.</summary>
    public async Task<SentMessage?> DeliverAsync(Guid deliveryId, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var (now, claim) = (at.UtcDateTime, Guid.CreateVersion7(at));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var dead = now + Claim;
        var claimed = await context.WebhookDeliveries.Where(d => d.Id == deliveryId && d.State == DeliveryState.Pending && d.NextAttemptAt <= now).ExecuteUpdateAsync(
            s => s.SetProperty(d => d.ClaimId, claim).SetProperty(d => d.NextAttemptAt, dead).SetProperty(d => d.Attempts, d => d.Attempts + 1), cancellationToken);
        if (claimed == 0)
            return null;
        var row = await (
            from delivery in context.WebhookDeliveries.AsNoTracking()
            join webhook in context.Webhooks.AsNoTracking() on delivery.WebhookId equals webhook.Id
            join message in context.WebhookEvents.AsNoTracking() on delivery.EventId equals message.Id
            where delivery.Id == deliveryId
            select new { delivery.Attempts, webhook.Id, webhook.Url, webhook.Secret, Message = message })
                .SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return null;
        var sent = secrets.Read(row.Id, row.Secret) is { } secret
            ? await http.PostAsync(row.Url, secret, row.Message, at, cancellationToken)
            : new SentMessage(null, "secret-unreadable", 0);
        // Not cancellable: what has been sent has been sent.
        await WriteAsync(context, deliveryId, claim, row.Attempts, sent);
        if (!sent.Arrived)
            logger.LogWarning("Webhook {Url}: attempt {Attempt} of {Topic} ended with {Result}", row.Url, row.Attempts, row.Message.Topic, sent.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? sent.Error);
        return sent;
    }

    /// <summary>Forgets events that are long delivered or given up, with their log.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - KeptFor;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.WebhookEvents.Where(e => e.At < before && !context.Set<WebhookDelivery>().Any(d => d.EventId == e.Id && d.State == DeliveryState.Pending)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task WriteAsync(AppDbContext context, Guid deliveryId, Guid claim, int attempts, SentMessage sent)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var state = sent.Arrived ? DeliveryState.Delivered : attempts > Waits.Count ? DeliveryState.Failed : DeliveryState.Pending;
        var next = state == DeliveryState.Pending ? now + Waits[attempts - 1] : now;
        await using var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None);
        // Whoever took over after us has the last word.
        await context.WebhookDeliveries.Where(d => d.Id == deliveryId && d.ClaimId == claim).ExecuteUpdateAsync(
            s => s.SetProperty(d => d.ClaimId, (Guid?)null).SetProperty(d => d.State, state).SetProperty(d => d.NextAttemptAt, next).SetProperty(d => d.LastStatus, sent.Status).SetProperty(d => d.LastError, sent.Error)
                .SetProperty(d => d.LastMilliseconds, sent.Milliseconds).SetProperty(d => d.LastAttemptAt, now),
            CancellationToken.None);
        context.WebhookAttempts.Add(new WebhookAttempt { DeliveryId = deliveryId, At = now, Status = sent.Status, Error = sent.Error, Milliseconds = sent.Milliseconds });
        await context.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
