using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>The tables of this room.</summary>
public static class RedemptionTables
{
    extension(AppDbContext context)
    {
        public DbSet<Redemption> Redemptions => context.Set<Redemption>();

        public DbSet<RedemptionCampaign> RedemptionCampaigns => context.Set<RedemptionCampaign>();

        public DbSet<RedemptionRefund> RedemptionRefunds => context.Set<RedemptionRefund>();
    }
}
