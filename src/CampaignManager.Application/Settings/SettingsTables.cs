using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Settings;

/// <summary>The tables of this room.</summary>
public static class SettingsTables
{
    extension(AppDbContext context)
    {
        public DbSet<ShopSettings> ShopSettings => context.Set<ShopSettings>();
    }
}
