using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// A customer in a running epoch. The row is there before the offer is evaluated for them, once whatever happens at the same time; a job copies it to the lake. The rows of an
/// epoch that has ended go when the lake has them.
/// </summary>
public sealed class Exposure
{
    /// <summary>In the order of their commits as far as the compaction goes.</summary>
    public long Seq { get; init; }

    public long EpochId { get; init; }

    public required string CustomerId { get; init; }

    /// <summary>What the arm was drawn over.</summary>
    public required string AssignmentId { get; init; }

    public int Arm { get; init; }

    public double Propensity { get; init; }

    public double? Risk { get; init; }

    public DateTime AssignedAt { get; init; }
}

public sealed class ExposureConfiguration : IEntityTypeConfiguration<Exposure>
{
    public void Configure(EntityTypeBuilder<Exposure> builder)
    {
        builder.ToTable("Exposures");
        builder.HasKey(e => e.Seq);
        builder.HasOne<ExperimentEpoch>().WithMany().HasForeignKey(e => e.EpochId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(e => e.CustomerId).HasMaxLength(200);
        builder.Property(e => e.AssignmentId).HasMaxLength(200);
        builder.HasIndex(e => new { e.CustomerId, e.EpochId }).IsUnique();
    }
}

/// <summary>How far the lake has the exposures, and what is on its way to it; one row.</summary>
public sealed class ExposureBatch
{
    public const int TheId = 1;

    public int Id { get; init; } = TheId;

    /// <summary>The lake has all up to it.</summary>
    public long Written { get; set; }

    /// <summary>Under which the rows up to <see cref="Upto"/> are written, once; null: none are on their way.</summary>
    public Guid? Batch { get; set; }

    public long Upto { get; set; }

    /// <summary>When the batch was begun, UTC.</summary>
    public DateTime BegunAt { get; set; }
}

public sealed class ExposureBatchConfiguration : IEntityTypeConfiguration<ExposureBatch>
{
    public void Configure(EntityTypeBuilder<ExposureBatch> builder)
    {
        builder.ToTable("ExposureBatches");
        builder.Property(b => b.Id).ValueGeneratedNever();
    }
}

public static class EnrolmentTables
{
    extension(AppDbContext context)
    {
        public DbSet<Exposure> Exposures => context.Set<Exposure>();

        public DbSet<ExposureBatch> ExposureBatches => context.Set<ExposureBatch>();
    }
}
