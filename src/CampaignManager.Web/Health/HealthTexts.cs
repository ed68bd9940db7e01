namespace CampaignManager.Web.Health;

/// <summary>Marks the texts of the page Health and logs.</summary>
public sealed class HealthTexts;
