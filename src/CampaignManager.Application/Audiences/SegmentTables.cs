using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>The tables of this room.</summary>
public static class SegmentTables
{
    extension(AppDbContext context)
    {
        public DbSet<Segment> Segments => context.Set<Segment>();

        public DbSet<SavedAudience> Audiences => context.Set<SavedAudience>();

        public DbSet<SegmentSize> SegmentSizes => context.Set<SegmentSize>();
    }
}
