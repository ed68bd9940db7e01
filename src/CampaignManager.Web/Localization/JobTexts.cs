namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of job pages.</summary>
public sealed class JobTexts;
