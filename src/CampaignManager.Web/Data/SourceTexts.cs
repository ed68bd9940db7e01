namespace CampaignManager.Web.Data;

/// <summary>Marks the texts of data pages.</summary>
public sealed class SourceTexts;
