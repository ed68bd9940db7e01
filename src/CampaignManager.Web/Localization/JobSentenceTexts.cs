namespace CampaignManager.Web.Localization;

/// <summary>Marks the sentences that jobs write into logs and failures.</summary>
public sealed class JobSentenceTexts;
