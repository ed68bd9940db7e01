using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>The tables of this room.</summary>
public static class ImportTemplateTables
{
    extension(AppDbContext context)
    {
        public DbSet<ImportTemplate> ImportTemplates => context.Set<ImportTemplate>();
    }
}
