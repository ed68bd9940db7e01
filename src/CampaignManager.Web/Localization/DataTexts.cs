namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of data pages.</summary>
public sealed class DataTexts;
