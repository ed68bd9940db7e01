using CampaignManager.Engine.Audiences;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Audiences;

public enum SegmentKind
{
    Lifecycle,
    Favourite,
    Uplift,

    /// <summary>One that people made (<see cref="SavedAudience"/>).</summary>
    Audience,
}

/// <summary>A segment with its size at the last computation; who is in it is in the lake (<c>segments/current.parquet</c>).</summary>
public sealed class Segment
{
    public required string Key { get; init; }

    public SegmentKind Kind { get; init; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    public long Size { get; set; }

    public DateTime ComputedAt { get; set; }
}

public sealed class SegmentConfiguration : IEntityTypeConfiguration<Segment>
{
    public void Configure(EntityTypeBuilder<Segment> builder)
    {
        builder.ToTable("Segments");
        builder.HasKey(s => s.Key);
        builder.Property(s => s.Key).HasMaxLength(100);
        builder.Property(s => s.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(s => s.NameEn).HasMaxLength(100);
        builder.Property(s => s.NameZh).HasMaxLength(100);
    }
}
