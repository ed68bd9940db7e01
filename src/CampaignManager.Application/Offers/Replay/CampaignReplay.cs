using CampaignManager.Application.Campaigns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>What a campaign's rules at one version would have done to the orders of so many days; the newest run replaces an older one of the same version and days.</summary>
public sealed class CampaignReplay
{
    /// <summary>The run that made it.</summary>
    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>The campaign's version when it was asked for.</summary>
    public int CampaignVersion { get; init; }

    public int Days { get; init; }

    /// <summary>The rules that were replayed: stale when the campaign's are others.</summary>
    public required string RulesJson { get; init; }

    /// <summary>JSON of <see cref="ReplayResult"/>.</summary>
    public required string ResultJson { get; init; }

    public DateTime RequestedAt { get; init; }
}

public sealed class CampaignReplayConfiguration : IEntityTypeConfiguration<CampaignReplay>
{
    public void Configure(EntityTypeBuilder<CampaignReplay> builder)
    {
        builder.HasOne<Campaign>().WithMany().HasForeignKey(r => r.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(r => new { r.CampaignId, r.Days, r.CampaignVersion }).IsUnique();
    }
}
