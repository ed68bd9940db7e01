using CampaignManager.Application.Accounts;

namespace CampaignManager.Application.Campaigns;

/// <summary>A change of a draft: over which version, what it makes of the campaign, and what the log says of it.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="ExpectedVersion">The version that who asks has seen.</param>
/// <param name="Make">The draft after it, from the campaign as it is.</param>
/// <param name="ActivityCode">What the log calls it.</param>
/// <param name="Actor">Who asks.</param>
internal sealed record DraftChange(Guid Id, int ExpectedVersion, Func<Campaign, CampaignDraft> Make, string ActivityCode, Actor Actor)
{
    /// <summary>What the log adds; null for the new version's number when the rules change.</summary>
    public string? Detail { get; init; }

    /// <summary>Why, kept with the version that it makes.</summary>
    public string? Reason { get; init; }

    /// <summary>What is unfinished in the editor; null takes away what was.</summary>
    public EditorNote? Editor { get; init; }
}
