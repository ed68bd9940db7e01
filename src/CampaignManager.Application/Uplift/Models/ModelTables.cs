using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>The tables of this room.</summary>
public static class ModelTables
{
    extension(AppDbContext context)
    {
        public DbSet<ModelVersion> ModelVersions => context.Set<ModelVersion>();

        public DbSet<ModelPromotion> ModelPromotions => context.Set<ModelPromotion>();
    }
}
