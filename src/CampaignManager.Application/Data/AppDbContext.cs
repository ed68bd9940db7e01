using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Behaviour.Imports;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Idempotency;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Suggestions;
using CampaignManager.Application.TestCarts;
using CampaignManager.Application.Uplift;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Data;

/// <summary>The transactional store. Every entity's configuration stands beside the entity and is found by scanning.</summary>
public sealed class AppDbContext(DbContextOptions<AppDbContext> options)
    : IdentityDbContext<AppUser, IdentityRole, string>(options)
{
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Campaign> Campaigns => Set<Campaign>();

    public DbSet<CampaignVersion> CampaignVersions => Set<CampaignVersion>();

    public DbSet<CampaignChange> CampaignChanges => Set<CampaignChange>();

    public DbSet<CampaignActivity> CampaignActivities => Set<CampaignActivity>();

    public DbSet<CartExample> CartExamples => Set<CartExample>();

    public DbSet<IdempotentCall> IdempotentCalls => Set<IdempotentCall>();

    public DbSet<Experiment> Experiments => Set<Experiment>();

    public DbSet<ImportRun> ImportRuns => Set<ImportRun>();

    public DbSet<JobRun> JobRuns => Set<JobRun>();

    public DbSet<Schedule> Schedules => Set<Schedule>();

    public DbSet<JobLogLine> JobLogLines => Set<JobLogLine>();

    public DbSet<CampaignSuggestion> CampaignSuggestions => Set<CampaignSuggestion>();

    public DbSet<ModelVersion> ModelVersions => Set<ModelVersion>();

    public DbSet<ModelPromotion> ModelPromotions => Set<ModelPromotion>();

    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<Segment> Segments => Set<Segment>();

    public DbSet<ShopSettings> ShopSettings => Set<ShopSettings>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite forgets the kind of a DateTime: what goes in as UTC must come out as UTC.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
    }
}
