using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Campaigns.Epochs;

/// <summary>
/// A time in which an experiment's arms, offers and salt stay the same. An edit of the offer or of a share ends it and begins the next with a new salt, so that no customer's
/// outcomes under one offer are counted for another.
/// </summary>
[ToldAs(Campaign.Topic)]
public sealed class ExperimentEpoch
{
    public long Id { get; init; }

    /// <summary>The campaign's id where the experiment is a campaign's.</summary>
    public Guid ExperimentId { get; init; }

    /// <summary>Null: the experiment belongs to no campaign.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }

    /// <summary>The version whose rules were in force at its beginning.</summary>
    public Guid? VersionId { get; init; }

    public required string Salt { get; init; }

    /// <summary>Its arms; see <see cref="EpochArm"/>.</summary>
    public required string ArmsJson { get; init; }

    public DateTime BeganAt { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>Customers are enrolled. Not so where nobody is held out, nor for campaigns from before there were exposures until a manager lets the next epoch begin.</summary>
    public bool Measured { get; init; }

    /// <summary>It ran before there were epochs: its exposures in the lake may be another release's.</summary>
    public bool Adopted { get; init; }

    /// <summary>When all who were in the audience by then had been enrolled; null: not yet.</summary>
    public DateTime? EnrolledAt { get; set; }
}

public sealed class ExperimentEpochConfiguration : IEntityTypeConfiguration<ExperimentEpoch>
{
    public void Configure(EntityTypeBuilder<ExperimentEpoch> builder)
    {
        builder.ToTable("ExperimentEpochs");
        builder.HasOne<Campaign>().WithMany().HasForeignKey(e => e.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(e => e.Salt).HasMaxLength(64);
        builder.HasIndex(e => new { e.ExperimentId, e.Number }).IsUnique();
        // Of an experiment one runs at a time.
        builder.HasIndex(e => e.ExperimentId).IsUnique().HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("IX_ExperimentEpochs_Running");
    }
}

/// <summary>The tables of epochs.</summary>
public static class EpochTables
{
    extension(AppDbContext context)
    {
        public DbSet<ExperimentEpoch> ExperimentEpochs => context.Set<ExperimentEpoch>();

        public DbSet<GlobalHoldout> GlobalHoldouts => context.Set<GlobalHoldout>();
    }
}
