using CampaignManager.Application.Campaigns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>A cart kept with the price that a person expects of it: priced again whenever its campaign is opened or changed.</summary>
public sealed class CartExample
{
    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    public required string Name { get; init; }

    /// <summary>JSON of <see cref="TestCart"/>, with the moment it is priced at.</summary>
    public required string CartJson { get; init; }

    /// <summary>JSON of <see cref="ExamplePrice"/>.</summary>
    public required string ExpectedJson { get; set; }

    /// <summary>Who last said that this price is right.</summary>
    public required string AcceptedByName { get; set; }

    public DateTime AcceptedAt { get; set; }

    public DateTime CreatedAt { get; init; }

    /// <summary>Goes up when another price is accepted; the concurrency token.</summary>
    public int Version { get; set; } = 1;
}

public sealed class CartExampleConfiguration : IEntityTypeConfiguration<CartExample>
{
    public void Configure(EntityTypeBuilder<CartExample> builder)
    {
        builder.HasOne<Campaign>().WithMany().HasForeignKey(e => e.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(e => e.Name).HasMaxLength(CartExampleService.LongestName);
        builder.Property(e => e.AcceptedByName).HasMaxLength(256);
        builder.Property(e => e.Version).IsConcurrencyToken();
        builder.HasIndex(e => new { e.CampaignId, e.Name }).IsUnique();
    }
}
