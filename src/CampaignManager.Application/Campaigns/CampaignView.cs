using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Campaigns;

/// <summary>One campaign as it stands.</summary>
public sealed record CampaignView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Note { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required CampaignStatus Status { get; init; }

    public CampaignOrigin Origin { get; init; }

    public required int Version { get; init; }

    public required CampaignRules Rules { get; init; }

    public long? BudgetMinor { get; init; }

    public long DiscountSpentMinor { get; init; }

    public DateTime? StartsAt { get; init; }

    public DateTime? EndsAt { get; init; }

    public required string OwnerName { get; init; }

    public required CampaignStake Stake { get; init; }

    public string? RejectionComment { get; init; }

    public required string HoldoutSalt { get; init; }

    public double? LaunchedHoldoutShare { get; init; }

    public DateTime? LaunchedAt { get; init; }

    /// <summary>What the editor holds that is not all valid yet; null when the rules say it all.</summary>
    public string? EditorJson { get; init; }

    /// <summary>The editor's step at which it was left.</summary>
    public string? EditorStep { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    internal static CampaignView Of(Campaign campaign) => new()
    {
        Id = campaign.Id,
        Name = campaign.Name,
        Note = campaign.Note,
        Tags = TagsOf(campaign.Tags),
        Status = campaign.Status,
        Origin = campaign.Origin,
        Version = campaign.Version,
        Rules = RulesJson.Read(campaign.RulesJson),
        BudgetMinor = campaign.BudgetMinor,
        DiscountSpentMinor = campaign.DiscountSpentMinor,
        StartsAt = campaign.StartsAt,
        EndsAt = campaign.EndsAt,
        OwnerName = campaign.OwnerName,
        Stake = StakeOf(campaign),
        RejectionComment = campaign.RejectionComment,
        HoldoutSalt = campaign.HoldoutSalt,
        LaunchedHoldoutShare = campaign.LaunchedHoldoutShare,
        LaunchedAt = campaign.LaunchedAt,
        EditorJson = campaign.EditorJson,
        EditorStep = campaign.EditorStep,
        CreatedAt = campaign.CreatedAt,
        UpdatedAt = campaign.UpdatedAt,
    };

    internal static IReadOnlyList<string> TagsOf(string tags) => tags.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal static CampaignStake StakeOf(Campaign campaign) => new(campaign.OwnerId, campaign.SubmittedById, campaign.LastEditedById);
}
