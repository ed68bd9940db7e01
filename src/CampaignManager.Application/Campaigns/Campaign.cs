using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Campaigns;

public enum CampaignStatus
{
    Draft,
    InReview,
    Approved,
    Live,
    Paused,
    Ended,
    Archived,
}

/// <summary>Where a campaign is from.</summary>
public enum CampaignOrigin
{
    /// <summary>Made here.</summary>
    App,

    /// <summary>It ran before the shop came here; its import brought it and takes it back.</summary>
    Imported,
}

/// <summary>
/// A campaign: its life and what lists filter and sort by. What it does is in the rules of its current version, kept as JSON
/// (<see cref="Engine.Offers.RulesJson"/>); the columns repeated here are derived from them at every save.
/// </summary>
[ToldAs(Topic)]
public sealed class Campaign
{
    /// <summary>News that some campaign, its versions or codes have changed.</summary>
    public const string Topic = "campaigns";

    public Guid Id { get; init; }

    public required string Name { get; set; }

    public string? Note { get; set; }

    /// <summary>Space-separated, lower case.</summary>
    public string Tags { get; set; } = "";

    public CampaignStatus Status { get; set; }

    public CampaignOrigin Origin { get; init; }

    /// <summary>Goes up with every save and is the concurrency token. The rules in force are those of the newest <see cref="CampaignVersion"/> up to it.</summary>
    public int Version { get; set; } = 1;

    public required string RulesJson { get; set; }

    public required string OfferType { get; set; }

    public required string Currency { get; set; }

    public long? BudgetMinor { get; set; }

    public long DiscountSpentMinor { get; set; }

    /// <summary>UTC, half-open, made from the rules' local days in their zone.</summary>
    public DateTime? StartsAt { get; set; }

    public DateTime? EndsAt { get; set; }

    /// <summary>Space-separated segment keys of the audience, with a space at both ends, for filtering.</summary>
    public string SegmentKeys { get; set; } = " ";

    public required string OwnerId { get; set; }

    public required string OwnerName { get; set; }

    /// <summary>Who last changed what it does: may not approve it either.</summary>
    public string? LastEditedById { get; set; }

    public string? SubmittedById { get; set; }

    public string? ApprovedById { get; set; }

    /// <summary>Why it came back to draft; cleared when it is submitted again.</summary>
    public string? RejectionComment { get; set; }

    /// <summary>Salt of the campaign's own holdout assignment; frozen at launch.</summary>
    public required string HoldoutSalt { get; set; }

    /// <summary>Share in the control arm, 0..1, frozen at launch; null before.</summary>
    public double? LaunchedHoldoutShare { get; set; }

    public DateTime? LaunchedAt { get; set; }

    /// <summary>What is typed in the editor, as typed, while it is not all valid; null when the rules say it all. Such a draft cannot be submitted.</summary>
    public string? EditorJson { get; set; }

    /// <summary>The editor's step at which it was left.</summary>
    public string? EditorStep { get; set; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; set; }
}

public sealed class CampaignConfiguration : IEntityTypeConfiguration<Campaign>
{
    public void Configure(EntityTypeBuilder<Campaign> builder)
    {
        builder.ToTable("Campaigns");
        builder.Property(c => c.Name).HasMaxLength(200);
        builder.Property(c => c.Tags).HasMaxLength(300);
        builder.Property(c => c.Note).HasMaxLength(2000);
        builder.Property(c => c.Status).HasConversion<string>().HasMaxLength(12);
        builder.Property(c => c.Origin).HasConversion<string>().HasMaxLength(10).HasDefaultValue(CampaignOrigin.App);
        builder.Property(c => c.OfferType).HasMaxLength(30);
        builder.Property(c => c.Currency).HasMaxLength(3);
        builder.Property(c => c.RejectionComment).HasMaxLength(1000);
        builder.Property(c => c.HoldoutSalt).HasMaxLength(64);
        builder.Property(c => c.EditorStep).HasMaxLength(20);
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.HasIndex(c => new { c.Status, c.UpdatedAt });
        builder.HasIndex(c => c.UpdatedAt);
        builder.HasIndex(c => c.OwnerId);
    }
}

/// <summary>Rules as they were at one version; what priced an order stays readable.</summary>
[ToldAs(Campaign.Topic)]
public sealed class CampaignVersion
{
    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    public int Number { get; init; }

    public required string RulesJson { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Why it was made, for example the suggestion applied.</summary>
    public string? Reason { get; init; }

    /// <summary>The sitting at the editor in which it was saved by itself; of one sitting only the last version is listed. Null: saved on purpose.</summary>
    public Guid? Sitting { get; init; }

    public DateTime CreatedAt { get; init; }
}

public sealed class CampaignVersionConfiguration : IEntityTypeConfiguration<CampaignVersion>
{
    public void Configure(EntityTypeBuilder<CampaignVersion> builder)
    {
        builder.ToTable("CampaignVersions");
        builder.HasOne<Campaign>().WithMany().HasForeignKey(v => v.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(v => new { v.CampaignId, v.Number }).IsUnique();
    }
}

/// <summary>One line of a campaign's activity log.</summary>
[ToldAs(Campaign.Topic)]
public sealed class CampaignActivity
{
    public long Id { get; init; }

    public Guid CampaignId { get; init; }

    public DateTime At { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Kebab-case, names the text resource: <c>created</c>, <c>submitted</c>, <c>suggestion-applied</c> ...</summary>
    public required string Code { get; init; }

    /// <summary>Figures or a person's comment.</summary>
    public string? Detail { get; init; }
}

public sealed class CampaignActivityConfiguration : IEntityTypeConfiguration<CampaignActivity>
{
    public void Configure(EntityTypeBuilder<CampaignActivity> builder)
    {
        builder.ToTable("CampaignActivities");
        builder.HasOne<Campaign>().WithMany().HasForeignKey(a => a.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(a => new { a.CampaignId, a.At });
        builder.Property(a => a.Code).HasMaxLength(60);
    }
}
