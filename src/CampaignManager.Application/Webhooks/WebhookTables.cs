using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Webhooks;

/// <summary>The tables of this room.</summary>
public static class WebhookTables
{
    extension(AppDbContext context)
    {
        public DbSet<Webhook> Webhooks => context.Set<Webhook>();

        public DbSet<WebhookEvent> WebhookEvents => context.Set<WebhookEvent>();

        public DbSet<WebhookDelivery> WebhookDeliveries => context.Set<WebhookDelivery>();

        public DbSet<WebhookAttempt> WebhookAttempts => context.Set<WebhookAttempt>();
    }
}
