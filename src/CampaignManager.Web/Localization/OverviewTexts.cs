namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of overview pages.</summary>
public sealed class OverviewTexts;
