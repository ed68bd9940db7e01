using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>The tables of this room.</summary>
public static class ReplayTables
{
    extension(AppDbContext context)
    {
        public DbSet<CampaignReplay> CampaignReplays => context.Set<CampaignReplay>();
    }
}
