using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Planning;

public enum SuggestionState
{
    Open,
    Applied,
    Undone,
    Dismissed,
    Tested,
}

/// <summary>A suggested change of one version of a campaign, with its evidence; kept after it was applied or dismissed, to be scored later.</summary>
public sealed class CampaignSuggestion
{
    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>The version it was made for.</summary>
    public int CampaignVersion { get; init; }

    public Guid ModelId { get; init; }

    public MoveKind Kind { get; init; }

    /// <summary>JSON of the move (<see cref="CampaignMove"/>) with the rules after it.</summary>
    public required string MoveJson { get; init; }

    public required string BeforeJson { get; init; }

    /// <summary>Change of net profit, major units of the campaign's currency, with an interval that allows for the selection.</summary>
    public double Delta { get; set; }

    public double Low { get; set; }

    public double High { get; set; }

    public double ProbabilityPositive { get; set; }

    public int Customers { get; set; }

    /// <summary>Change of the discounts to be paid.</summary>
    public double DiscountChange { get; set; }

    /// <summary>JSON of <see cref="SuggestionEvidence"/>.</summary>
    public required string EvidenceJson { get; init; }

    public SuggestionState State { get; set; }

    public string? DismissReason { get; set; }

    /// <summary>The version that applying made, to which undoing must answer.</summary>
    public int? AppliedVersion { get; set; }

    public string? DecidedByName { get; set; }

    public DateTime? DecidedAt { get; set; }

    public DateTime CreatedAt { get; init; }
}

public sealed class CampaignSuggestionConfiguration : IEntityTypeConfiguration<CampaignSuggestion>
{
    public void Configure(EntityTypeBuilder<CampaignSuggestion> builder)
    {
        builder.ToTable("CampaignSuggestions");
        builder.HasOne<Campaigns.Campaign>().WithMany().HasForeignKey(s => s.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(s => s.State).HasConversion<string>().HasMaxLength(12);
        builder.Property(s => s.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(s => s.DismissReason).HasMaxLength(500);
        builder.HasIndex(s => new { s.State, s.Delta });
        builder.HasIndex(s => new { s.CampaignId, s.CampaignVersion, s.ModelId });
    }
}

/// <summary>What a suggestion rests on.</summary>
/// <param name="Exposures">Past exposures learnt from, of the segment where the move is for one.</param>
/// <param name="Campaigns">Past campaigns.</param>
/// <param name="Extrapolated">The offer after the move lies outside those tried.</param>
/// <param name="OverBudget">The discounts expected after the move exceed the campaign's budget.</param>
/// <param name="Candidates">Moves that were compared.</param>
public sealed record SuggestionEvidence(long Exposures, int Campaigns, bool Extrapolated, bool OverBudget, int Candidates)
{
    /// <summary>Customers of the running campaign whose measured outcomes went in; null for a draft, and where too few were
    /// measured.</summary>
    public long? Measured { get; init; }

    /// <summary>Their first so many days.</summary>
    public int? MeasuredDays { get; init; }
}
