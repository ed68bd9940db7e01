namespace CampaignManager.Web.Shared.Runs;

/// <summary>Marks the sentences that jobs write into logs and failures.</summary>
public sealed class JobSentenceTexts;
