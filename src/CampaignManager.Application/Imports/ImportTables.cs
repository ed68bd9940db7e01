using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Imports;

/// <summary>The tables of this room.</summary>
public static class ImportTables
{
    extension(AppDbContext context)
    {
        public DbSet<ImportRun> ImportRuns => context.Set<ImportRun>();
    }
}
