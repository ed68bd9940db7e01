using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Accounts;

/// <summary>The tables of this room.</summary>
public static class AccountTables
{
    extension(AppDbContext context)
    {
        public DbSet<ApiKey> ApiKeys => context.Set<ApiKey>();

        public DbSet<AuditEntry> AuditEntries => context.Set<AuditEntry>();

        public DbSet<SignInSession> SignInSessions => context.Set<SignInSession>();
    }
}
