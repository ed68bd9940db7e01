namespace CampaignManager.Web.Campaigns.Results;

/// <summary>Marks the texts of results.</summary>
public sealed class ResultTexts;
