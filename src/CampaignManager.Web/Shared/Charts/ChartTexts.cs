namespace CampaignManager.Web.Shared.Charts;

/// <summary>Marks the texts of chart pages.</summary>
public sealed class ChartTexts;
