namespace CampaignManager.Web.Shared.Runs;

/// <summary>Marks the texts of job pages.</summary>
public sealed class JobTexts;
