namespace CampaignManager.Web.Audiences;

/// <summary>Marks the texts of the audiences page.</summary>
public sealed class AudienceTexts;
