using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Idempotency;

/// <summary>The tables of this room.</summary>
public static class IdempotencyTables
{
    extension(AppDbContext context)
    {
        public DbSet<IdempotentCall> IdempotentCalls => context.Set<IdempotentCall>();
    }
}
