namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of campaign pages.</summary>
public sealed class CampaignTexts;
