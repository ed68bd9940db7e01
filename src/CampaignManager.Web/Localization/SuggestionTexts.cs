namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of suggestion pages.</summary>
public sealed class SuggestionTexts;
