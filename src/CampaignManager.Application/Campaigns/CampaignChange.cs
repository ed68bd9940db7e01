using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Campaigns;

public enum CampaignChangeKind
{
    Extend,
    TopUp,
}

public enum CampaignChangeState
{
    Pending,
    Approved,
    Rejected,

    /// <summary>The campaign ended before anybody decided.</summary>
    Withdrawn,
}

/// <summary>A wish to extend or top up a running campaign; it takes effect when a manager approves it.</summary>
public sealed class CampaignChange
{
    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    public CampaignChangeKind Kind { get; init; }

    /// <summary>The new last local day, for <see cref="CampaignChangeKind.Extend"/>.</summary>
    public DateOnly? NewEnd { get; init; }

    /// <summary>The time of that day at which it ends; null: after the whole day.</summary>
    public TimeOnly? NewEndTime { get; init; }

    /// <summary>The new budget in all, for <see cref="CampaignChangeKind.TopUp"/>.</summary>
    public long? NewBudgetMinor { get; init; }

    public CampaignChangeState State { get; set; }

    public required string RequestedById { get; init; }

    public required string RequestedByName { get; init; }

    public DateTime RequestedAt { get; init; }

    public string? DecidedById { get; set; }

    public string? DecidedByName { get; set; }

    public DateTime? DecidedAt { get; set; }

    public string? Comment { get; set; }
}

public sealed class CampaignChangeConfiguration : IEntityTypeConfiguration<CampaignChange>
{
    public void Configure(EntityTypeBuilder<CampaignChange> builder)
    {
        builder.ToTable("CampaignChanges");
        builder.HasOne<Campaign>().WithMany().HasForeignKey(c => c.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(c => c.Kind).HasConversion<string>().HasMaxLength(12);
        builder.Property(c => c.State).HasConversion<string>().HasMaxLength(12);
        builder.Property(c => c.Comment).HasMaxLength(1000);
        builder.HasIndex(c => new { c.CampaignId, c.Kind }).IsUnique().HasFilter("\"State\" = 'Pending'");
        builder.HasIndex(c => c.State);
    }
}
