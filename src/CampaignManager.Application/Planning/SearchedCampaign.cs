using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Planning;

/// <summary>The last search of a campaign: on what it rested, and what it came to where it left nothing to decide on.</summary>
public sealed class SearchedCampaign
{
    public Guid CampaignId { get; init; }

    public int CampaignVersion { get; init; }

    public Guid ModelId { get; init; }

    /// <summary>The customers as they were then (<see cref="Engine.Planning.AudienceSample.Origin"/>).</summary>
    public required string Origin { get; init; }

    public int Candidates { get; init; }

    /// <summary>Suggestions that were written down; 0: nothing is worth changing.</summary>
    public int Offered { get; init; }

    /// <summary>JSON of the most promising move when nothing was worth showing.</summary>
    public string? NearestJson { get; init; }

    public double NearestDelta { get; init; }

    public double DataNeeded { get; init; }

    public DateTime At { get; init; }
}

public sealed class SearchedCampaignConfiguration : IEntityTypeConfiguration<SearchedCampaign>
{
    public void Configure(EntityTypeBuilder<SearchedCampaign> builder)
    {
        builder.ToTable("SearchedCampaigns");
        builder.HasKey(s => s.CampaignId);
        builder.HasOne<Campaigns.Campaign>().WithMany().HasForeignKey(s => s.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(s => s.Origin).HasMaxLength(80);
    }
}
