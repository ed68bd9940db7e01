using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns.Codes;

/// <summary>The tables of this room.</summary>
public static class CodeTables
{
    extension(AppDbContext context)
    {
        public DbSet<CodeBatch> CodeBatches => context.Set<CodeBatch>();

        public DbSet<IssuedCode> IssuedCodes => context.Set<IssuedCode>();
    }
}
