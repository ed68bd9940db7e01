using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Accounts;

/// <summary>A key for scripts and the shop. Only its hash is kept; the prefix lets people recognise it.</summary>
public sealed class ApiKey
{
    public Guid Id { get; init; }

    public required string Name { get; set; }

    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key, hex. The key has 256 random bits, so a slow hash would add nothing.</summary>
    public required string Hash { get; init; }

    /// <summary>Space-separated scopes.</summary>
    public required string Scopes { get; set; }

    public bool Sandbox { get; init; }

    /// <summary>The key itself, where it is publishable: it stands in pages anyway, and people copy it from here.</summary>
    public string? Publishable { get; init; }

    /// <summary>Of a publishable key the pages that may use it, separated by spaces.</summary>
    public string? Origins { get; init; }

    /// <summary>Of a publishable key the calls of all browsers in a minute.</summary>
    public int? CallsPerMinute { get; init; }

    /// <summary>Of a publishable key which secret signs tokens.</summary>
    public int TokenVersion { get; set; } = 1;

    internal IngestKey? Ingest => Publishable is null ? null : new(Origins!.Split(' '), CallsPerMinute ?? IngestKey.UsualCalls, TokenVersion);

    public string? CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? LastUsedAt { get; set; }

    public DateTime? RevokedAt { get; set; }
}

public sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("ApiKeys");
        builder.HasIndex(k => k.Hash).IsUnique();
        builder.Property(k => k.Name).HasMaxLength(100);
        builder.Property(k => k.Prefix).HasMaxLength(20);
        builder.Property(k => k.Hash).HasMaxLength(64);
        builder.Property(k => k.Scopes).HasMaxLength(200);
        builder.Property(k => k.Publishable).HasMaxLength(100);
        builder.Property(k => k.Origins).HasMaxLength(6_000);
        builder.Property(k => k.TokenVersion).HasDefaultValue(1);
    }
}
