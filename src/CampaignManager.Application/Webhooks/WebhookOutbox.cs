using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Webhooks;

/// <summary>Writes what is to be told into the transaction of what happened: neither is there without the other. Sending it is <see cref="WebhookSender"/>'s.</summary>
internal static class WebhookOutbox
{
    /// <summary>Adds the event and a delivery to each address that wants it; saved with the context. Nothing where nobody wants it, or when it has been told.</summary>
    /// <param name="key">Names what happened; told once.</param>
    public static async Task TellAsync(this AppDbContext context, string topic, string key, object data, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var wanted = $" {topic} ";
        var webhooks = await context.Webhooks.Where(w => w.Active && w.Topics.Contains(wanted)).Select(w => w.Id).ToListAsync(cancellationToken);
        if (webhooks.Count == 0 || await context.WebhookEvents.AnyAsync(e => e.Key == key, cancellationToken))
            return;
        context.AddMessage(topic, key, data, at, webhooks);
    }

    /// <summary>Adds an event for the addresses named.</summary>
    /// <returns>The deliveries, in the order of the addresses.</returns>
    public static IReadOnlyList<Guid> AddMessage(this AppDbContext context, string topic, string key, object data, DateTimeOffset at, IReadOnlyList<Guid> webhooks)
    {
        var id = Guid.CreateVersion7(at);
        var body = JsonSerializer.Serialize(new { id, type = topic, at = at.UtcDateTime, data }, RulesJson.Options);
        context.WebhookEvents.Add(new WebhookEvent { Id = id, Topic = topic, Key = key, Body = body, At = at.UtcDateTime });
        var deliveries = webhooks.Select(w => new WebhookDelivery { Id = Guid.CreateVersion7(at), WebhookId = w, EventId = id, NextAttemptAt = at.UtcDateTime, CreatedAt = at.UtcDateTime }).ToList();
        context.WebhookDeliveries.AddRange(deliveries);
        return [.. deliveries.Select(d => d.Id)];
    }
}
