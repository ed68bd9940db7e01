using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Idempotency;

/// <summary>A changing API call that carried an <c>Idempotency-Key</c>: claimed before it runs, answered from here when it comes again.</summary>
public sealed class IdempotentCall
{
    public long Id { get; init; }

    /// <summary>The API key's id: one shop's keys do not meet another's.</summary>
    public required string Caller { get; init; }

    public required string Key { get; init; }

    /// <summary>Method and path with its query.</summary>
    public required string Route { get; init; }

    public required string BodyHash { get; init; }

    public DateTime StartedAt { get; set; }

    /// <summary>When its process last said that it is at work on it.</summary>
    public DateTime RenewedAt { get; set; }

    /// <summary>Null while the first call is still running.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public string? ETag { get; set; }

    public byte[]? Body { get; set; }
}

public sealed class IdempotentCallConfiguration : IEntityTypeConfiguration<IdempotentCall>
{
    public void Configure(EntityTypeBuilder<IdempotentCall> builder)
    {
        builder.ToTable("IdempotentCalls");
        builder.HasIndex(c => new { c.Caller, c.Key, c.Route }).IsUnique();
        builder.HasIndex(c => c.StartedAt);
        builder.Property(c => c.Caller).HasMaxLength(60);
        builder.Property(c => c.Key).HasMaxLength(200);
        builder.Property(c => c.Route).HasMaxLength(500);
        builder.Property(c => c.BodyHash).HasMaxLength(64);
        builder.Property(c => c.ContentType).HasMaxLength(200);
        builder.Property(c => c.Location).HasMaxLength(500);
        builder.Property(c => c.ETag).HasMaxLength(100);
    }
}
