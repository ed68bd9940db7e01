using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Audiences;

/// <summary>An audience that people made: who is meant. Its members lie among the segments under its key.</summary>
[ToldAs(Topic)]
public sealed class SavedAudience
{
    public const string Topic = "audiences";

    public const int LongestName = 100;

    public const int LongestDescription = 1000;

    /// <summary><c>audience:slug</c>; never changes, since campaigns name it.</summary>
    public required string Key { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public required string PredicateJson { get; set; }

    public int Version { get; set; } = 1;

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; set; }

    public string? UpdatedById { get; set; }
}

/// <summary>How many were in a segment, a row a day: the last computation of a day says it.</summary>
public sealed class SegmentSize
{
    public required string Key { get; init; }

    /// <summary>UTC.</summary>
    public DateOnly Day { get; init; }

    public long Size { get; set; }

    /// <summary>As of when, UTC.</summary>
    public DateTime AsOf { get; set; }
}

public sealed class SavedAudienceConfiguration : IEntityTypeConfiguration<SavedAudience>
{
    public void Configure(EntityTypeBuilder<SavedAudience> builder)
    {
        builder.ToTable("Audiences");
        builder.HasKey(a => a.Key);
        builder.Property(a => a.Key).HasMaxLength(100);
        builder.Property(a => a.Name).HasMaxLength(SavedAudience.LongestName);
        builder.Property(a => a.Description).HasMaxLength(SavedAudience.LongestDescription);
        builder.Property(a => a.Version).IsConcurrencyToken();
        builder.Property(a => a.UpdatedById).HasMaxLength(450);
    }
}

public sealed class SegmentSizeConfiguration : IEntityTypeConfiguration<SegmentSize>
{
    public void Configure(EntityTypeBuilder<SegmentSize> builder)
    {
        builder.ToTable("SegmentSizes");
        builder.HasKey(s => new { s.Key, s.Day });
        builder.Property(s => s.Key).HasMaxLength(100);
    }
}
