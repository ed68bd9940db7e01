using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>The tables of this room.</summary>
public static class ScheduleTables
{
    extension(AppDbContext context)
    {
        public DbSet<Schedule> Schedules => context.Set<Schedule>();
    }
}
