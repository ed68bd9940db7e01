using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Notifications;

/// <summary>The tables of this room.</summary>
public static class NotificationTables
{
    extension(AppDbContext context)
    {
        public DbSet<Notification> Notifications => context.Set<Notification>();
    }
}
