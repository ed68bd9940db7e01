using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs;

/// <summary>The tables of this room.</summary>
public static class JobTables
{
    extension(AppDbContext context)
    {
        public DbSet<JobRun> JobRuns => context.Set<JobRun>();

        public DbSet<JobPart> JobParts => context.Set<JobPart>();

        public DbSet<JobLogLine> JobLogLines => context.Set<JobLogLine>();
    }
}
