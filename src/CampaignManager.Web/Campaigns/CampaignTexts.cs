namespace CampaignManager.Web.Campaigns;

/// <summary>Marks the texts of campaign pages.</summary>
public sealed class CampaignTexts;
