using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>The tables of this room.</summary>
public static class QualityTables
{
    extension(AppDbContext context)
    {
        public DbSet<QualityReport> QualityReports => context.Set<QualityReport>();

        public DbSet<QualityState> QualityStates => context.Set<QualityState>();

        public DbSet<DataSettings> DataSettings => context.Set<DataSettings>();
    }
}
