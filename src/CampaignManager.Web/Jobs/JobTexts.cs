namespace CampaignManager.Web.Jobs;

/// <summary>Marks the texts of job pages.</summary>
public sealed class JobTexts;
