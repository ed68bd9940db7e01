using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>The tables of this room.</summary>
public static class CampaignTables
{
    extension(AppDbContext context)
    {
        public DbSet<Campaign> Campaigns => context.Set<Campaign>();

        public DbSet<CampaignVersion> CampaignVersions => context.Set<CampaignVersion>();

        public DbSet<CampaignChange> CampaignChanges => context.Set<CampaignChange>();

        public DbSet<CampaignActivity> CampaignActivities => context.Set<CampaignActivity>();

        public DbSet<UsageCounter> UsageCounters => context.Set<UsageCounter>();
    }
}
