using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Offers;

public enum RedemptionState
{
    Reserved,
    Confirmed,
    PartlyRefunded,
    Refunded,
    Cancelled,
    Expired,
}

/// <summary>An order's claim on campaigns: what they took off, and the inputs and the answer that say why.</summary>
public sealed class Redemption
{
    public Guid Id { get; init; }

    public required string OrderId { get; init; }

    /// <summary>The order while the redemption lives; null once it is cancelled or has expired. Unique: one order has one live redemption.</summary>
    public string? LiveOrderId { get; set; }

    /// <summary>Made with a sandbox key: it has no part in limits and budgets.</summary>
    public bool Sandbox { get; init; }

    public RedemptionState State { get; set; }

    public required string Currency { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>What the customer pays, shipping included.</summary>
    public long TotalMinor { get; init; }

    /// <summary>Off goods and shipping.</summary>
    public long DiscountMinor { get; init; }

    /// <summary>Paid back so far.</summary>
    public long RefundedMinor { get; set; }

    /// <summary>The moment it was priced at.</summary>
    public DateTime PricedAt { get; init; }

    /// <summary>Cart, usage and settings: with the campaigns' versions all that the price follows from.</summary>
    public required string InputsJson { get; init; }

    public required string QuoteJson { get; init; }

    /// <summary>By which rules of pricing (<see cref="PromotionEngine.PricingVersion"/>).</summary>
    public int PricingVersion { get; init; } = PromotionEngine.PricingVersion;

    /// <summary>Caller, Idempotency-Key and a hash of the request: the same call after a crash finds what it made.</summary>
    public string? CallKey { get; init; }

    public DateTime ReservedAt { get; init; }

    public DateTime ExpiresAt { get; set; }

    public DateTime? ConfirmedAt { get; set; }

    /// <summary>Cancelled, expired or fully refunded.</summary>
    public DateTime? ClosedAt { get; set; }
}

public sealed class RedemptionConfiguration : IEntityTypeConfiguration<Redemption>
{
    public void Configure(EntityTypeBuilder<Redemption> builder)
    {
        builder.ToTable("Redemptions");
        builder.Property(r => r.OrderId).HasMaxLength(200);
        builder.Property(r => r.LiveOrderId).HasMaxLength(200);
        builder.Property(r => r.CustomerId).HasMaxLength(200);
        builder.Property(r => r.Currency).HasMaxLength(3);
        builder.Property(r => r.CallKey).HasMaxLength(400);
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(r => new { r.Sandbox, r.LiveOrderId }).IsUnique();
        builder.HasIndex(r => r.OrderId);
        builder.HasIndex(r => new { r.CustomerId, r.ReservedAt });
        builder.HasIndex(r => new { r.State, r.ExpiresAt });
    }
}

/// <summary>One campaign's part in a redemption, with the version of its rules that priced it and the counters it holds.</summary>
public sealed class RedemptionCampaign
{
    public long Id { get; init; }

    public Guid RedemptionId { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>The frozen rules.</summary>
    public Guid CampaignVersionId { get; init; }

    /// <summary>Off goods and shipping.</summary>
    public long AmountMinor { get; init; }

    /// <summary>Whose uses it counts among; null when the campaign does not count by customer.</summary>
    public string? CustomerKey { get; init; }

    /// <summary>The campaign's local day it counts on; null when the campaign does not count by day.</summary>
    public string? DayKey { get; init; }

    /// <summary>The code that set it off, normalised.</summary>
    public string? CodeKey { get; init; }

    /// <summary>A cancelled order gives its use back.</summary>
    public bool Reusable { get; init; }

    /// <summary>It is among the counters now.</summary>
    public bool Counts { get; set; }
}

public sealed class RedemptionCampaignConfiguration : IEntityTypeConfiguration<RedemptionCampaign>
{
    public void Configure(EntityTypeBuilder<RedemptionCampaign> builder)
    {
        builder.ToTable("RedemptionCampaigns");
        builder.HasOne<Redemption>().WithMany().HasForeignKey(c => c.RedemptionId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(c => c.CustomerKey).HasMaxLength(200);
        builder.Property(c => c.DayKey).HasMaxLength(10);
        builder.Property(c => c.CodeKey).HasMaxLength(200);
        builder.HasIndex(c => c.RedemptionId);
        builder.HasIndex(c => new { c.CampaignId, c.Counts });
    }
}

/// <summary>Goods that came back, and what was paid back for them.</summary>
public sealed class RedemptionRefund
{
    public Guid Id { get; init; }

    public Guid RedemptionId { get; init; }

    public DateTime At { get; init; }

    public long AmountMinor { get; init; }

    /// <summary>What came back and what was paid for it.</summary>
    public required string DetailJson { get; init; }

    /// <summary>As on the redemption: the same call after a crash pays nothing twice.</summary>
    public string? CallKey { get; init; }
}

public sealed class RedemptionRefundConfiguration : IEntityTypeConfiguration<RedemptionRefund>
{
    public void Configure(EntityTypeBuilder<RedemptionRefund> builder)
    {
        builder.ToTable("RedemptionRefunds");
        builder.HasOne<Redemption>().WithMany().HasForeignKey(r => r.RedemptionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(r => r.RedemptionId);
        builder.Property(r => r.CallKey).HasMaxLength(400);
    }
}
