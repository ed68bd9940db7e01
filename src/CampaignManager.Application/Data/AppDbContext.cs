using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Idempotency;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Settings;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Webhooks;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Data;

/// <summary>The transactional store. Every entity's configuration stands beside the entity and is found by scanning.</summary>
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

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Campaign> Campaigns => Set<Campaign>();

    public DbSet<CampaignVersion> CampaignVersions => Set<CampaignVersion>();

    public DbSet<CampaignChange> CampaignChanges => Set<CampaignChange>();

    public DbSet<CampaignActivity> CampaignActivities => Set<CampaignActivity>();

    public DbSet<CampaignReplay> CampaignReplays => Set<CampaignReplay>();

    public DbSet<CartExample> CartExamples => Set<CartExample>();

    public DbSet<CodeBatch> CodeBatches => Set<CodeBatch>();

    public DbSet<IdempotentCall> IdempotentCalls => Set<IdempotentCall>();

    public DbSet<DataSet> Experiments => Set<DataSet>();

    public DbSet<IssuedCode> IssuedCodes => Set<IssuedCode>();

    public DbSet<ImportRun> ImportRuns => Set<ImportRun>();

    public DbSet<JobRun> JobRuns => Set<JobRun>();

    public DbSet<JobPart> JobParts => Set<JobPart>();

    public DbSet<Schedule> Schedules => Set<Schedule>();

    public DbSet<JobLogLine> JobLogLines => Set<JobLogLine>();

    public DbSet<CampaignSuggestion> CampaignSuggestions => Set<CampaignSuggestion>();

    public DbSet<ModelVersion> ModelVersions => Set<ModelVersion>();

    public DbSet<ModelPromotion> ModelPromotions => Set<ModelPromotion>();

    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<Redemption> Redemptions => Set<Redemption>();

    public DbSet<RedemptionCampaign> RedemptionCampaigns => Set<RedemptionCampaign>();

    public DbSet<RedemptionRefund> RedemptionRefunds => Set<RedemptionRefund>();

    public DbSet<Segment> Segments => Set<Segment>();

    public DbSet<ShopSettings> ShopSettings => Set<ShopSettings>();

    public DbSet<UsageCounter> UsageCounters => Set<UsageCounter>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookEvent> WebhookEvents => Set<WebhookEvent>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<WebhookAttempt> WebhookAttempts => Set<WebhookAttempt>();

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
