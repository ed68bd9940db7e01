using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Webhooks;

public sealed record DeliveryRow(
    Guid Id, Guid EventId, string Topic, DeliveryState State, int Attempts, DateTime CreatedAt, DateTime? NextAttemptAt, DateTime? LastAttemptAt, int? LastStatus, string? LastError, int? LastMilliseconds);

public sealed record AttemptRow(DateTime At, int? Status, string? Error, int Milliseconds);

/// <summary>A delivery with its message and every attempt.</summary>
public sealed record DeliveryDetail(DeliveryRow Delivery, string Body, IReadOnlyList<AttemptRow> Attempts);

/// <summary>What was sent to an address and what came of it.</summary>
public sealed class WebhookLog(IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>The newest first.</summary>
    public async Task<Outcome<Paged<DeliveryRow>>> ListAsync(Guid webhookId, DeliveryState? state, PageRequest page, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin manages webhooks.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Webhooks.AnyAsync(w => w.Id == webhookId, cancellationToken))
            return Failure.NotFound("The webhook");
        var deliveries = context.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == webhookId && (state == null || d.State == state));
        var rows = await Rows(context, deliveries.OrderByDescending(d => d.CreatedAt).ThenBy(d => d.Id).Skip(page.Skip).Take(page.Take)).ToListAsync(cancellationToken);
        return new Paged<DeliveryRow>([.. rows.OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id)], await deliveries.CountAsync(cancellationToken));
    }

    public async Task<Outcome<DeliveryDetail>> GetAsync(Guid webhookId, Guid deliveryId, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin manages webhooks.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Rows(context, context.WebhookDeliveries.AsNoTracking().Where(d => d.Id == deliveryId && d.WebhookId == webhookId)).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return Failure.NotFound("The delivery");
        var body = await context.WebhookEvents.Where(e => e.Id == row.EventId).Select(e => e.Body).SingleAsync(cancellationToken);
        var attempts = await context.WebhookAttempts.AsNoTracking().Where(a => a.DeliveryId == deliveryId).OrderByDescending(a => a.Id)
            .Select(a => new AttemptRow(a.At, a.Status, a.Error, a.Milliseconds)).ToListAsync(cancellationToken);
        return new DeliveryDetail(row, body, attempts);
    }

    private static IQueryable<DeliveryRow> Rows(AppDbContext context, IQueryable<WebhookDelivery> deliveries) =>
        from d in deliveries
        join e in context.WebhookEvents on d.EventId equals e.Id
        select new DeliveryRow(
            d.Id, d.EventId, e.Topic, d.State, d.Attempts, d.CreatedAt, d.State == DeliveryState.Pending ? d.NextAttemptAt : null, d.LastAttemptAt, d.LastStatus, d.LastError, d.LastMilliseconds);
}
