namespace CampaignManager.Web.Campaigns;

/// <summary>Marks the texts of the import and export of campaigns.</summary>
public sealed class CampaignTransferTexts;
