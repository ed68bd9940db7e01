using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Campaigns;

public enum UsageKind
{
    All = 0,
    Customer = 1,
    Day = 2,
    Code = 3,
}

/// <summary>How often a campaign has been used: in all, by a customer, on a day, by a code. Changed by conditional updates only, in the transaction of the redemption.</summary>
public sealed class UsageCounter
{
    public Guid CampaignId { get; init; }

    public UsageKind Kind { get; init; }

    /// <summary>Customer id, local day or normalised code; empty for all.</summary>
    public required string Key { get; init; }

    public long Used { get; init; }

    /// <summary>Discount of those uses; the budget itself is held on the campaign.</summary>
    public long SpentMinor { get; init; }
}

public sealed class UsageCounterConfiguration : IEntityTypeConfiguration<UsageCounter>
{
    public void Configure(EntityTypeBuilder<UsageCounter> builder)
    {
        builder.ToTable("UsageCounters");
        builder.HasKey(u => new { u.CampaignId, u.Kind, u.Key });
        builder.Property(u => u.Key).HasMaxLength(200);
    }
}
