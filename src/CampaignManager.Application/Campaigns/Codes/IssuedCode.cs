using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Campaigns.Codes;

/// <summary>Codes made together.</summary>
[ToldAs(Campaign.Topic)]
public sealed class CodeBatch
{
    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    public string? Name { get; init; }

    public int Count { get; init; }

    /// <summary>How often each of its codes may be used; null: as the campaign's limits say.</summary>
    public int? UsesPerCode { get; init; }

    /// <summary>The one customer who may use its codes; null: anybody.</summary>
    public string? CustomerId { get; init; }

    public required string CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>The whole batch is out of use, whatever its codes say of themselves: taking that back brings them back as they were.</summary>
    public DateTime? RevokedAt { get; set; }
}

public sealed class CodeBatchConfiguration : IEntityTypeConfiguration<CodeBatch>
{
    public void Configure(EntityTypeBuilder<CodeBatch> builder)
    {
        builder.ToTable("CodeBatches");
        builder.HasOne<Campaign>().WithMany().HasForeignKey(b => b.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(b => b.Name).HasMaxLength(100);
        builder.Property(b => b.CustomerId).HasMaxLength(200);
        builder.HasIndex(b => b.CampaignId);
        builder.HasIndex(b => b.CustomerId).HasFilter("\"CustomerId\" IS NOT NULL");
    }
}

/// <summary>A coupon code of a batch. How often it was used is in <see cref="UsageCounter"/>.</summary>
public sealed class IssuedCode
{
    public long Id { get; init; }

    public Guid BatchId { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>As it is handed out.</summary>
    public required string Code { get; init; }

    /// <summary>As it is compared.</summary>
    public required string Normalised { get; init; }

    /// <summary>How often it may be used; null: as the campaign's limits say.</summary>
    public int? MaxUses { get; init; }

    public DateTime? RevokedAt { get; set; }

    /// <summary>By which rules <see cref="Normalised"/> was made.</summary>
    public CodeForm Form { get; init; }
}

public enum CodeForm
{
    /// <summary>Those of today.</summary>
    Present,

    /// <summary>Those of an earlier release: to be made anew.</summary>
    Old,

    /// <summary>Those of an earlier release, for good: the campaign has another code that would be the same today.</summary>
    Kept,
}

public sealed class IssuedCodeConfiguration : IEntityTypeConfiguration<IssuedCode>
{
    public void Configure(EntityTypeBuilder<IssuedCode> builder)
    {
        builder.ToTable("IssuedCodes");
        builder.HasOne<CodeBatch>().WithMany().HasForeignKey(c => c.BatchId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(c => c.Code).HasMaxLength(64);
        builder.Property(c => c.Normalised).HasMaxLength(200);
        builder.HasIndex(c => new { c.CampaignId, c.Normalised }).IsUnique();
        builder.HasIndex(c => c.Normalised);
        builder.HasIndex(c => c.Form).HasFilter("\"Form\" = 1");
    }
}
