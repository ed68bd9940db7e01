namespace CampaignManager.Web.Overview;

/// <summary>Marks the texts of overview pages.</summary>
public sealed class OverviewTexts;
