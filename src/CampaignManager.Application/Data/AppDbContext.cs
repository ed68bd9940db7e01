using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Data;

/// <summary>The transactional store. It names no room's entities: each room has its tables beside them (<c>XTables</c>), and every configuration is found by scanning.</summary>
public sealed class AppDbContext(DbContextOptions<AppDbContext> options)
    : IdentityDbContext<AppUser, IdentityRole, string>(options)
{
    private readonly HashSet<string> usedBy = [];

    /// <summary>What this context commits changes counters and redemptions only; see <see cref="LocalCommits"/>.</summary>
    public bool OnlyChangesUsage { get; set; }

    /// <summary>Where the context keeps its connection, the statements kept with it; see <see cref="SqlBatch"/>.</summary>
    internal PreparedStatements? Prepared { get; set; }

    /// <summary>The customers whose counters this context changes.</summary>
    public IReadOnlyCollection<string> UsedBy => usedBy;

    /// <summary>Call where a customer's counters are changed; null for nobody's.</summary>
    public void NoteUse(string? customer)
    {
        if (customer is not null)
            usedBy.Add(customer);
    }

    /// <summary>For a context that commits again and again: what it changes next is told by itself.</summary>
    internal void ForgetUse() => usedBy.Clear();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // Named here, so that the model is the same in the host, in tests and for dotnet ef, which know different options of Identity.
        builder.Entity<AppUser>().Property(u => u.PhoneNumber).HasMaxLength(256);
        builder.Entity<IdentityUserLogin<string>>(login =>
        {
            login.Property(l => l.LoginProvider).HasMaxLength(128);
            login.Property(l => l.ProviderKey).HasMaxLength(128);
        });
        builder.Entity<IdentityUserToken<string>>(token =>
        {
            token.Property(t => t.LoginProvider).HasMaxLength(128);
            token.Property(t => t.Name).HasMaxLength(128);
        });
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite forgets the kind of a DateTime: what goes in as UTC must come out as UTC.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
    }
}
