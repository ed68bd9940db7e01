using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Accounts;

/// <summary>What is written down for admins to look up.</summary>
public enum AuditAction { SegmentListed, ScoresListed, SampleShown, ExposuresListed, CustomersListed, RightGranted, RightTaken, PersonErased }

/// <summary>Who did what, when and why. Rows are added and never changed.</summary>
public sealed class AuditEntry
{
    public Guid Id { get; init; }

    public DateTime At { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public AuditAction Action { get; init; }

    /// <summary>A segment's key, a model's or an account's id; never an id of a customer.</summary>
    public required string Subject { get; init; }

    /// <summary>As the person gave it; null where a key gave none.</summary>
    public string? Reason { get; init; }
}

public sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("AuditEntries");
        builder.Property(e => e.ActorId).HasMaxLength(100);
        builder.Property(e => e.ActorName).HasMaxLength(100);
        builder.Property(e => e.Action).HasConversion<string>().HasMaxLength(30);
        builder.Property(e => e.Subject).HasMaxLength(300);
        builder.Property(e => e.Reason).HasMaxLength(AuditLog.LongestReason);
        builder.HasIndex(e => new { e.At, e.Id });
    }
}
