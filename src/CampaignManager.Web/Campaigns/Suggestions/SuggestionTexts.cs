namespace CampaignManager.Web.Campaigns.Suggestions;

/// <summary>Marks the texts of suggestion pages.</summary>
public sealed class SuggestionTexts;
