using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>A trained model in the registry; its files are in the folder of its id. The id is that of the run that made it.</summary>
public sealed class ModelVersion
{
    public const string ShopScope = "shop";

    public Guid Id { get; init; }

    /// <summary>Counts up within the scope, from 1.</summary>
    public int Number { get; init; }

    /// <summary><c>shop</c> or <c>experiment:&lt;id&gt;</c>.</summary>
    public required string Scope { get; init; }

    public Guid? ExperimentId { get; init; }

    /// <summary>Name of the data it learnt from.</summary>
    public required string Source { get; init; }

    public required string Outcome { get; init; }

    public required string OutcomeKind { get; init; }

    public required string Learner { get; init; }

    public int Seed { get; init; }

    public int Rows { get; init; }

    public required string DataHash { get; init; }

    public DateTime? DataFrom { get; init; }

    public DateTime? DataTo { get; init; }

    /// <summary>JSON of <see cref="ModelMetrics"/> of the first treated arm.</summary>
    public required string Metrics { get; init; }

    public DateTime CreatedAt { get; init; }

    public double DurationSeconds { get; init; }

    public string? CreatedByName { get; init; }

    public static string ScopeOf(Guid? experimentId) => experimentId is { } id ? $"experiment:{id:N}" : ShopScope;
}

public sealed class ModelVersionConfiguration : IEntityTypeConfiguration<ModelVersion>
{
    public void Configure(EntityTypeBuilder<ModelVersion> builder)
    {
        builder.Property(m => m.Scope).HasMaxLength(60);
        builder.Property(m => m.Source).HasMaxLength(200);
        builder.Property(m => m.Outcome).HasMaxLength(100);
        builder.Property(m => m.OutcomeKind).HasMaxLength(10);
        builder.Property(m => m.Learner).HasMaxLength(20);
        builder.Property(m => m.DataHash).HasMaxLength(64);
        builder.HasIndex(m => new { m.Scope, m.Number }).IsUnique();
        builder.HasIndex(m => m.CreatedAt);
    }
}

/// <summary>Which version is in use: the newest line of a scope that was not taken back.</summary>
public sealed class ModelPromotion
{
    public long Id { get; init; }

    public required string Scope { get; init; }

    public Guid ModelVersionId { get; init; }

    public DateTime At { get; init; }

    public string? ByName { get; init; }

    /// <summary>Set by a rollback.</summary>
    public DateTime? TakenBackAt { get; set; }
}

public sealed class ModelPromotionConfiguration : IEntityTypeConfiguration<ModelPromotion>
{
    public void Configure(EntityTypeBuilder<ModelPromotion> builder)
    {
        builder.Property(p => p.Scope).HasMaxLength(60);
        builder.HasIndex(p => new { p.Scope, p.Id });
        builder.HasOne<ModelVersion>().WithMany().HasForeignKey(p => p.ModelVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}
