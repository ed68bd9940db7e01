namespace CampaignManager.Web.Jobs;

/// <summary>Marks the sentences that jobs write into logs and failures.</summary>
public sealed class JobSentenceTexts;
